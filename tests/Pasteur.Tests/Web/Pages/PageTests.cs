using System.Text;
using System.Text.RegularExpressions;
using Pasteur.Web.Assets;
using Pasteur.Web.Pages;
using RazorSlices;

namespace Pasteur.Tests.Web.Pages;

/// <summary>Pages with a canary in every field that somebody else may have written: wherever it comes out, it is text.</summary>
public sealed partial class PageTests
{
    private const string Canary = "\"><script>alert(1)</script><img src=x onerror='alert(2)'>&\u202E";

    private static readonly AssetPaths Assets = new("/assets/style.css", "/assets/form.js", "/assets/seal.js", "/assets/work.js", "/assets/paste.js", "/assets/sealed.js", "/assets/owner.js", "/assets/qr.js", "/assets/icon.svg");
    private static readonly Frame Frame = new(Canary + "title", Canary + "subtitle", "/base", Assets);

    private static readonly FileModel Text = new(1, Canary + "name")
    {
        Summary = "1 line, 5 B",
        Raw = "/base/raw/abc",
        Download = "/base/abc/name?download=true",
        Text = TextHtml.Plain(Encoding.UTF8.GetBytes(Canary + "text")),
        Remarks = [Canary + "remark"],
    };

    private static readonly FileModel Image = new(2, Canary + "image") { Summary = "PNG image", Raw = "/r", Download = "/d", Image = "/base/abc/image" };
    private static readonly FileModel Binary = new(3, Canary + "binary") { Summary = "binary", Raw = "/r", Download = "/d" };

    private static readonly PastePageModel Paste = new(Frame)
    {
        Heading = Canary + "heading",
        Language = Canary + "language",
        Summary = Canary + "summary",
        Author = Canary + "author",
        Created = new DateTimeOffset(2026, 11, 22, 21, 40, 3, TimeSpan.Zero),
        Comment = Canary + "comment",
        IsNumbered = false,
        OtherNumbering = "/base/abc?ln=true",
        Report = "/base/report/abc",
        Archive = "/base/abc.zip",
        EditAsNew = "/base/?from=abc",
        Files = [Text],
    };

    private static readonly SealedPageModel Sealed = new(Frame)
    {
        Form = Canary + "form",
        Report = "/base/report/abc",
        Raw = "/base/raw/abc",
        Summary = Canary + "summary",
        Language = Canary + "language",
        Author = Canary + "author",
        Created = new DateTimeOffset(2026, 11, 22, 21, 40, 3, TimeSpan.Zero),
        Comment = Canary + "comment",
        Languages = [new("text", "Plain text", "txt", "txt log", IsHighlighted: false)],
        MaxShownBytes = 1,
        MaxNumberedLines = 1,
    };

    private static readonly FormPageModel Form = new(Frame, "https://paste.example/" + Canary + "address")
    {
        MaxBytes = 1024 * 1024,
        MaxSize = "1 MiB",
        MaxAuthorLength = 100,
        MaxCommentLength = 1000,
        Languages = [new("text", "Plain text", "txt", "txt", IsHighlighted: false), new("ocaml", "OCaml", "ml", "ml mli", IsHighlighted: true)],
        Readings = [], Lifetimes = [new("never", "for ever"), new("1h", Canary + "label")],
        Lifetime = "never",
        Draft = new FormDraft
        {
            Text = TextHtml.ForTextArea(Encoding.UTF8.GetBytes(Canary + "draft")),
            Language = "ocaml",
            Author = Canary + "author",
            Comment = Canary + "comment",
            LineNumbers = true,
            HadFiles = true,
        },
        Refusal = new FormRefusal(Canary + "heading", Canary + "detail"),
    };

    private static readonly GuidePageModel Guide = new(Frame, "https://paste.example/base/", "1 MiB");

    public static TheoryData<string> Names => ["form", "paste", "sealed", "numbered", "files", "error", "about", "api"];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_others_wrote_is_text_wherever_it_comes_out(string name)
    {
        var html = await RenderAsync(name);
        Assert.DoesNotContain("<script>", html);
        Assert.DoesNotContain("<img src=x", html);
        foreach (Match tag in Tag().Matches(html)) Assert.DoesNotContain("alert", Value().Replace(tag.Value, ""));
    }

    [Theory]
    [InlineData("form", "title subtitle address draft author comment heading detail")]
    [InlineData("paste", "title subtitle heading language summary author comment name text remark")]
    [InlineData("sealed", "title subtitle form summary language author comment")]
    [InlineData("files", "name image binary")]
    [InlineData("error", "title heading detail")]
    [InlineData("about", "title")]
    public async Task Every_field_is_shown(string name, string fields)
    {
        var html = await RenderAsync(name);
        foreach (var field in fields.Split(' ')) Assert.Matches("&amp;(\u202E|&#x202E;|<bdi>\u202E</bdi>)" + field, html);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Nothing_is_inline_and_nothing_comes_from_elsewhere(string name)
    {
        foreach (Match tag in Tag().Matches(await RenderAsync(name)))
        {
            Assert.DoesNotMatch(@"^<style|\s(style|on\w+)\b", Value().Replace(tag.Value, ""));
            if (tag.Value.StartsWith("<script", StringComparison.Ordinal)) Assert.Matches("src=\"/assets/\\w+\\.js\"", tag.Value);
            foreach (Match address in Address().Matches(tag.Value)) Assert.Matches("^(/|#|\\?)(?!/)", address.Groups[1].Value);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_element_that_is_opened_is_closed(string name)
    {
        var open = new Stack<string>();
        foreach (Match tag in Tag().Matches(await RenderAsync(name)))
        {
            var element = tag.Groups["name"].Value;
            if (element is "meta" or "link" or "input" or "img") continue;
            if (tag.Value[1] != '/') open.Push(element);
            else Assert.Equal(open.Pop(), element);
        }
        Assert.Empty(open);
    }

    [Fact]
    public async Task The_form_keeps_what_was_typed_after_a_refusal()
    {
        var html = await RenderAsync("form");
        Assert.Contains("role=\"alert\"", html);
        Assert.Matches("<option value=\"ocaml\" data-extension=\"ml\" selected", html);
        Assert.Matches("name=\"ln\" value=\"true\" checked", html);
        Assert.DoesNotMatch("name=\"raw\" value=\"true\" checked", html);
        Assert.Contains("Files have to be chosen again.", html);
    }

    [Fact]
    public async Task A_fresh_form_is_empty()
    {
        var html = await RenderAsync(FormPage.Create(Form with { Draft = FormDraft.Empty, Refusal = null }));
        Assert.Matches("<textarea [^>]*>\n</textarea>", html);
        Assert.DoesNotMatch("role=\"alert\"| selected| checked| value=\"[^\"]*alert", html);
    }

    [Fact]
    public async Task Text_that_begins_with_an_empty_line_keeps_it()
    {
        // A parser drops the first line feed of <pre> and <textarea>: the page spends one of its own.
        var text = TextHtml.Plain("\n\nb"u8);
        Assert.Matches("<textarea [^>]*>\n\n\nb</textarea>", await RenderAsync(FormPage.Create(Form with { Draft = new FormDraft { Text = text } })));
        Assert.Matches("<pre [^>]*>\n\n\nb</pre>", await RenderAsync(PastePage.Create(Paste with { Files = [Text with { Text = text }] })));
    }

    private static Task<string> RenderAsync(string name) => RenderAsync((RazorSlice)(name switch
    {
        "form" => FormPage.Create(Form),
        "paste" => PastePage.Create(Paste),
        "sealed" => SealedPage.Create(Sealed),
        "numbered" => PastePage.Create(Paste with
        {
            IsNumbered = true,
            Files = [Text with { Text = TextHtml.Numbered(Encoding.UTF8.GetBytes(Canary + "\n" + Canary), "L"), NumberedLines = 2 }],
        }),
        "files" => PastePage.Create(Paste with { Files = [Text, Image, Binary] }),
        "error" => ErrorPage.Create(new ErrorPageModel(Frame, Canary + "heading", Canary + "detail")),
        "about" => AboutPage.Create(Guide),
        "api" => ApiPage.Create(Guide),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    }));

    private static async Task<string> RenderAsync(RazorSlice page) => Encoding.UTF8.GetString(await PageRenderer.RenderAsync(page));

    [GeneratedRegex("</?(?<name>[a-z][a-z0-9]*)(\\s[^<>]*)?>")]
    private static partial Regex Tag();

    [GeneratedRegex("=\"[^\"]*\"")]
    private static partial Regex Value();

    [GeneratedRegex("\\s(?:src|href|action)=\"([^\"]*)\"")]
    private static partial Regex Address();
}
