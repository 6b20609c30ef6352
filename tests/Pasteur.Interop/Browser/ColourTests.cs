using System.Diagnostics;
using System.Text;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Pasteur.Interop.Browser;

/// <summary>Texts get their colours in the browser, and stay what they are.</summary>
[Collection(BrowserTests.Name)]
public sealed class ColourTests(BrowserFixture browser)
{
    private const string Ocaml = "let rec f x = match x with\n  | [] -> \"</pre><script>canary()</script>&amp;\"\n\t| _ -> f (* \u202E turned *) 3 \r\n";

    [Theory]
    [InlineData("a.ml", "")]
    [InlineData("a.ml", "?ln=true")]
    [InlineData("a.txt", "?hl=ocaml")]
    [InlineData("paste.txt", "")]
    public async Task The_language_is_chosen_or_in_the_name_or_guessed_and_the_text_stays(string name, string query)
    {
        var text = name == "paste.txt" ? Ocaml + "open List\n" : Ocaml;
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await page.GotoAsync(await browser.PasteAsync(name, text) + query);
        await Expect(page.Locator(".hljs-keyword").First).ToHaveTextAsync("let");
        await Expect(page.Locator(".meta")).ToContainTextAsync(name == "paste.txt" ? "OCaml, guessed" : "OCaml");
        Assert.Equal(text, await TextAsync(page));
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy", Exact = true }).ClickAsync();
        Assert.Equal(text, await page.EvaluateAsync<string>("navigator.clipboard.readText()"));
    }

    [Fact]
    public async Task A_numbered_line_in_colours_is_one_line_high()
    {
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await page.GotoAsync(await browser.PasteAsync("a.ml", Ocaml) + "?ln=true");
        await Expect(page.Locator("#L1 .hljs-keyword").First).ToBeVisibleAsync();
        foreach (var wrap in new[] { false, true })
        {
            await page.GetByLabel("Wrap").SetCheckedAsync(wrap);
            Assert.Equal(24, (await page.Locator("#L1").BoundingBoxAsync())!.Height);
        }
    }

    [Fact]
    public async Task Nothing_is_loaded_for_a_text_in_no_language()
    {
        await using var visitor = await browser.ComeAsync();
        foreach (var (name, text) in new[] { ("paste.txt", "Dear all,\nsee you tomorrow.\n"), ("a.txt", Ocaml), ("a.zig", "const a = 1;\n") })
        {
            await visitor.Page.GotoAsync(await browser.PasteAsync(name, text));
            await visitor.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            await Expect(visitor.Page.Locator("pre span")).ToHaveCountAsync(0);
        }
        Assert.DoesNotContain("reading.", visitor.Sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_file_has_the_colours_of_its_own_language()
    {
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await page.GotoAsync(await browser.PasteAsync(("a.json", "{\"a\": 1}"u8.ToArray()), ("b.py", "def f(): pass\n"u8.ToArray()), ("Makefile", "a: b\n\tc $@\n"u8.ToArray())));
        await Expect(page.Locator("#T1 .hljs-attr")).ToHaveTextAsync("\"a\"");
        await Expect(page.Locator("#T2 .hljs-keyword").First).ToHaveTextAsync("def");
        await Expect(page.Locator("#T3 .hljs-section")).ToHaveTextAsync("a: b");
    }

    [Fact]
    public async Task An_encrypted_text_has_colours_too_and_lines_chosen_keep_the_key()
    {
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        var link = await Sealing.PasteAsync(page, "", file: Sealing.File("a.ml", Encoding.UTF8.GetBytes(Ocaml)));
        await Expect(page.Locator(".hljs-keyword").First).ToHaveTextAsync("let");
        await Expect(page.Locator(".meta")).ToContainTextAsync("OCaml");
        Assert.Equal(Ocaml, await TextAsync(page));
        await page.GetByRole(AriaRole.Button, new() { Name = "Numbers" }).ClickAsync();
        await Expect(page.Locator(".hljs-keyword").First).ToHaveTextAsync("let");
        await page.GetByRole(AriaRole.Link, new() { Name = "1", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "3", Exact = true }).ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        Assert.Equal($"{link}.L1-L3", page.Url);
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy link" }).ClickAsync();
        Assert.Equal($"{link}.L1-L3", await page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        Assert.Equal(Ocaml, await TextAsync(page));

        await Sealing.PasteAsync(page, Ocaml + "open List\n");
        await Expect(page.Locator(".meta")).ToContainTextAsync("OCaml, guessed");
        await Expect(page.Locator(".hljs-keyword").First).ToHaveTextAsync("let");
    }

    [Fact]
    public async Task A_text_that_is_coloured_piece_by_piece_stays_whole()
    {
        var lines = new StringBuilder();
        while (lines.Length < 60_000) lines.Append("    return f\"{x:04d}\" + str(12345) if y is None else [z for z in range(10)]  # comment\n");
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await page.GotoAsync(await browser.PasteAsync("a.py", lines.ToString()));
        await Expect(page.Locator("pre > .hljs-comment:nth-last-child(1)")).ToHaveTextAsync("# comment");
        Assert.Equal(lines.ToString(), await TextAsync(page));
        Assert.True(await page.EvaluateAsync<int>("document.querySelectorAll('.hljs-comment').length") >= lines.ToString().Count(c => c == '\n'));
    }

    private static Task<string> TextAsync(IPage page) => page.EvaluateAsync<string>(
        "() => { const copy = document.querySelector('.sheet > pre').cloneNode(true); for (const a of copy.querySelectorAll('a')) a.remove(); return copy.textContent; }");
}
