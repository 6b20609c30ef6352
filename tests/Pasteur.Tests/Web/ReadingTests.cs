using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Text;

namespace Pasteur.Tests.Web;

public sealed class ReadingTests : IAsyncLifetime
{
    private static readonly byte[] Png = [0x89, .. "PNG\r\n\x1a\n"u8, 0, 0, 0, 13];

    private TestSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await TestSite.StartAsync();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Raw_text_is_plain_text_with_its_length()
    {
        var path = await _site.PasteAsync("é\n");

        var response = await _site.GetAsync("/raw" + path);

        Assert.Equal("text/plain; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(3, response.Content.Headers.ContentLength);
        Assert.Equal("é\n", await response.Content.ReadAsStringAsync(TestSite.Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?raw=true")]
    [InlineData("?raw")]
    [InlineData(".txt?raw=1")]
    public async Task Raw_is_reached_by_path_and_by_query(string suffix)
    {
        var path = await _site.PasteAsync("hello");

        var isPage = suffix.Length == 0;
        var response = await _site.GetAsync(isPage ? "/raw" + path + ".txt" : path + suffix);

        Assert.Equal("hello", await response.Content.ReadAsStringAsync(TestSite.Token));
    }

    [Theory]
    [InlineData("/nosuchpaste")]
    [InlineData("/zzzzzzzzzz")]
    [InlineData("/zzzzzzzzzz/a.txt")]
    [InlineData("/zzzzzzzzzz.zip")]
    [InlineData("/zzzzzzzzzz?ln=true")]
    [InlineData("/assets/style.css")]
    [InlineData("/a/b/c/d")]
    [InlineData("/favicon.ico")]
    public async Task What_is_not_there_is_not_found(string path) => Assert.Equal(HttpStatusCode.NotFound, (await _site.GetAsync(path)).StatusCode);

    [Fact]
    public async Task Lines_are_numbered_and_can_be_linked_to_when_asked_for()
    {
        var path = await _site.PasteAsync("one\ntwo");

        var numbered = await _site.GetTextAsync(path + "?ln=true");
        var plain = await _site.GetTextAsync(path);

        Assert.Contains("id=\"L2\"", numbered, StringComparison.Ordinal);
        Assert.Contains("href=\"#L2\"", numbered, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"L2\"", plain, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?hl=python", "Python")]
    [InlineData("?hl=PY", "Python")]
    [InlineData(".py", "Python")]
    [InlineData("?hl=nonsense", "OCaml")]
    [InlineData("", "OCaml")]
    public async Task The_language_is_the_one_asked_for_or_else_the_one_pasted(string suffix, string label)
    {
        var path = await _site.PasteAsync("x", ("hl", "ocaml"));

        Assert.Contains($">{label}<", await _site.GetTextAsync(path + suffix), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_client_has_is_not_sent_again()
    {
        var path = await _site.PasteAsync("hello");
        foreach (var url in new[] { path, path + "?ln=true", "/raw" + path, path + "/paste.txt", path + ".zip", "/api/v1/pastes" + path, "/", "/about", "/openapi.json" })
        {
            var first = await _site.GetAsync(url);
            var tag = first.Headers.ETag!;
            Assert.False(tag.IsWeak);

            var second = await _site.GetAsync(url, headers: ("If-None-Match", tag.ToString()));

            Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
            Assert.Empty(await second.Content.ReadAsByteArrayAsync(TestSite.Token));
            Assert.Equal(tag, second.Headers.ETag);
            Assert.Equal(HttpStatusCode.OK, (await _site.GetAsync(url, headers: ("If-None-Match", "\"other\""))).StatusCode);
        }
    }

    [Fact]
    public async Task Different_bytes_never_share_a_tag()
    {
        var path = await _site.PasteAsync(new string('x', 2000));
        var tags = new List<string>();
        foreach (var url in new[] { path, path + "?ln=true", path + ".py", "/raw" + path })
        {
            foreach (var coding in new[] { "identity", "gzip", "br" })
                tags.Add((await _site.GetAsync(url, headers: ("Accept-Encoding", coding))).Headers.ETag!.Tag);
        }

        Assert.Equal(12, tags.Distinct().Count());
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task Pages_and_long_texts_are_compressed_for_whom_takes_it(string coding)
    {
        var text = string.Concat(Enumerable.Repeat("some words and é\n", 500));
        var path = await _site.PasteAsync(text);

        foreach (var url in new[] { path, "/raw" + path, "/", "/about" })
        {
            var response = await _site.GetAsync(url, headers: ("Accept-Encoding", coding));
            Assert.Equal([coding], response.Content.Headers.ContentEncoding);
            Assert.Equal(url.StartsWith("/raw", StringComparison.Ordinal) ? ["Accept-Encoding"] : ["Accept-Encoding", "Accept-Language"], response.Headers.Vary);
            var plain = await Decompress(await response.Content.ReadAsStreamAsync(TestSite.Token), coding);
            Assert.Equal(await _site.GetTextAsync(url), plain);
        }
    }

    [Fact]
    public async Task Files_are_saved_under_their_names_when_asked_for()
    {
        var path = await _site.PasteFilesAsync(("naïve \"x\".txt", "hello"u8.ToArray()));

        var response = await _site.GetAsync($"{path}/{Uri.EscapeDataString("naïve \"x\".txt")}?download=true");

        var disposition = response.Content.Headers.ContentDisposition!;
        Assert.Equal("attachment", disposition.DispositionType);
        Assert.Equal("naïve \"x\".txt", disposition.FileNameStar);
        Assert.DoesNotContain('ï', disposition.FileName!);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_for_saving()
    {
        var path = await _site.PasteFilesAsync(("a.html", [0, 1, 2]));

        var response = await _site.GetAsync("/raw" + path);

        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition!.DispositionType);
        Assert.DoesNotContain("<pre", await _site.GetTextAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_is_shown_on_the_page_and_served_as_what_it_is()
    {
        var path = await _site.PasteFilesAsync(("p.png", Png));

        Assert.Contains($"src=\"{path}/p.png\"", await _site.GetTextAsync(path), StringComparison.Ordinal);
        var picture = await _site.GetAsync(path + "/p.png");
        Assert.Equal("image/png", picture.Content.Headers.ContentType!.ToString());
        Assert.Null(picture.Content.Headers.ContentDisposition);
    }

    [Fact]
    public async Task A_zip_holds_every_file()
    {
        var path = await _site.PasteFilesAsync(("a.txt", "one"u8.ToArray()), ("CON", "two"u8.ToArray()));

        var response = await _site.GetAsync(path + ".zip");

        Assert.Equal("application/zip", response.Content.Headers.ContentType!.MediaType);
        using var zip = new ZipArchive(await response.Content.ReadAsStreamAsync(TestSite.Token));
        Assert.Equal([$"{path[1..]}/a.txt", $"{path[1..]}/_CON"], zip.Entries.Select(entry => entry.FullName));
        using var reader = new StreamReader(await zip.Entries[1].OpenAsync(TestSite.Token));
        Assert.Equal("two", await reader.ReadToEndAsync(TestSite.Token));
    }

    [Fact]
    public async Task A_tar_holds_every_file()
    {
        var path = await _site.PasteFilesAsync(("a.txt", "one"u8.ToArray()), ("b.txt", "two"u8.ToArray()));

        await using var tar = new TarReader(new MemoryStream(await _site.GetBytesAsync(path + ".tar")));
        var texts = new List<string>();
        while (await tar.GetNextEntryAsync(copyData: true, TestSite.Token) is { } entry)
        {
            using var reader = new StreamReader(entry.DataStream!);
            texts.Add($"{entry.Name}: {await reader.ReadToEndAsync(TestSite.Token)}");
        }

        Assert.Equal([$"{path[1..]}/a.txt: one", $"{path[1..]}/b.txt: two"], texts);
    }

    [Fact]
    public async Task HEAD_is_GET_without_the_body()
    {
        var path = await _site.PasteAsync(new string('x', 5000));
        foreach (var url in new[] { "/", path, "/raw" + path, path + "/paste.txt", path + ".zip", "/nosuchpaste", "/about", "/documents" + path })
        {
            var get = await _site.GetAsync(url);
            using var request = new HttpRequestMessage(HttpMethod.Head, url);
            var head = await _site.Http.SendAsync(request, TestSite.Token);

            Assert.Equal(get.StatusCode, head.StatusCode);
            Assert.Equal(get.Headers.ETag, head.Headers.ETag);
            Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestSite.Token));
        }
    }

    [Fact]
    public async Task A_text_longer_than_a_page_is_shown_in_part_and_says_so()
    {
        await using var site = await TestSite.StartAsync("--max-size", "4MiB");
        var path = await site.PasteAsync(string.Concat(Enumerable.Repeat("0123456789abcde\n", 150_000)));

        var page = await site.GetTextAsync(path);

        Assert.InRange(page.Length, 1_000_000, 1_200_000);
        Assert.Contains("1 MiB of 2.3 MiB are shown", page, StringComparison.Ordinal);
        Assert.Equal(2_400_000, (await site.GetBytesAsync("/raw" + path)).Length);
    }

    [Fact]
    public async Task The_form_begins_with_an_older_paste_when_asked_to()
    {
        var path = await _site.PasteAsync("\n</textarea><b>", ("hl", "ocaml"));

        var form = await _site.GetTextAsync($"/?from={path[1..]}");

        Assert.Contains(">\n\n&lt;/textarea&gt;&lt;b&gt;</textarea>", form, StringComparison.Ordinal);
        Assert.Contains("value=\"ocaml\" data-extension=\"ml\" selected", form, StringComparison.Ordinal);
        Assert.DoesNotContain("selected", await _site.GetTextAsync("/?from=nosuchpaste"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_count_what_was_pasted_and_read()
    {
        var path = await _site.PasteAsync("12345");
        await _site.GetTextAsync(path);
        await _site.GetTextAsync("/raw" + path);
        await _site.GetAsync("/raw/zzzzzzzzzz");

        var metrics = await _site.GetTextAsync("/metrics");

        Assert.Contains("pasteur_creates_total 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("pasteur_created_bytes_total 5\n", metrics, StringComparison.Ordinal);
        Assert.Contains("pasteur_reads_total{form=\"page\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("pasteur_reads_total{form=\"raw\"} 1\n", metrics, StringComparison.Ordinal);
    }

    private static async Task<string> Decompress(Stream compressed, string coding)
    {
        await using Stream plain = coding == "br" ? new BrotliStream(compressed, CompressionMode.Decompress) : new GZipStream(compressed, CompressionMode.Decompress);
        using var reader = new StreamReader(plain, Encoding.UTF8);
        return await reader.ReadToEndAsync(TestSite.Token);
    }
}
