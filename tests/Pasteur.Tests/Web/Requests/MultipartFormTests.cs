using Pasteur.Configuration;
using System.Text;
using CsCheck;
using Pasteur.Web.Requests;
using Pasteur.Web.Wording;

namespace Pasteur.Tests.Web.Requests;

public class MultipartFormTests
{
    private const string Boundary = "----b0undary";

    [Fact]
    public void Fields_and_files_are_slices_of_the_body()
    {
        var body = Encoding.UTF8.GetBytes(
            Part("form-data; name=\"paste\"", "text") +
            Part("form-data; name=\"user\"", "Ada") +
            Part("form-data; name=\"file\"; filename=\"a.bin\"", "\0\r\n--\r\nbytes", "Content-Type: text/html") +
            End);
        var form = Read(body);

        var files = form.ToPaste().Files;
        Assert.Equal([null, "a.bin"], files.Select(file => file.Name));
        Assert.Equal("\0\r\n--\r\nbytes", Encoding.UTF8.GetString(files[1].Content.Span));
        Assert.Equal("Ada", form.ToPaste().Author);
        Assert.True(files[1].Content.Span.Overlaps(body));
    }

    [Theory]
    [InlineData("form-data; name=\"file\"; filename=\"a.txt\"", "a.txt")]
    [InlineData("form-data; filename=\"a.txt\"; name=\"file\"", "a.txt")]
    [InlineData("form-data; name=file; filename=a.txt", "a.txt")]
    [InlineData("FORM-DATA;NAME=\"file\";FILENAME=\"a.txt\"", "a.txt")]
    [InlineData("form-data; name=\"file\"; filename=\"say %22hi%22.txt\"", "say \"hi\".txt")]
    [InlineData("form-data; name=\"file\"; filename=\"say \\\"hi\\\".txt\"", "say \"hi\".txt")]
    [InlineData("form-data; name=\"file\"; filename=\"a;b=c.txt\"", "a;b=c.txt")]
    [InlineData("form-data; name=\"file\"; filename=\"é 日本.txt\"", "é 日本.txt")]
    [InlineData("form-data; name=\"file\"; filename=\"C:\\dir\\a.txt\"", "C:\\dir\\a.txt")]
    [InlineData("form-data; name=\"file\"; filename=\"a%0D%0AX: y.txt\"", "a\r\nX: y.txt")]
    [InlineData("form-data; name=\"file\"; filename=\"\"", "")]
    [InlineData("form-data; name=\"whatever\"; filename=\"a.txt\"", "a.txt")]
    public void File_names_are_read_as_clients_write_them(string disposition, string name)
    {
        var form = Read(Part(disposition, "x") + End);

        Assert.Equal(name, Assert.Single(form.ToPaste().Files).Name);
    }

    [Fact]
    public void File_controls_left_empty_are_nothing()
    {
        var form = Read(Part("form-data; name=\"paste\"", "x") + Part("form-data; name=\"file\"; filename=\"\"", "", "Content-Type: application/octet-stream") + End);

        Assert.Single(form.ToPaste().Files);
    }

    public static TheoryData<string, string> Malformed => new()
    {
        { "", "does not begin" },
        { "x", "does not begin" },
        { "--", "does not begin" },
        { "--other\r\n", "does not begin" },
        { $"--{Boundary}", "header" },
        { $"--{Boundary}\r\n", "header" },
        { $"--{Boundary}junk\r\nContent-Disposition: form-data; name=\"paste\"\r\n\r\nx\r\n--{Boundary}--", "header" },
        { $"--{Boundary}\r\n\r\nx\r\n--{Boundary}--", "header" },
        { $"--{Boundary}\r\nContent-Type: text/plain\r\n\r\nx\r\n--{Boundary}--", "header" },
        { $"--{Boundary}\r\nno colon\r\n\r\nx\r\n--{Boundary}--", "header" },
        { $"--{Boundary}\r\n: no name\r\n\r\nx\r\n--{Boundary}--", "header" },
        { $"--{Boundary}\r\nContent-Disposition: form-data; name=\"paste\"\r\nx: a\nb\r\n\r\nx\r\n--{Boundary}--", "header" },
        { $"--{Boundary}\r\nContent-Disposition: form-data; name=\"paste\"\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\nx\r\n--{Boundary}--", "header" },
        { $"--{Boundary}\r\nContent-Disposition: form-data; name=\"unended\r\n\r\nx\r\n--{Boundary}--", "header" },
        { $"--{Boundary}\r\nContent-Disposition: form-data; name=\"paste\"junk\r\n\r\nx\r\n--{Boundary}--", "header" },
        { $"--{Boundary}\r\nContent-Disposition: form-data\r\n\r\nx\r\n--{Boundary}--", "header" },
        { $"--{Boundary}\r\nContent-Disposition: attachment; name=\"paste\"\r\n\r\nx\r\n--{Boundary}--", "header" },
        { $"--{Boundary}\r\nX-Long: {new string('x', 10_000)}\r\nContent-Disposition: form-data; name=\"paste\"\r\n\r\nx\r\n--{Boundary}--", "header" },
        { $"--{Boundary}\r\nContent-Disposition: form-data; name=\"paste\"\r\n\r\nx", "closing boundary" },
        { $"--{Boundary}\r\nContent-Disposition: form-data; name=\"paste\"\r\n\r\nx\r\n--{Boundary[..^1]}", "closing boundary" },
        { $"--{Boundary}--", "nothing to paste" },
        { $"--{Boundary}\r\nContent-Disposition: form-data; name=\"paste\"\r\n\r\nx\r\n--{Boundary}", "header" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Malformed_bodies_are_refused_in_a_line(string body, string says)
    {
        var problem = Read(body).Problem;

        Assert.NotNull(problem);
        Assert.Contains(says, problem.Detail(Words.English), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem.Detail(Words.English));
    }

    [Fact]
    public void Too_many_parts_are_refused() =>
        Assert.Contains("more than 64 fields", Read(string.Concat(Enumerable.Repeat(Part("form-data; name=\"x\"", "y"), 1000)) + End).Problem!.Detail(Words.English), StringComparison.Ordinal);

    [Fact]
    public void Too_many_files_are_refused() =>
        Assert.Contains("at most 32 files", Read(string.Concat(Enumerable.Repeat(Part("form-data; name=\"file\"; filename=\"a\"", "y"), 40)) + End).Problem!.Detail(Words.English), StringComparison.Ordinal);

    [Fact]
    public async Task Any_bytes_that_a_stock_writer_puts_in_come_back() =>
        await Gen.Select(Gen.Byte.Array[1, 200], Gen.Byte.Array[1, 200]).SampleAsync(async pair =>
        {
            using var content = new MultipartFormDataContent
            {
                { new ByteArrayContent(pair.Item1), "file", "a" },
                { new ByteArrayContent(pair.Item2), "paste" },
            };
            var form = new PasteForm(new FormRules(1000, ExpirySettings.None), LineEnds.AsSent);
            MultipartForm.Read(await content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), MultipartForm.Boundary(content.Headers.ContentType!.ToString())!, form);
            Assert.Equal(pair.Item1, form.ToPaste().Files[0].Content.ToArray());
            Assert.Equal(pair.Item2, form.ToPaste().Files[1].Content.ToArray());
        });

    [Fact]
    public void Any_bytes_at_all_are_read_without_a_fault()
    {
        // Made of the pieces that matter, in any order, so that every state of the reader is met.
        string[] pieces = ["--", Boundary, "\r\n", "\n", "Content-Disposition:", "form-data", ";", "name=", "\"", "paste", "filename=", " ", "\\", "x", "\0"];
        Gen.Int[0, pieces.Length - 1].Select(i => pieces[i]).Array[0, 40].Sample(chosen => Read($"--{Boundary}\r\n" + string.Concat(chosen)));
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=abc", "abc")]
    [InlineData("multipart/form-data; boundary=\"a b'c\"", "a b'c")]
    [InlineData("Multipart/Form-Data; charset=utf-8; Boundary=abc", "abc")]
    [InlineData("multipart/form-data", null)]
    [InlineData("multipart/form-data; boundary=", null)]
    [InlineData("multipart/form-data; boundary=\"\"", null)]
    [InlineData("multipart/mixed; boundary=abc", null)]
    [InlineData("text/plain", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    [InlineData("multipart/form-data; boundary=01234567890123456789012345678901234567890123456789012345678901234567890", null)]
    public void The_boundary_is_taken_from_the_content_type(string? contentType, string? boundary) => Assert.Equal(boundary, MultipartForm.Boundary(contentType));

    private static string End => $"--{Boundary}--\r\n";

    private static string Part(string disposition, string content, string? header = null) =>
        $"--{Boundary}\r\nContent-Disposition: {disposition}\r\n{(header is null ? "" : header + "\r\n")}\r\n{content}\r\n";

    private static PasteForm Read(string body) => Read(Encoding.UTF8.GetBytes(body));

    private static PasteForm Read(byte[] body)
    {
        var form = new PasteForm(new FormRules(1000, ExpirySettings.None), LineEnds.AsSent);
        MultipartForm.Read(body, Boundary, form);
        form.Complete();
        return form;
    }
}
