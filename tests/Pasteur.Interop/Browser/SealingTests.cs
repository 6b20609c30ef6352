using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Pasteur.Interop.Support;
using static Microsoft.Playwright.Assertions;

namespace Pasteur.Interop.Browser;

/// <summary>The form encrypts: what leaves the browser, and what stays.</summary>
[Collection(BrowserTests.Name)]
public sealed class SealingTests(BrowserFixture browser)
{
    private const string Canary = "canary <b>é</b>\n\tsecond line";

    [Fact]
    public async Task What_is_pasted_is_read_by_link_in_another_browser_and_by_nobody_between()
    {
        await using var writer = await browser.ComeAsync();
        var link = await Sealing.PasteAsync(writer.Page, Canary);
        Assert.Matches("/[0-9a-z]{10}#[A-Za-z0-9_-]{43}$", link);
        await using var reader = await browser.ComeAsync();
        await reader.Page.GotoAsync(link);
        await Expect(reader.Page.Locator("pre")).ToHaveTextAsync(Canary, new() { UseInnerText = false });
        Assert.Equal(Canary, await reader.Page.Locator("pre").TextContentAsync());

        var key = link.Split('#')[1];
        var log = string.Join('\n', browser.Site.Output.Concat(browser.Site.Errors));
        var stored = Encoding.Latin1.GetString(await browser.Site.Http.GetByteArrayAsync("raw" + new Uri(link).AbsolutePath, TestContext.Current.CancellationToken));
        // The browser's record leaves out the bodies of forms with files: what was sent is what is stored.
        Assert.StartsWith("PstrEnv\n", stored, StringComparison.Ordinal);
        foreach (var seen in new[] { writer.Sent, reader.Sent, log, stored })
        {
            Assert.DoesNotContain(key[..12], seen, StringComparison.Ordinal);
            Assert.DoesNotContain("canary", seen, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_passphrase_is_asked_for_and_never_sent()
    {
        await using var writer = await browser.ComeAsync();
        var link = await Sealing.PasteAsync(writer.Page, Canary, "correct horse");
        await using var reader = await browser.ComeAsync();
        var page = reader.Page;
        await page.GotoAsync(link);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "This paste has a passphrase" })).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Passphrase")).ToBeFocusedAsync();
        await page.GetByLabel("Passphrase").FillAsync("correct hors");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#sealed")).ToContainTextAsync("The passphrase or the key in the link is wrong");
        await page.GetByLabel("Passphrase").FillAsync("correct horse");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("pre")).ToHaveTextAsync(Canary, new() { UseInnerText = false });
        Assert.DoesNotContain("correct", writer.Sent + reader.Sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Name_and_comment_stay_readable_and_the_language_is_inside()
    {
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await page.GotoAsync("/");
        await page.GetByLabel("Your paste").FillAsync("let x = 1");
        await page.GetByLabel("Language").SelectOptionAsync("ocaml");
        await page.GetByLabel("Line numbers").CheckAsync();
        await page.GetByLabel("Name").FillAsync("Ada");
        await page.GetByLabel("Comment").FillAsync("for you");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("paste.ml");
        await Expect(page.Locator("#language")).ToHaveTextAsync("OCaml");
        await Expect(page.Locator(".numbered #L1")).ToHaveTextAsync("1let x = 1");
        await Expect(page.GetByText("for you")).ToBeVisibleAsync();
        Assert.Contains("?ln=true#", page.Url, StringComparison.Ordinal);
        var json = await browser.Site.Http.GetStringAsync("api/v1/pastes" + new Uri(page.Url).AbsolutePath, TestContext.Current.CancellationToken);
        Assert.Contains("\"author\":\"Ada\"", json, StringComparison.Ordinal);
        Assert.DoesNotContain("ocaml", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_megabyte_and_more_that_packs_well_makes_the_way_there_and_back()
    {
        await using var site = await PasteurProcess.ServeAsync("--no-data");
        var text = string.Concat(Enumerable.Range(0, 60_000).Select(n => $"line {n * 7919L % 100_003} of the log\n"));
        Assert.True(text.Length > 1 << 20);
        await using var visitor = await browser.ComeAsync(site: site.Http.BaseAddress);
        await Sealing.PasteAsync(visitor.Page, "", file: Sealing.File("big.log", Encoding.UTF8.GetBytes(text)));
        await Expect(visitor.Page.Locator(".note")).ToContainTextAsync("of 1.3 MiB are shown");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Copy", Exact = true }).ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Copied" })).ToBeVisibleAsync();
        Assert.Equal(text, await visitor.Page.EvaluateAsync<string>("navigator.clipboard.readText()"));
    }

    [Fact]
    public async Task What_is_too_large_even_packed_is_said_and_stays()
    {
        var noise = new byte[70_000];
        new Random(1).NextBytes(noise);
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await page.GotoAsync("/");
        await page.GetByLabel("Your paste").FillAsync(Convert.ToBase64String(noise));
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("at most 64 KiB");
        await Expect(page.GetByLabel("Your paste")).ToHaveValueAsync(Convert.ToBase64String(noise));
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Paste" })).ToBeEnabledAsync();
        Assert.DoesNotContain("paste.pasteur", visitor.Sent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("away", "The site cannot be reached. Your text is still here")]
    [InlineData("refuses", "The site takes no pastes at the moment. Nothing was stored. Your text is still here.")]
    [InlineData("proxy", "The site answered with status 502. Your text is still here.")]
    [InlineData("portal", "The site answered with status 200. Your text is still here.")]
    [InlineData("undecided", "its address is http://x/abc#")]
    [InlineData("no script", "It could not be encrypted here. Your text is still here")]
    public async Task An_error_loses_no_text(string fault, string said)
    {
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await page.GotoAsync("/");
        await page.GetByLabel("Your paste").FillAsync(Canary);
        await page.RouteAsync(new Regex(fault == "no script" ? "/assets/seal\\." : "/\\?lang=en$"), route => fault switch
        {
            "refuses" => route.FulfillAsync(Answer(503, "The site takes no pastes at the moment. Nothing was stored.")),
            "undecided" => route.FulfillAsync(Answer(504, "It may or may not be kept. If it is, its address is http://x/abc")),
            "proxy" => route.FulfillAsync(new() { Status = 502, Body = "<h1>Bad gateway</h1>" }),
            "portal" => route.FulfillAsync(new() { Status = 200, Body = "<h1>Welcome to our network</h1>" }),
            _ => route.AbortAsync(),
        });
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync(said);
        await Expect(page.GetByLabel("Your paste")).ToHaveValueAsync(Canary);
        await page.UnrouteAllAsync();
        if (fault == "no script")
            return;
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.Locator("pre")).ToHaveTextAsync(Canary, new() { UseInnerText = false });
    }

    [Fact]
    public async Task The_box_is_on_until_somebody_turns_it_off_and_only_that_is_remembered()
    {
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await Sealing.PasteAsync(page, "x");
        Assert.Equal(0, await page.EvaluateAsync<int>("Object.keys(localStorage).filter(key => !key.startsWith('owner ')).length"));
        await page.GotoAsync("/");
        await page.GetByLabel("Encrypt").UncheckAsync();
        await Expect(page.GetByLabel("Passphrase")).ToBeHiddenAsync();
        await page.GotoAsync("/");
        await Expect(page.GetByLabel("Encrypt")).Not.ToBeCheckedAsync();
        await page.GetByLabel("Your paste").FillAsync("in clear");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.Locator("pre")).ToHaveTextAsync("in clear");
        Assert.DoesNotContain("#", page.Url, StringComparison.Ordinal);
        await page.GotoAsync("/");
        await page.GetByLabel("Encrypt").CheckAsync();
        Assert.Equal(0, await page.EvaluateAsync<int>("Object.keys(localStorage).filter(key => !key.startsWith('owner ')).length"));
    }

    [Fact]
    public async Task Where_browsers_lend_no_cryptography_the_box_is_off_and_says_why_and_pasting_works()
    {
        var named = new UriBuilder(browser.Address) { Host = BrowserFixture.NamedHost }.Uri;
        await using var visitor = await browser.ComeAsync(site: named);
        var page = visitor.Page;
        await page.GotoAsync("/");
        Assert.False(await page.EvaluateAsync<bool>("isSecureContext"));
        await Expect(page.GetByLabel("Encrypt")).Not.ToBeCheckedAsync();
        await Expect(page.GetByLabel("Encrypt")).ToBeDisabledAsync();
        await Expect(page.Locator("#sealing")).ToContainTextAsync("needs HTTPS");
        await page.GetByLabel("Your paste").FillAsync("in clear");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.Locator("pre")).ToHaveTextAsync("in clear");
    }

    [Fact]
    public async Task An_encrypted_paste_says_where_it_cannot_be_opened_and_why()
    {
        await using var writer = await browser.ComeAsync();
        var link = await Sealing.PasteAsync(writer.Page, Canary);
        var named = new UriBuilder(browser.Address) { Host = BrowserFixture.NamedHost }.Uri;
        await using (var reader = await browser.ComeAsync(site: named))
        {
            await reader.Page.GotoAsync(new UriBuilder(link) { Host = BrowserFixture.NamedHost }.Uri.ToString());
            await Expect(reader.Page.Locator("#sealed")).ToContainTextAsync("https://");
        }
        await using var plain = await browser.ComeAsync(withJavaScript: false);
        await plain.Page.GotoAsync(link);
        await Expect(plain.Page.Locator("#sealed")).ToContainTextAsync("JavaScript");
        await plain.Page.GotoAsync("/");
        await Expect(plain.Page.GetByLabel("Encrypt")).ToBeHiddenAsync();
        await plain.Page.GetByLabel("Your paste").FillAsync("in clear");
        await plain.Page.GetByRole(AriaRole.Button, new() { Name = "Paste" }).ClickAsync();
        await Expect(plain.Page.Locator("pre")).ToHaveTextAsync("in clear");
    }

    private static RouteFulfillOptions Answer(int status, string detail) =>
        new() { Status = status, ContentType = "application/problem+json", Body = $"{{\"detail\":\"{detail}\"}}" };
}
