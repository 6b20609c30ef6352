using System.Text;
using System.Text.RegularExpressions;
using Pasteur.Web.Pages;
using Pasteur.Web.Wording;

namespace Pasteur.Tests.Web.Pages;

/// <summary>Markdown that a stranger wrote: it is shown as meant, does nothing, and loads nothing from elsewhere.</summary>
public sealed partial class MarkdownHtmlTests
{
    private static readonly MarkdownAddress Addresses = new(
        name => name is "b.py" or "my notes.md" or "dot.png" ? "/abc/" + Uri.EscapeDataString(name) : null,
        name => name is "dot.png" ? "/abc/dot.png" : null);

    [Theory]
    [InlineData("# a", "<h2>a</h2>")]
    [InlineData("###### a", "<h6>a</h6>")]
    [InlineData("*a* **b** ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d</code></p>")]
    [InlineData("- [x] a", "<input aria-label=\"done\" disabled=\"disabled\" type=\"checkbox\" checked=\"checked\" /> a")]
    [InlineData("| a |\n|---|\n| b |", "<td>b</td>")]
    [InlineData("> a", "<blockquote>")]
    [InlineData("```cs\nint a;\n```", "<pre><code class=\"language-csharp\">int a;\n</code></pre>")]
    [InlineData("```no\\ such\"><b>\na\n```", "<pre><code>a\n</code></pre>")]
    [InlineData("[a](https://b.example/?c=d&e)", "<a href=\"https://b.example/?c=d&amp;e\" rel=\"nofollow noopener noreferrer\">a</a>")]
    [InlineData("[a][r]\n\n[r]: https://b.example", "<a href=\"https://b.example\" rel=\"nofollow noopener noreferrer\">a</a>")]
    [InlineData("https://b.example", "<a href=\"https://b.example\" rel=\"nofollow noopener noreferrer\">https://b.example</a>")]
    [InlineData("<me@b.example>", "<a href=\"mailto:me@b.example\" rel=\"nofollow noopener noreferrer\">me@b.example</a>")]
    [InlineData("[a](b.py) [b](./my%20notes.md)", "<a href=\"/abc/my%20notes.md\" rel=\"nofollow noopener noreferrer\">b</a>")]
    [InlineData("![a](dot.png)", "<img src=\"/abc/dot.png\" alt=\"a\" />")]
    [InlineData("![a](https://b.example/c.png)", "<p><a href=\"https://b.example/c.png\" rel=\"nofollow noopener noreferrer\">a</a></p>")]
    [InlineData("![](https://b.example/c.png)", ">https://b.example/c.png</a></p>")]
    [InlineData("![a](b.py)", "<p><a href=\"/abc/b.py\" rel=\"nofollow noopener noreferrer\">a</a></p>")]
    public void It_is_shown_as_meant(string text, string html) => Assert.Contains(html, Render(text));

    [Fact]
    public void What_a_screen_reader_says_of_a_task_is_in_the_language_of_the_page()
    {
        var html = Encoding.UTF8.GetString(MarkdownHtml.Render("- [x] a\n- [ ] b"u8, Addresses, Words.All.Single(words => words.Language == "fr"))!.Value.Utf8.Span);
        Assert.Contains("aria-label=\"fait\"", html, StringComparison.Ordinal);
        Assert.Contains("aria-label=\"à faire\"", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<script>canary()</script>")]
    [InlineData("a <img src=x onerror=canary()> b")]
    [InlineData("<svg onload=canary()>\n\n</svg>")]
    [InlineData("<!-- --><iframe src=javascript:canary()>")]
    [InlineData("[a](javascript:canary())")]
    [InlineData("[a](JaVaScRiPt:canary())")]
    [InlineData("[a](java&#x0A;script:canary())")]
    [InlineData("[a](&#106;avascript:canary())")]
    [InlineData("[a](\\javascript:canary())")]
    [InlineData("[a](<java script:canary()>)")]
    [InlineData("[a](vbscript:canary()) [b](data:text/html,canary) [c](file:///canary) [d](//canary) [e](/canary) [f](../canary) [g](#canary)")]
    [InlineData("[a][r]\n\n[r]: javascript:canary()")]
    [InlineData("<javascript:canary()>")]
    [InlineData("<data:canary>")]
    [InlineData("![a](javascript:canary()) ![b](data:image/svg+xml,canary) ![c](//canary/x.png)")]
    [InlineData("![x\" onerror=\"canary()](dot.png)")]
    [InlineData("![x](dot.png \"\\\" onerror=\\\"canary()\")")]
    [InlineData("[x](https://b.example/\"onclick=\"canary())")]
    [InlineData("[x](https://b.example/ 'a\" onclick=\"canary()')")]
    [InlineData("# a {onclick=canary()}\n\na {#id .class onclick=canary()}")]
    [InlineData("```\" onclick=\"canary()\na\n```")]
    [InlineData("- [x](javascript:canary())\n\n| [a](javascript:canary()) |\n|---|\n| <b onclick=canary()> |")]
    public void It_does_nothing(string text)
    {
        foreach (Match tag in Tag().Matches(Render(text)))
        {
            Assert.DoesNotMatch("^<(script|svg|iframe|b)\\b", tag.Value);
            Assert.DoesNotMatch("\\son\\w+\\s*=", QuotedValue().Replace(tag.Value, ""));
            foreach (Match address in Address().Matches(tag.Value)) Assert.Matches("^(https://b\\.example|/abc/)", address.Groups[1].Value);
        }
    }

    [Theory]
    [InlineData(">")]
    [InlineData("- ")]
    [InlineData("[")]
    [InlineData("![")]
    [InlineData("*a ")]
    [InlineData("<")]
    [InlineData("`")]
    [InlineData("|-")]
    [InlineData("\\[a](b")]
    [InlineData("&#")]
    public void What_is_nested_without_end_neither_crashes_nor_hangs(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, 16 * 1024 / piece.Length));
        MarkdownHtml.Render(Encoding.UTF8.GetBytes(text), Addresses, Words.English);
        MarkdownHtml.Render(Encoding.UTF8.GetBytes(text + "\n" + text), Addresses, Words.English);
    }

    private static string Render(string text)
    {
        var html = MarkdownHtml.Render(Encoding.UTF8.GetBytes(text), Addresses, Words.English);
        Assert.NotNull(html);
        return Encoding.UTF8.GetString(html.Value.Utf8.Span);
    }

    [GeneratedRegex("<[a-zA-Z/!][^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex QuotedValue();

    [GeneratedRegex("(?:href|src)=\"([^\"]*)\"")]
    private static partial Regex Address();
}
