using System.Text;
using Pasteur.Interop.Client;
using static Microsoft.Playwright.Assertions;

namespace Pasteur.Interop.Browser;

/// <summary>What the browser seals the terminal opens, and the other way round.</summary>
[Collection(BrowserTests.Name)]
public sealed class BothWaysTests(BrowserFixture browser)
{
    private const string Text = "naïve <b>text</b>\n\twith tabs, \"quotes\" and 文字";

    // The second has a combining accent: both sides must compose it before the key is derived.
    [Theory]
    [InlineData("")]
    [InlineData("cafe\u0301 au lait")]
    public async Task Sealed_in_the_browser_opened_in_the_terminal(string passphrase)
    {
        await using var visitor = await browser.ComeAsync();
        var link = await Sealing.PasteAsync(visitor.Page, Text, passphrase);
        Assert.Equal(Text, Encoding.UTF8.GetString(await ClientSite.GetBytesAsync(link, ("PASTEUR_PASSPHRASE", passphrase))));
    }

    [Fact]
    public async Task Files_sealed_in_the_browser_are_saved_under_their_names_byte_for_byte()
    {
        byte[] bytes = [.. Enumerable.Range(0, 3000).Select(i => (byte)(i * 31 % 253))];
        await using var visitor = await browser.ComeAsync();
        var link = await Sealing.PasteAsync(visitor.Page, "", file: [Sealing.File("é.bin", bytes), Sealing.File("b.txt", "two\r\n"u8.ToArray())]);
        using var folder = new Pasteur.Tests.Support.TemporaryFolder();
        var result = await ClientSite.RunAsync(["get", link, "-o", folder["out"]]);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(folder["out/é.bin"], TestContext.Current.CancellationToken));
        Assert.Equal("two\r\n"u8.ToArray(), await File.ReadAllBytesAsync(folder["out/b.txt"], TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("")]
    [InlineData("café au lait")]
    public async Task Sealed_in_the_terminal_opened_in_the_browser(string passphrase)
    {
        var put = await ClientSite.RunAsync(["put", "-e", "-n", "note.py", "-l", "python"], Encoding.UTF8.GetBytes(Text), ("PASTEUR_SERVER", browser.Address.AbsoluteUri), ("PASTEUR_PASSPHRASE", passphrase));
        Assert.True(put.ExitCode == 0, put.Errors);
        await using var visitor = await browser.ComeAsync();
        await visitor.Page.GotoAsync(put.Text.TrimEnd('\n'));
        if (passphrase.Length > 0)
        {
            await visitor.Page.GetByLabel("Passphrase").FillAsync("cafe\u0301 au lait");
            await visitor.Page.Keyboard.PressAsync("Enter");
        }
        await Expect(visitor.Page.Locator("pre")).ToHaveTextAsync(Text, new() { UseInnerText = false });
        await Expect(visitor.Page.Locator("#language")).ToHaveTextAsync("Python");
    }
}
