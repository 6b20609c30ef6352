using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Pasteur.Interop.Browser;

[Collection(BrowserTests.Name)]
public sealed class WithoutJavaScriptTests(BrowserFixture browser)
{
    [Fact]
    public async Task Text_is_pasted_seen_and_read_back_raw()
    {
        const string text = "\n\n<b>\"first\" & last</b>\n\ttab\né 雪 🙂";
        await using var visitor = await browser.ComeAsync(withJavaScript: false);
        var page = visitor.Page;
        await page.GotoAsync("/");
        await page.GetByLabel("Your paste").FillAsync(text);
        await page.GetByLabel("Name").FillAsync("Ada <Lovelace>");
        await page.GetByLabel("Comment").FillAsync("first & light");
        await page.GetByLabel("Language").SelectOptionAsync("html");
        await page.GetByRole(AriaRole.Button, new() { Name = "Paste" }).ClickAsync();

        await Expect(page.Locator("pre")).ToHaveTextAsync(text, new() { UseInnerText = false });
        Assert.Equal(text, await page.Locator("pre").TextContentAsync());
        await Expect(page.GetByText("first & light")).ToBeVisibleAsync();
        await Expect(page.GetByText("HTML", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(page.Locator(".meta")).ToContainTextAsync("Ada <Lovelace>");

        var raw = await page.RunAndWaitForResponseAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Raw" }).ClickAsync(), r => r.Url.Contains("/raw/"));
        Assert.Equal(text, await raw.TextAsync());
    }

    [Fact]
    public async Task Line_numbers_are_asked_for_in_the_form_and_each_is_a_link_to_its_line()
    {
        await using var visitor = await browser.ComeAsync(withJavaScript: false);
        var page = visitor.Page;
        await page.GotoAsync("/");
        await page.GetByLabel("Your paste").FillAsync("one\ntwo\nthree\n");
        await page.GetByLabel("Line numbers").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Paste" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "2", Exact = true }).ClickAsync();

        Assert.EndsWith("?ln=true#L2", page.Url, StringComparison.Ordinal);
        Assert.NotEqual(await BackgroundAsync(page, "L1"), await BackgroundAsync(page, "L2"));
        await page.GetByRole(AriaRole.Link, new() { Name = "Plain", Exact = true }).ClickAsync();
        await Expect(page.Locator("pre")).ToHaveTextAsync("one\ntwo\nthree\n");
        await Expect(page.Locator("pre a")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Raw_in_the_form_leads_to_the_bare_text()
    {
        await using var visitor = await browser.ComeAsync(withJavaScript: false);
        var page = visitor.Page;
        await page.GotoAsync("/");
        await page.GetByLabel("Your paste").FillAsync("<h1>bare</h1>");
        await page.GetByLabel("Raw").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Paste" }).ClickAsync();
        await Expect(page.Locator("body")).ToHaveTextAsync("<h1>bare</h1>");
    }

    [Fact]
    public async Task Several_files_make_one_page_with_a_section_and_an_anchor_each()
    {
        await using var visitor = await browser.ComeAsync(withJavaScript: false);
        var page = visitor.Page;
        await page.GotoAsync("/");
        await page.GetByLabel("Files").SetInputFilesAsync(new FilePayload[]
        {
            new() { Name = "ring.c", MimeType = "text/x-c", Buffer = "int r;\n"u8.ToArray() },
            new() { Name = "core.bin", MimeType = "text/html", Buffer = [0, 1, 2, 255] },
        });
        await page.GetByRole(AriaRole.Button, new() { Name = "Paste" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("2 files");
        await page.GetByRole(AriaRole.Link, new() { Name = "core.bin", Exact = true }).ClickAsync();
        Assert.EndsWith("#F2", page.Url, StringComparison.Ordinal);
        await Expect(page.Locator("#F1 pre")).ToHaveTextAsync("int r;\n");
        await Expect(page.Locator("#F2")).ToContainTextAsync("download core.bin");
    }

    [Fact]
    public async Task Lines_wrap_when_the_reader_wants_it()
    {
        var paste = await browser.PasteAsync("long.txt", new string('x', 5000));
        await using var visitor = await browser.ComeAsync(withJavaScript: false);
        foreach (var query in new[] { "", "?ln=true" })
        {
            await visitor.Page.GotoAsync(paste + query);
            var sheet = visitor.Page.Locator(".sheet");
            Assert.True(await IsWiderThanItselfAsync(sheet));
            await visitor.Page.GetByLabel("Wrap").CheckAsync();
            Assert.False(await IsWiderThanItselfAsync(sheet));
        }
    }

    [Fact]
    public async Task A_refused_paste_is_still_in_the_form()
    {
        var text = "<i>" + new string('y', 70_000);
        await using var visitor = await browser.ComeAsync(withJavaScript: false);
        var page = visitor.Page;
        await page.GotoAsync("/");
        await page.GetByLabel("Your paste").FillAsync(text);
        await page.GetByLabel("Comment").FillAsync("far too long");
        var answer = await page.RunAndWaitForResponseAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Paste" }).ClickAsync(), r => r.Request.Method == "POST");
        Assert.Equal(413, answer.Status);
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("at most 64 KiB");
        await Expect(page.GetByLabel("Your paste")).ToHaveValueAsync(text);
        await Expect(page.GetByLabel("Comment")).ToHaveValueAsync("far too long");
    }

    [Fact]
    public async Task What_was_too_large_even_to_be_read_is_still_in_the_form_one_page_back()
    {
        var text = new string('z', 400_000);
        await using var visitor = await browser.ComeAsync(withJavaScript: false);
        var page = visitor.Page;
        await page.GotoAsync("/");
        await page.GetByLabel("Your paste").FillAsync(text);
        await page.GetByRole(AriaRole.Button, new() { Name = "Paste" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Too large");
        await page.GoBackAsync();
        await Expect(page.GetByLabel("Your paste")).ToHaveValueAsync(text);
    }

    [Fact]
    public async Task A_paste_is_the_start_of_a_new_one()
    {
        var paste = await browser.PasteAsync("a.ml", "\n</textarea><script>alert(1)</script>\n");
        await using var visitor = await browser.ComeAsync(withJavaScript: false);
        await visitor.Page.GotoAsync(paste);
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Use as new" }).ClickAsync();
        await Expect(visitor.Page.GetByLabel("Your paste")).ToHaveValueAsync("\n</textarea><script>alert(1)</script>\n");
    }

    private static Task<string> BackgroundAsync(IPage page, string id) =>
        page.Locator($"#{id}").EvaluateAsync<string>("line => getComputedStyle(line).backgroundColor");

    private static Task<bool> IsWiderThanItselfAsync(ILocator sheet) => sheet.EvaluateAsync<bool>("sheet => sheet.scrollWidth > sheet.clientWidth");
}
