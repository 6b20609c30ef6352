using System.Text;
using Microsoft.Playwright;
using Pasteur.Interop.Support;
using static Microsoft.Playwright.Assertions;

namespace Pasteur.Interop.Browser;

/// <summary>Markdown as it is meant: rendered by the site for plain pastes, by the reader's browser for encrypted ones, alike.</summary>
[Collection(BrowserTests.Name)]
public sealed class MarkdownTests(BrowserFixture browser)
{
    private const string Text =
        """
        # Title &amp; more

        *a* **b** ~~c~~ `d` <b onclick="canary()">e</b> <script>canary()</script> \*f\*

        - [x] done
        - [ ] not yet
           1. inner

        3. third

        | a | b | c |
        |---|:-:|--:|
        | 1 | <img src=x onerror=canary()> | 2 |

        0. zero

        [![badge](https://a.example/badge.svg)](https://d.example "a title") &constructor; [amp](https://e.example/?a=1&amp;b=2)

        > quoted

        ```python
        def f(): pass
        ```

        [ok](https://a.example/?b=c&d) [js](javascript:canary()) [JS](JaVaScRiPt:canary()) [file](b.py) [ref][r] <https://b.example>
        ![elsewhere](https://a.example/canary.png) ![mine](dot.png) [up](../canary) ![](//a.example/x) [data](data:text/html,canary)

        [r]: https://c.example

        """;

    /// <summary>What a reader sees and can follow: names of elements, texts, addresses that are on the web.</summary>
    private const string Outline =
        """
        () => [...document.querySelectorAll('.rendered *')].filter(e => !/^(SPAN|INPUT)$/.test(e.tagName)).map(e => [e.tagName, e.textContent.replace(/\s+/g, ''),
          (e.getAttribute('href') ?? '').startsWith('http') ? e.getAttribute('href') : e.hasAttribute('href'), e.start ?? '', e.title, /^T[HD]$/.test(e.tagName) ? e.className : ''].join('|'))
        """;

    private static readonly byte[] Dot = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private static readonly (string Name, byte[] Content)[] Files = [("t.md", Encoding.UTF8.GetBytes(Text)), ("b.py", "def g(): pass\n"u8.ToArray()), ("dot.png", Dot)];

    [Fact]
    public async Task A_plain_and_an_encrypted_paste_are_rendered_alike_and_nothing_runs_or_is_loaded()
    {
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await page.ExposeFunctionAsync("canary", () => Assert.Fail("the canary ran"));
        await page.GotoAsync(await browser.PasteAsync(Files));
        await page.GetByRole(AriaRole.Link, new() { Name = "Rendered" }).ClickAsync();
        var plain = await OutlineAsync(page);
        Assert.Contains("H2|Title&more|false|||", plain);
        Assert.Contains("A|ok|https://a.example/?b=c&d|||", plain);
        Assert.Contains("A|elsewhere|https://a.example/canary.png|||", plain);
        Assert.Contains("A|file|true|||", plain);
        Assert.Contains("A|badge|https://d.example||a title|", plain);
        Assert.Contains("A|amp|https://e.example/?a=1&b=2|||", plain);
        Assert.Contains("TD|2|false|||right", plain);
        Assert.DoesNotContain("A|js|true|||", plain);
        Assert.DoesNotContain("A|up|true|||", plain);
        await page.GetByRole(AriaRole.Link, new() { Name = "Source" }).ClickAsync();
        await Expect(page.Locator("#T1")).ToContainTextAsync("# Title");

        await Sealing.PasteAsync(page, "", "", [.. Files.Select(file => Sealing.File(file.Name, file.Content))]);
        await page.GetByRole(AriaRole.Button, new() { Name = "Rendered" }).ClickAsync();
        Assert.Equal(plain, await OutlineAsync(page));
        await page.GetByRole(AriaRole.Button, new() { Name = "Source" }).ClickAsync();
        await Expect(page.Locator("#T1")).ToContainTextAsync("# Title");
    }

    [Fact]
    public async Task A_second_click_while_the_parser_works_is_no_second_wish()
    {
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await Sealing.PasteAsync(page, "", "", [Sealing.File("t.md", Encoding.UTF8.GetBytes(Text))]);
        var button = page.GetByRole(AriaRole.Button, new() { Name = "Rendered" });
        await button.EvaluateAsync("button => { button.click(); button.click(); }");
        await Expect(page.Locator(".rendered h2")).ToHaveTextAsync("Title & more");
        await page.GetByRole(AriaRole.Button, new() { Name = "Source" }).ClickAsync();
        await Expect(page.Locator("#T1")).ToContainTextAsync("# Title");
    }

    [Fact]
    public async Task Without_JavaScript_it_is_rendered_too()
    {
        await using var visitor = await browser.ComeAsync(withJavaScript: false);
        await visitor.Page.GotoAsync(await browser.PasteAsync("a.md", "# Title\n\n*text*\n"));
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Rendered" }).ClickAsync();
        await Expect(visitor.Page.Locator(".rendered em")).ToHaveTextAsync("text");
    }

    [Theory]
    [InlineData(">")]
    [InlineData("- ")]
    [InlineData("*a **b ")]
    public async Task What_is_nested_without_end_breaks_neither_way(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 2000));
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await page.GotoAsync(await browser.PasteAsync("a.md", text) + "?rendered=true");
        await Expect(page.Locator(".file .sheet")).ToBeVisibleAsync();
        await Sealing.PasteAsync(page, "", file: Sealing.File("a.md", Encoding.UTF8.GetBytes(text)));
        await page.GetByRole(AriaRole.Button, new() { Name = "Rendered" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Source" })).ToBeVisibleAsync();
        await Expect(page.Locator(".file .sheet")).ToBeVisibleAsync();
    }

    private static async Task<string[]> OutlineAsync(IPage page)
    {
        await Expect(page.Locator(".rendered .hljs-keyword").First).ToHaveTextAsync("def");
        await Expect(page.Locator(".rendered img")).ToHaveCountAsync(1);
        Assert.True(await page.Locator(".rendered img").EvaluateAsync<bool>("async i => { await i.decode(); return i.naturalWidth === 1; }"));
        return await page.EvaluateAsync<string[]>(Outline);
    }
}
