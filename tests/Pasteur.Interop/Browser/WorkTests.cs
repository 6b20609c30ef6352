using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Pasteur.Interop.Support;
using static Microsoft.Playwright.Assertions;

namespace Pasteur.Interop.Browser;

/// <summary>A site that asks for work before a paste: the browser does it beside the page, and the person is told.</summary>
[Collection(BrowserTests.Name)]
public sealed class WorkTests(BrowserFixture browser) : IAsyncLifetime
{
    private PasteurProcess _site = null!;

    public async ValueTask InitializeAsync() => _site = await PasteurProcess.ServeAsync("--no-data", "--challenge", "on", "--admin-token", "canary-of-the-administrator");

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_browser_works_while_somebody_types_and_the_paste_is_taken(bool isEncrypted)
    {
        await using var visitor = await ComeAsync();
        var page = visitor.Page;
        var questions = 0;
        page.Request += (_, request) => questions += request.Url.EndsWith("/api/v1/challenge", StringComparison.Ordinal) ? 1 : 0;
        await page.GotoAsync("/");
        Assert.Equal(0, questions); // whoever only looks does no work
        await page.GetByLabel("Encrypt").SetCheckedAsync(isEncrypted);
        await page.GetByLabel("Your paste").PressSequentiallyAsync("typed by hand");
        await page.Keyboard.PressAsync("Control+Enter");

        await Expect(page.Locator("pre")).ToHaveTextAsync("typed by hand");
        Assert.Equal(1, questions);
    }

    [Fact]
    public async Task What_it_waits_for_is_said_and_a_second_paste_works_anew()
    {
        await using var visitor = await ComeAsync();
        var page = visitor.Page;
        var release = new TaskCompletionSource();
        await page.RouteAsync("**/api/v1/challenge", async route =>
        {
            await release.Task;
            await route.ContinueAsync();
        });
        await page.GotoAsync("/");
        await page.GetByLabel("Your paste").FillAsync("one");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Your browser does the work that this site asks for before a paste.");
        release.SetResult();
        await Expect(page.Locator("pre")).ToHaveTextAsync("one");

        await page.GetByRole(AriaRole.Link, new() { Name = "New", Exact = true }).ClickAsync();
        await page.GetByLabel("Your paste").FillAsync("two");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.Locator("pre")).ToHaveTextAsync("two");
    }

    [Fact]
    public async Task Work_that_the_site_does_not_know_any_more_is_done_once_more()
    {
        await using var visitor = await ComeAsync();
        var page = visitor.Page;
        await page.GotoAsync("/");
        await page.RouteAsync("**/api/v1/challenge", route => route.FulfillAsync(new()
        {
            ContentType = "application/json", Body = "{\"challenge\":\"" + new string('A', 64) + "\",\"bits\":8,\"seconds\":600}",
        }), new() { Times = 1 });
        await page.GetByLabel("Your paste").FillAsync("after a restart");
        await page.Keyboard.PressAsync("Control+Enter");

        await Expect(page.Locator("pre")).ToHaveTextAsync("after a restart");
    }

    [Fact]
    public async Task When_it_cannot_be_done_the_text_stays_and_it_can_be_tried_again()
    {
        await using var visitor = await ComeAsync();
        var page = visitor.Page;
        await page.GotoAsync("/");
        await page.RouteAsync("**/api/v1/challenge", route => route.AbortAsync());
        await page.GetByLabel("Your paste").FillAsync("precious");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Your browser could not do the work");
        await Expect(page.GetByLabel("Your paste")).ToHaveValueAsync("precious");
        await page.UnrouteAsync("**/api/v1/challenge");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.Locator("pre")).ToHaveTextAsync("precious");
    }

    [Fact]
    public async Task Without_JavaScript_it_says_what_to_do_and_takes_no_text_in_vain()
    {
        await using var visitor = await browser.ComeAsync(withJavaScript: false, site: _site.Http.BaseAddress);
        var page = visitor.Page;
        await page.GotoAsync("/");

        await Expect(page.Locator(".note")).ToContainTextAsync("that takes JavaScript. Without it: paste from a terminal. pasteur put does the work by itself");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Paste" })).ToBeDisabledAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "how to" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Work before a paste" })).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 320, true)]
    [InlineData(ColorScheme.Dark, 1200, true)]
    [InlineData(ColorScheme.Light, 320, false)]
    public async Task No_page_of_it_has_an_accessibility_fault_or_is_wider_than_the_window(ColorScheme scheme, int width, bool withJavaScript)
    {
        await using var visitor = await browser.ComeAsync(withJavaScript, width, scheme, _site.Http.BaseAddress);
        var page = visitor.Page;
        foreach (var path in (string[])["/", "/?lang=fr", "/api", "/api?lang=fr", "/about"])
        {
            await page.GotoAsync(path);
            // Without JavaScript axe cannot run either: what it would see is the noscript.
            if (withJavaScript) Assert.Empty(await LookTests.FaultsAsync(page));
            var box = await page.Locator("html").BoundingBoxAsync();
            Assert.InRange(box!.Width, 0, width);
        }
        if (!withJavaScript) return;
        // Before the first letter: with it the work begins.
        await page.RouteAsync("**/assets/work.*", route => Task.CompletedTask);
        await page.GotoAsync("/");
        await page.GetByLabel("Your paste").FillAsync("x");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync(new Regex("does the work"));
        Assert.Empty(await LookTests.FaultsAsync(page));
    }

    private Task<Visitor> ComeAsync() => browser.ComeAsync(site: _site.Http.BaseAddress);
}
