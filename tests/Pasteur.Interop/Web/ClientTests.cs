using System.Globalization;
using System.Text;
using System.Text.Json;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Web;

/// <summary>The clients that people have, against the program as they would run it.</summary>
public sealed class ClientTests : IAsyncLifetime
{
    private static readonly byte[] s_text = "let x = \"é\t<b>\";\r\n  100% & more = +\nend"u8.ToArray();
    private static readonly byte[] s_anyBytes = [.. Enumerable.Range(0, 1024).Select(i => (byte)(i * 7))];

    private readonly string _folder = Directory.CreateTempSubdirectory("pasteur-clients-").FullName;
    private PasteurProcess _site = null!;

    private string Address => _site.Http.BaseAddress!.AbsoluteUri;

    public async ValueTask InitializeAsync() => _site = await PasteurProcess.ServeAsync("--no-data");

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("-F", "paste=<-")]
    [InlineData("-F", "sprunge=<-")]
    [InlineData("-F", "f:1=<-")]
    [InlineData("-F", "file=@-")]
    [InlineData("-F", "c=@-")]
    [InlineData("--data-binary", "@-")]
    [InlineData("-T", "-")]
    [InlineData("--data-urlencode", "paste@-")]
    [InlineData("--data-urlencode", "content@-")]
    public async Task Curl_pipes_a_text_in_and_gets_its_address(string option, string value)
    {
        var answer = await CurlAsync(s_text, option, value, Address);

        Assert.Matches($"^{Address}[0-9a-z]{{10}}\n$", answer.Text);
        Assert.Equal(s_text, await RawAsync(answer.Text));
    }

    [Theory]
    [InlineData("-F", "file=@-")]
    [InlineData("--data-binary", "@-")]
    [InlineData("-T", "-")]
    [InlineData("--data-urlencode", "paste@-")]
    public async Task Curl_pipes_any_bytes_in(string option, string value)
    {
        var answer = await CurlAsync(s_anyBytes, option, value, Address);

        Assert.Equal(s_anyBytes, await RawAsync(answer.Text));
    }

    [Fact]
    public async Task Curl_puts_a_file_under_its_name()
    {
        var file = await FileAsync("store.ml", s_text);

        var answer = await CurlAsync(null, "-T", file, Address);

        var saved = Path.Combine(_folder, "saved");
        await CurlBytesAsync("-OJ", "--output-dir", saved, "--create-dirs", answer.Text.TrimEnd() + "/store.ml?download=true");
        Assert.Equal(s_text, await File.ReadAllBytesAsync(Path.Combine(saved, "store.ml"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Curl_sends_several_files_with_a_comment()
    {
        var a = await FileAsync("a.c", s_text);
        var b = await FileAsync("b é \"quoted\".bin", s_anyBytes);

        var answer = await CurlAsync(null, "-F", $"file=@\"{a}\"", "-F", $"file=@\"{b.Replace("\"", "\\\"", StringComparison.Ordinal)}\"", "-F", "comment=two files", "-F", "user=Ada", Address);

        var json = await CurlAsync(null, Address + "api/v1/pastes/" + new Uri(answer.Text.TrimEnd()).Segments[^1]);
        using var paste = JsonDocument.Parse(json.Output);
        var files = paste.RootElement.GetProperty("files");
        Assert.Equal(["a.c", "b é \"quoted\".bin"], files.EnumerateArray().Select(file => file.GetProperty("name").GetString()));
        Assert.Equal("two files", paste.RootElement.GetProperty("comment").GetString());
        Assert.Equal(s_anyBytes, await CurlBytesAsync(files[1].GetProperty("url").GetString()!));
    }

    [Fact]
    public async Task Curl_that_sends_too_much_is_told_so_without_sending_it()
    {
        var file = await FileAsync("large", new byte[20 << 20]);

        var answer = await CurlAsync(null, "-s", "-o", "-", "-w", "|%{http_code}|%{size_upload}", "-T", file, Address);

        var parts = answer.Text.Split('|');
        Assert.Equal("A paste has at most 1 MiB.\n", parts[0]);
        Assert.Equal("413", parts[1]);
        Assert.InRange(long.Parse(parts[2], CultureInfo.InvariantCulture), 0, 4 << 20);
    }

    [Fact]
    public async Task Curl_that_has_the_bytes_gets_304()
    {
        var made = await CurlAsync(s_text, "-T", "-", Address);
        var raw = Address + "raw/" + new Uri(made.Text.TrimEnd()).Segments[^1];
        var tag = Path.Combine(_folder, "etag");
        await CurlAsync(null, "--etag-save", tag, "-o", Path.Combine(_folder, "first"), raw);

        var again = await CurlAsync(null, "--etag-compare", tag, "-o", Path.Combine(_folder, "second"), "-w", "%{http_code}", raw);

        Assert.Equal("304", again.Text);
    }

    [Fact]
    public async Task Curl_decompresses_what_it_asked_for_compressed()
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("words é ", 1000)));
        var made = await CurlAsync(text, "-T", "-", Address);
        var raw = Address + "raw/" + new Uri(made.Text.TrimEnd()).Segments[^1];

        Assert.Equal(text, await CurlBytesAsync("--compressed", raw));
    }

    [Fact]
    public async Task Pastebinit_prints_the_address_of_what_it_pasted()
    {
        var configuration = Path.Combine(_folder, ".pastebin.d");
        Directory.CreateDirectory(configuration);
        // What the site's own page says to save.
        var guide = (await CurlAsync(null, Address + "api")).Text;
        var from = guide.IndexOf("[pastebin]", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(configuration, "pasteur.conf"), guide[from..guide.IndexOf("</pre>", from, StringComparison.Ordinal)], TestContext.Current.CancellationToken);
        var text = "pasted é by pastebinit\n100% & more"u8.ToArray();

        var result = await Tool.RunAsync("pastebinit", ["-b", Address, "-a", "Ada", "-t", "notes.md", "-f", "ocaml"], text, ("HOME", _folder), ("XDG_CONFIG_HOME", _folder));

        Assert.True(result.ExitCode == 0, result.Errors + result.Text);
        Assert.Matches($"^{Address}[0-9a-z]{{10}}\n$", result.Text);
        Assert.Equal(text, await CurlBytesAsync(result.Text.TrimEnd() + "/notes.md"));
    }

    /// <summary>Two libraries from npm that programs paste with: one makes the address itself, one adds an ending to it.</summary>
    [Theory]
    [InlineData("require('hastebin').createPaste(text, { server: site })", "[0-9a-z]{10}")]
    [InlineData("require('hastebin').createPaste(text, { server: site, raw: true, contentType: 'text/x-markdown' })", "raw/[0-9a-z]{10}")]
    [InlineData("require('hastebin-gen')(text, { url: site.slice(0, -1), extension: 'ml' })", "[0-9a-z]{10}\\.ml")]
    public async Task The_hastebin_libraries_of_npm_paste(string call, string path)
    {
        const string Text = "let x = 1 (* é *)\n<b>&amp;\n";
        var web = Path.Combine(SourceTree.Root, "web");
        var script = $"const [site, text] = process.argv.slice(1); {call}.then(link => console.log(link));";

        var result = await Tool.RunAsync("node", ["-e", script, Address, Text], null, ("NODE_PATH", Path.Combine(web, "node_modules")));

        Assert.True(result.ExitCode == 0, result.Errors + result.Text);
        Assert.Matches($"^{Address}{path}\n$", result.Text);
        var code = result.Text.TrimEnd().Split('/')[^1].Split('.')[0];
        Assert.Equal(Text, Encoding.UTF8.GetString(await CurlBytesAsync($"{Address}raw/{code}")));
        await CurlAsync(null, "-f", result.Text.TrimEnd());
    }

    [Theory]
    [InlineData("--data-binary", "@-")]
    [InlineData("-F", "data=<-")]
    public async Task A_client_of_haste_gets_a_key_and_reads_the_document(string option, string value)
    {
        var made = await CurlAsync(s_text, option, value, Address + "documents");
        using var json = JsonDocument.Parse(made.Output);
        var key = json.RootElement.GetProperty("key").GetString();

        using var document = JsonDocument.Parse((await CurlAsync(null, $"{Address}documents/{key}.ml")).Output);
        Assert.Equal(Encoding.UTF8.GetString(s_text), document.RootElement.GetProperty("data").GetString());
        Assert.Equal(s_text, await CurlBytesAsync($"{Address}raw/{key}"));
    }

    [Fact]
    public async Task Unzip_and_tar_take_the_archives()
    {
        var made = await CurlAsync(null, "-F", $"file=@{await FileAsync("a.txt", s_text)}", "-F", $"file=@{await FileAsync("b.bin", s_anyBytes)}", Address);
        var address = made.Text.TrimEnd();
        var code = new Uri(address).Segments[^1];
        await CurlAsync(null, "-o", Path.Combine(_folder, "x.tar"), address + ".tar");
        await CurlAsync(null, "-o", Path.Combine(_folder, "x.zip"), address + ".zip");

        var tar = await Tool.RunAsync("tar", ["-xOf", Path.Combine(_folder, "x.tar"), $"{code}/b.bin"]);
        var zip = await Tool.RunAsync("python3", ["-c", "import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; sys.stdout.buffer.write(z.read(sys.argv[2]))", Path.Combine(_folder, "x.zip"), $"{code}/b.bin"]);

        Assert.Equal(s_anyBytes, tar.Output);
        Assert.Equal(s_anyBytes, zip.Output);
    }

    private static Task<Tool.Result> CurlAsync(byte[]? input, params string[] arguments) => Tool.RunAsync("curl", ["-sS", "--max-time", "30", "--noproxy", "*", .. arguments], input);

    private static async Task<byte[]> CurlBytesAsync(params string[] arguments)
    {
        var result = await CurlAsync(null, ["-f", .. arguments]);
        Assert.True(result.ExitCode == 0, result.Errors);
        return result.Output;
    }

    private Task<byte[]> RawAsync(string address) => CurlBytesAsync($"{Address}raw/{new Uri(address.TrimEnd()).Segments[^1]}");

    private async Task<string> FileAsync(string name, byte[] content)
    {
        var path = Path.Combine(_folder, name);
        await File.WriteAllBytesAsync(path, content, TestContext.Current.CancellationToken);
        return path;
    }
}
