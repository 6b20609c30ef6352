using Pasteur.Configuration;
using System.Net;
using System.Text;
using CsCheck;
using Pasteur.Web.Requests;
using Pasteur.Web.Wording;

namespace Pasteur.Tests.Web.Requests;

public class UrlEncodedFormTests
{
    [Theory]
    [InlineData("paste=a+b%20c", "a b c")]
    [InlineData("paste=%C3%A9%0A%00", "é\n\0")]
    [InlineData("paste=a%zzb%4", "a%zzb%4")]
    [InlineData("paste=100%", "100%")]
    [InlineData("paste=a=b", "a=b")]
    [InlineData("p%61ste=x", "x")]
    [InlineData("user=Ada&paste=x", "x")]
    [InlineData("&&paste=x&&", "x")]
    [InlineData("sprunge=x", "x")]
    [InlineData("f%3A1=x", "x")]
    [InlineData("f:1=x", "x")]
    [InlineData("content=x&title=", "x")]
    public void The_text_is_decoded_byte_for_byte(string body, string text)
    {
        var form = Read(body);

        Assert.Null(form.Problem);
        Assert.Equal(text, Encoding.UTF8.GetString(Assert.Single(form.ToPaste().Files).Content.Span));
    }

    [Fact]
    public void Any_bytes_encoded_as_NET_encodes_them_come_back() =>
        Gen.Byte.Array[0, 300].Sample(bytes =>
        {
            var encoded = WebUtility.UrlEncodeToBytes(bytes, 0, bytes.Length) ?? [];
            var length = UrlEncodedForm.Decode(encoded);
            Assert.Equal(bytes, encoded[..length]);
        });

    [Fact]
    public void Any_bytes_at_all_are_read_without_a_fault() =>
        Gen.Byte.Array[0, 200].Sample(bytes =>
        {
            var form = new PasteForm(new FormRules(1000, ExpirySettings.None), LineEnds.OfBrowserForm);
            if (UrlEncodedForm.LooksLikeForm(bytes)) UrlEncodedForm.Read(bytes, form);
        });

    [Fact]
    public void Fields_say_how_the_paste_is_to_be()
    {
        var form = Read("paste=x&user=Ada+L&comment=first%20light&hl=ml&ln=true&raw=on&unknown=1");

        var paste = form.ToPaste();
        Assert.Equal(("Ada L", "first light", "ocaml"), (paste.Author, paste.Comment, paste.Language));
        Assert.True(form is { LineNumbers: true, Raw: true });
    }

    [Theory]
    [InlineData("title=notes.md", "notes.md", null)]
    [InlineData("title=what+is+this", null, "what is this")]
    [InlineData("title=v1.0+is+out", null, "v1.0 is out")]
    [InlineData("filename=a.c&title=b.c", "a.c", null)]
    [InlineData("comment=mine&title=theirs", null, "mine")]
    public void A_title_is_a_file_name_or_else_a_comment(string fields, string? name, string? comment)
    {
        var paste = Read($"{fields}&content=x").ToPaste();

        Assert.Equal(name, paste.Files[0].Name);
        Assert.Equal(comment, paste.Comment);
    }

    [Theory]
    [InlineData("ln=&raw=", false)]
    [InlineData("ln=false&raw=0", false)]
    [InlineData("ln=NO&raw=off", false)]
    [InlineData("ln=1&raw=yes", true)]
    [InlineData("ln=true&raw=TRUE", true)]
    public void Yes_and_no_are_read_as_clients_write_them(string fields, bool truth)
    {
        var form = Read($"paste=x&{fields}");

        Assert.Equal((truth, truth), (form.LineNumbers, form.Raw));
    }

    [Theory]
    [InlineData("reads=0", "how often")]
    [InlineData("reads=often", "how often")]
    [InlineData("burn=1&reads=-1", "how often")]
    [InlineData("encrypted=true", "encrypt")]
    public void A_promise_that_cannot_be_kept_is_refused(string field, string reason) =>
        Assert.Contains(reason, Read($"paste=x&{field}").Problem!.Detail(Words.English), StringComparison.Ordinal);

    [Theory]
    [InlineData("burn=false&expires=never&encrypted=")]
    [InlineData("encrypted=false")]
    public void What_is_not_asked_for_is_no_promise(string fields) => Assert.Null(Read($"paste=x&{fields}").Problem);

    [Theory]
    [InlineData("paste=", "nothing to paste")]
    [InlineData("user=Ada", "nothing to paste")]
    [InlineData("", "nothing to paste")]
    [InlineData("paste=x&%FF=1", "name")]
    [InlineData("paste=x&AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=1", "name")]
    public void What_is_wrong_is_said_in_a_line(string body, string says)
    {
        var problem = Read(body).Problem;

        Assert.Contains(says, problem!.Detail(Words.English), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem.Detail(Words.English));
    }

    [Fact]
    public void Too_many_fields_are_refused() =>
        Assert.Contains("more than 64 fields", Read(string.Join('&', Enumerable.Repeat("a=1", 100_000)) + "&paste=x").Problem!.Detail(Words.English), StringComparison.Ordinal);

    [Theory]
    [InlineData("user")]
    [InlineData("comment")]
    [InlineData("hl")]
    public void Long_values_of_short_fields_are_refused(string name) =>
        Assert.Contains($"\"{name}\" has more than", Read($"paste=x&{name}={new string('x', 5000)}").Problem!.Detail(Words.English), StringComparison.Ordinal);

    [Theory]
    [InlineData("paste=x", true)]
    [InlineData("paste=a\nb", true)]        // curl -d "paste=$(cat file)"
    [InlineData("sprunge=a b", true)]
    [InlineData("user=Ada&paste=x", true)]
    [InlineData("content=a+b", true)]
    [InlineData("f%3A1=x", true)]
    [InlineData("hello", false)]
    [InlineData("a=b", false)]
    [InlineData("", false)]
    [InlineData("=", false)]
    [InlineData("paste", false)]
    [InlineData("paste&x=1", false)]
    [InlineData("c=1\nd=2\n", false)]       // a text that happens to begin so
    [InlineData("title=x\ty", false)]
    [InlineData("PASTE=x", false)]
    [InlineData("{\"paste\"=1}", false)]
    public void A_form_is_told_from_a_text_that_curl_sends_as_a_form(string body, bool isForm) =>
        Assert.Equal(isForm, UrlEncodedForm.LooksLikeForm(Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData("a\r\nb", true, "a\nb")]
    [InlineData("a\r\nb", false, "a\r\nb")]
    public void Line_ends_of_a_browsers_text_area_are_what_was_typed(string sent, bool isBrowser, string stored)
    {
        var form = new PasteForm(new FormRules(1000, ExpirySettings.None), isBrowser ? LineEnds.OfBrowserForm : LineEnds.AsSent);
        UrlEncodedForm.Read(Encoding.UTF8.GetBytes("paste=" + sent), form);

        Assert.Equal(stored, Encoding.UTF8.GetString(form.ToPaste().Files[0].Content.Span));
    }

    private static PasteForm Read(string body)
    {
        var form = new PasteForm(new FormRules(1000, ExpirySettings.None), LineEnds.AsSent);
        UrlEncodedForm.Read(Encoding.UTF8.GetBytes(body), form);
        form.Complete();
        return form;
    }
}
