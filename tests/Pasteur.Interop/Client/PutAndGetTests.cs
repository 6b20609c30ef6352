using System.Text;
using System.Text.Json;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Client;

/// <summary><c>pasteur put</c> and <c>pasteur get</c>, each as a process of its own, against the site.</summary>
public sealed class PutAndGetTests : IAsyncLifetime
{
    private static readonly byte[] s_text = "let x = \"é\t<b>\";\r\n  100% & more = +\nend"u8.ToArray();
    private static readonly byte[] s_anyBytes = [.. Enumerable.Range(0, 4096).Select(i => (byte)(i * 7 % 251))];

    private ClientSite _site = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _site = await ClientSite.StartAsync();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Theory]
    [InlineData()]
    [InlineData("--encrypt")]
    [InlineData("-")]
    [InlineData("-e", "-")]
    public async Task Standard_input_comes_back_byte_for_byte(params string[] arguments)
    {
        foreach (var content in new[] { s_text, s_anyBytes, [0] })
        {
            var link = await _site.PutLinkAsync(content, arguments);

            Assert.Equal(arguments.Any(a => a is "-e" or "--encrypt"), link.Contains('#', StringComparison.Ordinal));
            Assert.Equal(content, await ClientSite.GetBytesAsync(link));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_mebibyte_comes_back_from_file_and_from_pipe(bool isEncrypted)
    {
        // Less than the site takes: an envelope is padded by a few percent.
        var content = new byte[isEncrypted ? 900_000 : 1 << 20];
        new Random(1).NextBytes(content);
        string[] options = isEncrypted ? ["-e"] : [];

        Assert.Equal(content, await ClientSite.GetBytesAsync(await _site.PutLinkAsync(content, options)));
        Assert.Equal(content, await ClientSite.GetBytesAsync(await _site.PutLinkAsync(null, [.. options, _site.File("large", content)])));
    }

    [Fact]
    public async Task File_keeps_its_name_and_what_is_said_of_it()
    {
        var link = await _site.PutLinkAsync(null, _site.File("é \"q\" 100%.ml", s_text), "--comment", "why é?", "--user", "Ada");
        var named = await _site.PutLinkAsync(s_text, "--name", "b.py", "--language", "rust");

        var paste = await InfoAsync(link);
        Assert.Equal("é \"q\" 100%.ml", paste.GetProperty("files")[0].GetProperty("name").GetString());
        Assert.Equal("why é?", paste.GetProperty("comment").GetString());
        Assert.Equal("Ada", paste.GetProperty("author").GetString());
        Assert.Equal("b.py", (await InfoAsync(named)).GetProperty("files")[0].GetProperty("name").GetString());
        Assert.Equal("rust", (await InfoAsync(named)).GetProperty("language").GetString());
        Assert.Equal(s_text, await ClientSite.GetBytesAsync(link + "/" + Uri.EscapeDataString("é \"q\" 100%.ml")));
        Assert.Equal(s_text, await ClientSite.GetBytesAsync(link + "?ln=true#L2-L3"));
        Assert.Equal(s_text, await ClientSite.GetBytesAsync(link + ".ml"));
        Assert.Equal(s_text, await ClientSite.GetBytesAsync(link.Insert(_site.Address.Length, "raw/")));
    }

    [Fact]
    public async Task File_of_proc_and_named_pipe_are_read_though_they_have_no_length()
    {
        var link = await _site.PutLinkAsync(null, "/proc/version");
        var pipe = _site.Folder["pipe"];
        await Tool.RunAsync("mkfifo", [pipe]);
        var put = _site.PutLinkAsync(null, pipe);
        await File.WriteAllBytesAsync(pipe, s_text, Cancel);

        Assert.Equal(await File.ReadAllBytesAsync("/proc/version", Cancel), await ClientSite.GetBytesAsync(link));
        Assert.Equal(s_text, await ClientSite.GetBytesAsync(await put));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Several_files_are_one_paste_and_come_back_into_a_folder(bool isEncrypted)
    {
        string[] options = isEncrypted ? ["--encrypt"] : [];
        var link = await _site.PutLinkAsync(s_text, [.. options, _site.File("a.c", "int a;"), _site.File("b é.bin", s_anyBytes), "-"]);
        var folder = _site.Folder["out"];

        ClientSite.AssertFails(64, "the paste has 3 files; give -o FOLDER", await ClientSite.RunAsync(["get", link]));
        var first = await ClientSite.RunAsync(["get", link, "-o", folder]);
        Assert.True(first.ExitCode == 0, first.Errors);
        Assert.Equal(["a.c", "b é.bin", "paste.txt"], Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(s_anyBytes, await File.ReadAllBytesAsync(Path.Combine(folder, "b é.bin"), Cancel));
        Assert.Equal(s_text, await File.ReadAllBytesAsync(Path.Combine(folder, "paste.txt"), Cancel));

        // One that is there keeps all of them from being written.
        File.Delete(Path.Combine(folder, "a.c"));
        await File.WriteAllTextAsync(Path.Combine(folder, "b é.bin"), "mine", Cancel);
        ClientSite.AssertFails(73, "b é.bin is there already; give --force", await ClientSite.RunAsync(["get", link, "-o", folder]));
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(folder, "b é.bin"), Cancel));
        Assert.False(File.Exists(Path.Combine(folder, "a.c")));
        Assert.Equal(0, (await ClientSite.RunAsync(["get", link, "-o", folder, "--force"])).ExitCode);
        Assert.Equal(s_anyBytes, await File.ReadAllBytesAsync(Path.Combine(folder, "b é.bin"), Cancel));
    }

    [Fact]
    public async Task One_file_is_saved_where_asked_and_never_over_another()
    {
        var link = await _site.PutLinkAsync(null, _site.File("in.txt", s_text));
        var (path, folder) = (_site.Folder["out.txt"], _site.Folder["new"] + "/");

        Assert.Equal(0, (await ClientSite.RunAsync(["get", "-o", path, link])).ExitCode);
        Assert.Equal(0, (await ClientSite.RunAsync(["get", "-o", folder, link])).ExitCode);
        Assert.Equal(s_text, await File.ReadAllBytesAsync(path, Cancel));
        Assert.Equal(s_text, await File.ReadAllBytesAsync(folder + "in.txt", Cancel));
        ClientSite.AssertFails(73, "is there already", await ClientSite.RunAsync(["get", "-o", path, link]));
        ClientSite.AssertFails(73, "can't write", await ClientSite.RunAsync(["get", "-o", _site.Folder["no/such/folder"], link]));
        ClientSite.AssertFails(66, "nothing here", await ClientSite.RunAsync(["get", "-o", _site.Folder["none"], _site.Address + "zzzzzzzzzz"]));
        Assert.False(File.Exists(_site.Folder["none"]));
    }

    [Fact]
    public async Task Encrypted_paste_tells_the_site_nothing_of_what_is_inside()
    {
        var link = await _site.PutLinkAsync(null, "--encrypt", _site.File("canary-name.ml", "canary-text"), "--language", "ocaml");

        var page = await Tool.RunAsync("curl", ["-sS", "--noproxy", "*", link.Split('#')[0].Insert(_site.Address.Length, "raw/")]);
        Assert.Equal("PstrEnv\n\u0001\0", Encoding.Latin1.GetString(page.Output, 0, 10));
        Assert.DoesNotContain("canary", Encoding.Latin1.GetString(page.Output), StringComparison.Ordinal);
        var info = (await InfoAsync(link)).ToString();
        Assert.DoesNotContain("canary", info, StringComparison.Ordinal);
        Assert.DoesNotContain("ocaml", info, StringComparison.Ordinal);
        Assert.DoesNotContain(link.Split('#')[1], string.Join('\n', _site.Process.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_cut_or_missing_key_is_told_on_one_line_that_does_not_repeat_it()
    {
        var link = await _site.PutLinkAsync(s_text, "--encrypt");
        var (page, key) = (link.Split('#')[0], link.Split('#')[1]);
        var wrong = new string('A', 42) + "E";
        foreach (var (given, words) in ((string, string)[])[
            (wrong, "wrong key, or the paste was changed or cut"),
            (key[..20], "the key behind # is missing or cut"),
            ("", "the key behind # is missing or cut"),
            (key + "xx", "the key behind # is missing or cut")])
        {
            var result = await ClientSite.RunAsync(["get", $"{page}#{given}"]);

            ClientSite.AssertFails(65, words, result);
            if (given.Length > 0) Assert.DoesNotContain(given, result.Errors, StringComparison.Ordinal);
        }
        var plain = await _site.PutLinkAsync(s_text);
        ClientSite.AssertFails(65, "this is no encrypted paste", await ClientSite.RunAsync(["get", $"{plain}#{key}"]));
        Assert.Equal(s_text, await ClientSite.GetBytesAsync($"{page}?ln=true#{key}.L1-L2"));
    }

    [Fact]
    public async Task Paste_that_the_OCaml_Pasteur_encrypted_opens_with_its_old_link()
    {
        using var folder = new TemporaryFolder();
        await using var site = await ClientSite.StartAsync("--remote", OldRepository.Make(folder));
        var page = site.Address + OldRepository.Id;

        Assert.Equal("hello, world\n"u8.ToArray(), await ClientSite.GetBytesAsync($"{page}#{OldRepository.Key}"));
        Assert.Equal("hello, world\n"u8.ToArray(), await ClientSite.GetBytesAsync($"{page}?ln=true#{OldRepository.Key.Replace("=", "%3D", StringComparison.Ordinal)}"));
        var cut = await ClientSite.RunAsync(["get", $"{page}#{OldRepository.Key[..40]}"]);
        ClientSite.AssertFails(65, "the key behind # is missing or cut", cut);
        Assert.DoesNotContain(OldRepository.Key[..12], cut.Errors + string.Join('\n', site.Process.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_that_grows_while_it_is_sent_is_pasted_as_it_was()
    {
        var path = _site.File("growing.log", s_text);
        await using var log = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        using var stop = new CancellationTokenSource();
        var growing = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested && log.Length < 900_000)
            {
                await log.WriteAsync("more\n"u8.ToArray(), CancellationToken.None);
                await log.FlushAsync(CancellationToken.None);
            }
        }, Cancel);
        try
        {
            for (var times = 0; times < 5; times++)
            {
                var content = await ClientSite.GetBytesAsync(await _site.PutLinkAsync(null, path));
                Assert.Equal(s_text, content[..s_text.Length]);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await growing;
        }
    }

    [Fact]
    public async Task What_a_shell_hands_over_as_a_pipe_has_no_name()
    {
        var put = await Tool.RunAsync("bash", ["-c", "\"$0\" put <(printf one) <(printf two)", PasteurProcess.ProgramPath], null, ("PASTEUR_SERVER", _site.Address), ("http_proxy", ""));
        Assert.True(put.ExitCode == 0, put.Errors);
        Assert.Equal(["paste.txt", "paste-2.txt"], (await InfoAsync(put.Text.TrimEnd('\n'))).GetProperty("files").EnumerateArray().Select(file => file.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Passphrase_of_the_variable_encrypts_and_opens()
    {
        (string, string) server = ("PASTEUR_SERVER", _site.Address), passphrase = ("PASTEUR_PASSPHRASE", "pâté canary");
        var put = await ClientSite.RunAsync(["put"], s_text, server, passphrase);
        var link = put.Text.TrimEnd('\n');

        Assert.Contains('#', link);
        Assert.Equal(s_text, await ClientSite.GetBytesAsync(link, ("PASTEUR_PASSPHRASE", "pa\u0302te\u0301 canary")));
        ClientSite.AssertFails(65, "wrong key or passphrase", await ClientSite.RunAsync(["get", link], null, ("PASTEUR_PASSPHRASE", "pate canary")));
    }

    [Fact]
    public async Task What_the_site_refuses_is_told_in_its_words()
    {
        ClientSite.AssertFails(65, "A paste has at most 1 MiB.", await _site.PutAsync(null, _site.File("large", new byte[3 << 20])));
        ClientSite.AssertFails(65, "There is nothing to paste: the text is empty.", await _site.PutAsync([]));
        ClientSite.AssertFails(65, "there is nothing to paste: the text is empty", await _site.PutAsync([], "--encrypt"));
        ClientSite.AssertFails(66, "there is no such file", await _site.PutAsync(null, _site.Folder["none"]));
        ClientSite.AssertFails(66, "it is a folder", await _site.PutAsync(null, _site.Folder[""]));
        ClientSite.AssertFails(66, "There is nothing here.", await ClientSite.RunAsync(["get", _site.Address + "zzzzzzzzzz"]));
        ClientSite.AssertFails(66, "There is nothing here.", await ClientSite.RunAsync(["get", _site.Address + "a/b/zzzzzzzzzz"]));
    }

    [Fact]
    public async Task Full_disk_is_told_and_a_reader_that_has_enough_is_not()
    {
        var link = await _site.PutLinkAsync(new byte[1 << 20]);

        var full = await Tool.RunAsync("sh", ["-c", "\"$0\" get \"$1\" >/dev/full", PasteurProcess.ProgramPath, link]);
        ClientSite.AssertFails(73, "can't write to standard output: No space left on device", full);
        var enough = await Tool.RunAsync("sh", ["-c", "\"$0\" get \"$1\" | head -c 10 | wc -c", PasteurProcess.ProgramPath, link]);
        Assert.Equal(("10", ""), (enough.Text.Trim(), enough.Errors));
    }

    [Fact]
    public async Task Endless_input_ends_with_a_line()
    {
        // The client's memory is bounded below what it is made to read.
        var result = await Tool.RunAsync("sh", ["-c", "exec timeout 50 \"$0\" put /dev/zero", PasteurProcess.ProgramPath], null, ("PASTEUR_SERVER", _site.Address), ("DOTNET_GCHeapHardLimit", "4000000"));

        Assert.True(result.ExitCode is 65 or 69, $"{result.ExitCode}: {result.Errors}");
        Assert.Contains(result.ExitCode == 65 ? "at most 1 MiB" : "may be larger than the site takes", result.Errors, StringComparison.Ordinal);
    }

    private async Task<JsonElement> InfoAsync(string link)
    {
        var answer = await _site.Process.GetAsync("api/v1/pastes/" + new Uri(link).Segments[^1] + "?content=false");
        var info = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement;
        Assert.False(info.GetProperty("files")[0].TryGetProperty("content", out var content) && content.ValueKind != JsonValueKind.Null);
        return info;
    }
}
