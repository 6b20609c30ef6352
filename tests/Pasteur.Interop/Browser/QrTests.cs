using Microsoft.Playwright;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Pasteur.Interop.Browser;

/// <summary>The code that a telephone reads, as a telephone reads it: from the screen, by zbar.</summary>
[Collection(BrowserTests.Name)]
public sealed class QrTests(BrowserFixture browser)
{
    [Theory]
    [InlineData(ColorScheme.Light, 1200)]
    [InlineData(ColorScheme.Dark, 320)]
    public async Task The_code_of_a_plain_paste_is_its_link_with_the_lines_chosen(ColorScheme scheme, int width)
    {
        var paste = await browser.PasteLinesAsync(20);
        await using var visitor = await browser.ComeAsync(scheme: scheme, width: width);
        var page = visitor.Page;
        await page.GotoAsync(paste + "?ln=true");
        var button = page.GetByRole(AriaRole.Button, new() { Name = "QR" });
        await Expect(button).ToHaveAttributeAsync("aria-expanded", "false");
        Assert.DoesNotContain("/qr.", visitor.Sent, StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Link, new() { Name = "3", Exact = true }).ClickAsync();
        await button.ClickAsync();
        await Expect(button).ToHaveAttributeAsync("aria-expanded", "true");
        Assert.Equal(page.Url, await ReadAsync(page));
        Assert.EndsWith("?ln=true#L3", page.Url, StringComparison.Ordinal);
        var box = await Code(page).BoundingBoxAsync();
        Assert.InRange(box!.Width, 150, 260);
        Assert.InRange(box.Y + box.Height, 0, 800);
        Assert.Empty(await LookTests.FaultsAsync(page));
        Assert.InRange(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 0, width);

        await button.ClickAsync();
        await Expect(Code(page)).ToHaveCountAsync(0);
        await Expect(button).ToHaveAttributeAsync("aria-expanded", "false");
        await page.GetByRole(AriaRole.Link, new() { Name = "7", Exact = true }).ClickAsync();
        await button.ClickAsync();
        Assert.EndsWith("#L7", await ReadAsync(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_code_of_an_encrypted_paste_has_the_key_which_goes_nowhere()
    {
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        var link = await Sealing.PasteAsync(page, "secret");
        await page.GetByRole(AriaRole.Button, new() { Name = "QR" }).ClickAsync();
        Assert.Equal(link, await ReadAsync(page));
        Assert.DoesNotContain(link.Split('#')[1], visitor.Sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_that_cannot_be_is_said()
    {
        var paste = await browser.PasteAsync("a.txt", "x");
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await page.GotoAsync($"{paste}?x={new string('x', 2000)}");
        await page.GetByRole(AriaRole.Button, new() { Name = "QR" }).ClickAsync();
        await Expect(page.GetByText("There is no QR code: the link is too long")).ToBeVisibleAsync();
        await page.RouteAsync("**/qr.*", route => route.AbortAsync());
        await page.GotoAsync(paste);
        await page.GetByRole(AriaRole.Button, new() { Name = "QR" }).ClickAsync();
        await Expect(page.GetByText("or the site cannot be reached")).ToBeVisibleAsync();
    }

    private static ILocator Code(IPage page) => page.GetByRole(AriaRole.Img, new() { Name = "QR code of the link" });

    private static async Task<string> ReadAsync(IPage page)
    {
        using var folder = new TemporaryFolder();
        await Code(page).ScreenshotAsync(new() { Path = folder["code.png"] });
        var read = await Tool.RunAsync("zbarimg", ["--quiet", "--raw", folder["code.png"]]);
        Assert.True(read.ExitCode == 0, read.Errors);
        return read.Text.TrimEnd('\n');
    }
}
