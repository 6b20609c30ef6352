using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Pasteur.Web.Pages;

namespace Pasteur.Tests.Web.Pages;

public sealed partial class TextHtmlTests
{
    private const string Turned = "\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069";

    private static readonly string[] Pieces =
    [
        "<", ">", "&", "\"", "'", "\r", "\n", "\r\n", "\t", "</pre>", "</textarea>", "<bdi>", "&lt;", "&#13;", "a", "é", "雪", "🙂",
        "\u202A", "\u202E", "\u2066", "\u2069", "\u200F", "\u2028", "\u2065", "\u206A", "\u2029", "\u202F",
    ];

    private static readonly Gen<string> AnyText = Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 60].Select(string.Concat);

    [Fact]
    public void A_browser_reads_the_pasted_text_out_of_it() =>
        AnyText.Sample(text => Assert.Equal(text, TextOf(Plain(text))));

    [Fact]
    public void A_browser_reads_the_pasted_text_out_of_numbered_lines() =>
        AnyText.Sample(text => Assert.Equal(text, TextOf(LineNumber().Replace(Numbered(text), ""))));

    [Fact]
    public void A_browser_reads_the_pasted_text_out_of_a_text_area() =>
        AnyText.Sample(text => Assert.Equal(text, WebUtility.HtmlDecode(InTextArea(text))));

    [Fact]
    public void No_text_makes_a_tag_or_ends_an_attribute() => AnyText.Sample(text =>
    {
        Assert.DoesNotMatch("[<>\"]", Plain(text).Replace("<bdi>", "", StringComparison.Ordinal).Replace("</bdi>", "", StringComparison.Ordinal));
        Assert.DoesNotMatch("[<>\"]", InTextArea(text));
    });

    [Theory]
    [InlineData("", "")]
    [InlineData("a & b", "a &amp; b")]
    [InlineData("<script>alert(\"1\")</script>", "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;")]
    [InlineData("&lt;", "&amp;lt;")]
    [InlineData("a\r\nb\rc\n", "a&#13;\nb&#13;c\n")]
    [InlineData("é 雪 🙂", "é 雪 🙂")]
    [InlineData("a\u202Eb", "a<bdi>\u202E</bdi>b")]
    [InlineData("\u200F\u2065\u206A", "\u200F\u2065\u206A")]
    public void Text_becomes_this_html(string text, string html) => Assert.Equal(html, Plain(text));

    [Fact]
    public void Every_character_that_turns_direction_stands_alone() =>
        Assert.Equal(string.Concat(Turned.Select(c => $"<bdi>{c}</bdi>")), Plain(Turned));

    [Theory]
    [InlineData("a\u202Eb", true)]
    [InlineData("<bdi>", false)]
    [InlineData("\u200F\u05D0", false)]
    public void It_is_known_whether_something_was_marked(string text, bool isMarked) =>
        Assert.Equal(isMarked, TextHtml.HasMarks(TextHtml.Plain(Encoding.UTF8.GetBytes(text))));

    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 1)]
    [InlineData("a\n", 1)]
    [InlineData("a\nb", 2)]
    [InlineData("\n\n", 2)]
    [InlineData("a\r\nb\r\n", 2)]
    public void Lines_are_counted_as_editors_do(string text, int lines)
    {
        Assert.Equal(lines, TextHtml.CountLines(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(lines, LineNumber().Count(Numbered(text)));
    }

    [Fact]
    public void A_numbered_line_links_to_itself() =>
        Assert.Equal(
            "<span id=\"F2L1\"><a href=\"#F2L1\">1</a>a\n</span><span id=\"F2L2\"><a href=\"#F2L2\">2</a>b</span>",
            Encoding.UTF8.GetString(TextHtml.Numbered("a\nb"u8, "F2L").Utf8.Span));

    [Fact]
    public void Numbering_takes_memory_in_proportion_to_the_lines()
    {
        const int lines = 50_000;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var html = TextHtml.Numbered(new string('\n', lines).Select(c => (byte)c).ToArray(), "L");
        Assert.InRange(html.Utf8.Length, lines * 40, lines * 60);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16L * html.Utf8.Length);
    }

    private static string Plain(string text) => Encoding.UTF8.GetString(TextHtml.Plain(Encoding.UTF8.GetBytes(text)).Utf8.Span);

    private static string Numbered(string text) => Encoding.UTF8.GetString(TextHtml.Numbered(Encoding.UTF8.GetBytes(text), "L").Utf8.Span);

    private static string InTextArea(string text) => Encoding.UTF8.GetString(TextHtml.ForTextArea(Encoding.UTF8.GetBytes(text)).Utf8.Span);

    private static string TextOf(string html) => WebUtility.HtmlDecode(Tag().Replace(html, ""));

    [GeneratedRegex("<a href=\"#L[0-9]+\">[0-9]+</a>")]
    private static partial Regex LineNumber();

    [GeneratedRegex("</?(bdi|span)( id=\"L[0-9]+\")?>")]
    private static partial Regex Tag();
}
