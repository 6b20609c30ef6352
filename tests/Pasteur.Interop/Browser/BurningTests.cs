using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Pasteur.Interop.Browser;

/// <summary>Pastes that are burnt after reading, by the form, with JavaScript and without.</summary>
[Collection(BrowserTests.Name)]
public sealed class BurningTests(BrowserFixture browser)
{
    private const string Canary = "canary-60aa-burns-in-the-browser";

    [Theory]
    [InlineData("")]
    [InlineData("correct horse")]
    public async Task Encrypted_it_opens_with_the_whole_link_and_a_press_of_the_button_once(string passphrase)
    {
        await using var author = await browser.ComeAsync();
        var link = await PasteAsync(author.Page, Canary, "1", passphrase);
        await Expect(author.Page.GetByRole(AriaRole.Heading, new() { Name = "It can be opened once" })).ToBeVisibleAsync();
        await Expect(author.Page.GetByRole(AriaRole.Button, new() { Name = "Copy link" })).ToBeVisibleAsync();
        var key = link.Split('#')[1];

        await using var reader = await browser.ComeAsync(width: 320);
        var page = reader.Page;
        await page.GotoAsync(link.Split('#')[0]);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "The link is not complete" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Open it" })).ToBeHiddenAsync();
        // Somebody who knows the id alone: with a key of their own.
        await page.GotoAsync("about:blank");
        await page.GotoAsync($"{link.Split('#')[0]}#{new string('A', 43)}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Open it" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Not this key" })).ToBeVisibleAsync();

        await page.GotoAsync("about:blank");
        await page.GotoAsync(link);
        await page.GetByRole(AriaRole.Button, new() { Name = "Open it" }).ClickAsync();
        if (passphrase.Length > 0)
        {
            // A slip burns nothing more: the bytes are here.
            foreach (var given in (string[])["wrong", passphrase])
            {
                await page.GetByLabel("Passphrase").FillAsync(given);
                await page.GetByRole(AriaRole.Button, new() { Name = "Open", Exact = true }).ClickAsync();
                if (given == "wrong") await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "It does not open" })).ToBeVisibleAsync();
            }
        }
        await Expect(page.Locator(".opened pre")).ToHaveTextAsync(Canary);
        await Expect(page.GetByText("It is burnt now.")).ToBeVisibleAsync();
        foreach (var gone in (string[])["Copy link", "QR", "Report", "Delete"]) await Expect(page.GetByText(gone, new() { Exact = true })).ToBeHiddenAsync();
        Assert.DoesNotContain(key, reader.Sent, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, author.Sent + reader.Sent, StringComparison.Ordinal);

        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Read and burnt" })).ToBeVisibleAsync();
        Assert.Equal(HttpStatusCode.Gone, (await browser.Site.GetAsync(new Uri(link).AbsolutePath)).StatusCode);
    }

    [Fact]
    public async Task Whoever_comes_second_while_the_page_still_asks_is_told_that_it_was_read()
    {
        await using var author = await browser.ComeAsync();
        var link = await PasteAsync(author.Page, Canary, "1");
        await using var first = await browser.ComeAsync();
        await using var second = await browser.ComeAsync();
        await first.Page.GotoAsync(link);
        await second.Page.GotoAsync(link);
        await first.Page.GetByRole(AriaRole.Button, new() { Name = "Open it" }).ClickAsync();
        await Expect(first.Page.Locator(".opened pre")).ToHaveTextAsync(Canary);
        await second.Page.GetByRole(AriaRole.Button, new() { Name = "Open it" }).ClickAsync();
        await Expect(second.Page.GetByRole(AriaRole.Heading, new() { Name = "Read and burnt" })).ToBeVisibleAsync();
        Assert.Equal(0, await second.Page.GetByText(Canary).CountAsync());
    }

    [Fact]
    public async Task In_clear_and_without_JavaScript_a_button_opens_it()
    {
        await using var visitor = await browser.ComeAsync(withJavaScript: false);
        var page = visitor.Page;
        await page.GotoAsync("/");
        await page.GetByLabel("Your paste").FillAsync(Canary);
        await page.GetByLabel("Readable").SelectOptionAsync("2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Paste" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "It can be opened 2 times" })).ToBeVisibleAsync();
        var address = page.Url;
        await page.ReloadAsync();
        foreach (var said in (string[])["It can be opened once more.", "It is burnt now."])
        {
            await page.GotoAsync(address);
            await page.GetByRole(AriaRole.Button, new() { Name = "Open it" }).ClickAsync();
            await Expect(page.Locator("pre")).ToHaveTextAsync(Canary);
            await Expect(page.GetByText(said)).ToBeVisibleAsync();
        }
        await page.GotoAsync(page.Url);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Read and burnt" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task In_clear_with_JavaScript_it_is_coloured_copied_and_saved_from_the_page_that_opened_it()
    {
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await page.GotoAsync("/");
        await page.GetByLabel("Encrypt").UncheckAsync();
        await page.GetByLabel("Your paste").FillAsync("let x = \"" + Canary + "\"\n");
        await page.GetByLabel("Language").SelectOptionAsync("ocaml");
        await page.GetByLabel("Readable").SelectOptionAsync("1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Paste" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Open it" }).ClickAsync();
        await Expect(page.Locator(".hljs-keyword").First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy", Exact = true }).ClickAsync();
        Assert.Equal("let x = \"" + Canary + "\"\n", await page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        var saved = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download" }).ClickAsync());
        Assert.Equal(("paste.ml", "let x = \"" + Canary + "\"\n"), (saved.SuggestedFilename, await File.ReadAllTextAsync(await saved.PathAsync(), TestContext.Current.CancellationToken)));
        foreach (var gone in (string[])["Raw", "Numbers", "Use as new", "Edit", "Report"]) await Expect(page.GetByRole(AriaRole.Link, new() { Name = gone })).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Its_author_deletes_it_unread()
    {
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        var link = await PasteAsync(page, Canary, "1");
        await page.GetByRole(AriaRole.Link, new() { Name = "Delete" }).ClickAsync();
        await Expect(page.GetByLabel("Token")).Not.ToHaveValueAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete for good" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Deleted" })).ToBeVisibleAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Site.GetAsync(new Uri(link).AbsolutePath)).StatusCode);
    }

    internal static async Task<string> PasteAsync(IPage page, string text, string reads, string passphrase = "")
    {
        await page.GotoAsync("/");
        await page.GetByLabel("Your paste").FillAsync(text);
        await page.GetByLabel("Readable").SelectOptionAsync(reads);
        await page.GetByLabel("Passphrase").FillAsync(passphrase);
        await page.GetByRole(AriaRole.Button, new() { Name = "Paste" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/[0-9a-z]{10}#[\\w-]{43}$"), new() { Timeout = 20_000 });
        return page.Url;
    }
}
