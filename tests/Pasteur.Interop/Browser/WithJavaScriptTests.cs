using Microsoft.Playwright;
using Pasteur.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Pasteur.Interop.Browser;

[Collection(BrowserTests.Name)]
public sealed class WithJavaScriptTests(BrowserFixture browser)
{
    [Fact]
    public async Task Control_and_enter_paste()
    {
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await page.GotoAsync("/");
        await Expect(page.GetByLabel("Your paste")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("quick\nas that");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.Locator("pre")).ToHaveTextAsync("quick\nas that");
        await page.GoBackAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Paste" })).ToBeEnabledAsync();
    }

    [Fact]
    public async Task Files_dropped_anywhere_join_those_already_chosen()
    {
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await page.GotoAsync("/");
        await page.GetByLabel("Files").SetInputFilesAsync(new FilePayload { Name = "a.c", MimeType = "text/plain", Buffer = "int a;\n"u8.ToArray() });
        var dropped = await page.EvaluateHandleAsync("() => { const d = new DataTransfer(); d.items.add(new File(['int b;\\n'], 'b.c')); return d; }");
        await page.DispatchEventAsync("header", "drop", new { dataTransfer = dropped });
        await page.GetByRole(AriaRole.Button, new() { Name = "Paste" }).ClickAsync();
        await Expect(page.Locator("#F1 pre")).ToHaveTextAsync("int a;\n");
        await Expect(page.Locator("#F2 pre")).ToHaveTextAsync("int b;\n");
    }

    [Fact]
    public async Task A_folder_dropped_among_files_is_named_and_the_files_are_taken()
    {
        using var disk = new TemporaryFolder();
        Directory.CreateDirectory(disk["sources"]);
        await File.WriteAllTextAsync(disk["b.c"], "int b;\n", TestContext.Current.CancellationToken);
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await page.GotoAsync("/");
        await DropAsync(page, disk["sources"], disk["b.c"]);
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Added: b.c sources: a folder cannot be pasted. Add the files in it, or an archive.");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("b.c");
    }

    [Fact]
    public async Task What_is_empty_or_too_large_is_said_before_it_is_sent()
    {
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        var posts = 0;
        page.Request += (_, request) => posts += request.Method == "POST" ? 1 : 0;
        await page.GotoAsync("/");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("nothing to paste");
        await page.GetByLabel("Encrypt").UncheckAsync();
        await page.GetByLabel("Your paste").FillAsync(new string('é', 40_000));
        await Expect(page.GetByRole(AriaRole.Status)).ToBeEmptyAsync();
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("at most 64 KiB");
        Assert.Equal(0, posts);
    }

    [Fact]
    public async Task A_click_and_a_click_with_shift_choose_a_range_that_the_address_keeps()
    {
        var paste = await browser.PasteLinesAsync(300);
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await page.GotoAsync(paste + "?ln=true");
        await page.GetByRole(AriaRole.Link, new() { Name = "14", Exact = true }).ClickAsync();
        Assert.EndsWith("#L14", page.Url, StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Link, new() { Name = "10", Exact = true }).ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        Assert.EndsWith("#L10-L14", page.Url, StringComparison.Ordinal);
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Lines 10 to 14 are chosen: the address names them.");
        await Expect(page.Locator(".on")).ToHaveCountAsync(5);

        await page.GotoAsync("/about");
        await page.GotoAsync(paste + "?ln=true#L200-L203");
        await Expect(page.Locator(".on")).ToHaveCountAsync(4);
        await Expect(page.Locator("#L200")).ToBeInViewportAsync();
    }

    [Fact]
    public async Task A_link_to_a_line_leads_to_the_numbered_page()
    {
        var paste = await browser.PasteLinesAsync(20);
        await using var visitor = await browser.ComeAsync();
        await visitor.Page.GotoAsync(paste + "#L7");
        await visitor.Page.WaitForURLAsync("**?ln=true#L7");
        await Expect(visitor.Page.Locator("#L7")).ToHaveClassAsync("on");
    }

    [Theory]
    [InlineData("")]
    [InlineData("?ln=true")]
    public async Task Copying_gives_the_text_exactly(string query)
    {
        const string text = "\n\n  a <b> & \"c\"\r\nd\re\t\u202Ef\u202C\n\n  last";
        var paste = await browser.PasteAsync("odd.txt", text);
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await page.GotoAsync(paste + query);
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Copied" })).ToBeVisibleAsync();
        Assert.Equal(text, await page.EvaluateAsync<string>("navigator.clipboard.readText()"));
    }

    [Fact]
    public async Task Selected_text_has_no_line_numbers_in_it()
    {
        var paste = await browser.PasteAsync("a.txt", "one\n\n\tthree\n");
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await page.GotoAsync(paste + "?ln=true");
        await page.Locator("pre").EvaluateAsync("pre => getSelection().selectAllChildren(pre)");
        await page.Keyboard.PressAsync("Control+C");
        Assert.Equal("one\n\n\tthree", await page.EvaluateAsync<string>("navigator.clipboard.readText()"));
    }

    [Fact]
    public async Task The_link_that_is_copied_names_the_chosen_lines()
    {
        var paste = await browser.PasteLinesAsync(5);
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await page.GotoAsync(paste + "?ln=true#L2-L3");
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy link" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Copied" })).ToBeVisibleAsync();
        Assert.Equal(new Uri(browser.Address, paste + "?ln=true#L2-L3").ToString(), await page.EvaluateAsync<string>("navigator.clipboard.readText()"));
    }

    [Fact]
    public async Task Characters_that_turn_text_around_are_seen_and_turn_nothing()
    {
        // The first two letters are "ab" in memory; turned around, "b" would stand to the left.
        var paste = await browser.PasteAsync("a.c", "\u202Eab\n");
        await using var visitor = await browser.ComeAsync();
        await visitor.Page.GotoAsync(paste);
        await Expect(visitor.Page.Locator(".note")).ToContainTextAsync("change the direction");
        var lefts = await visitor.Page.Locator("pre").EvaluateAsync<double[]>(
            """
            pre => [0, 1].map(at => {
              const range = document.createRange();
              range.setStart(pre.lastChild, at);
              range.setEnd(pre.lastChild, at + 1);
              return range.getBoundingClientRect().left;
            })
            """);
        Assert.True(lefts[0] < lefts[1], $"a at {lefts[0]}, b at {lefts[1]}");
    }

    [Fact]
    public async Task Pasted_scripts_never_run()
    {
        const string attack = "</pre></textarea><script>window.hit=1</script><img src=x onerror=window.hit=1><svg onload=window.hit=1>";
        var paste = await browser.PasteAsync(("a.html", System.Text.Encoding.UTF8.GetBytes(attack)), (attack.Replace('/', '-') + ".svg", System.Text.Encoding.UTF8.GetBytes(attack)));
        await using var visitor = await browser.ComeAsync();
        foreach (var path in new[] { paste, paste + "?ln=true", paste + "/a.html", "/raw" + paste, "/?from=" + paste[1..], "/" + Uri.EscapeDataString(attack) })
        {
            await visitor.Page.GotoAsync(path);
            Assert.False(await visitor.Page.EvaluateAsync<bool>("'hit' in window"));
        }
    }

    /// <summary>As a file manager does it: with paths, which no page can make up.</summary>
    private static async Task DropAsync(IPage page, params string[] paths)
    {
        var devTools = await page.Context.NewCDPSessionAsync(page);
        foreach (var type in (string[])["dragEnter", "dragOver", "drop"])
        {
            await devTools.SendAsync("Input.dispatchDragEvent", new()
            {
                ["type"] = type, ["x"] = 300, ["y"] = 300, ["data"] = new { items = Array.Empty<object>(), files = paths, dragOperationsMask = 1 },
            });
        }
    }
}
