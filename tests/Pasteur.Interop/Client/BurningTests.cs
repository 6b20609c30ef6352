using System.Text;
using Pasteur.Interop.Support;

namespace Pasteur.Interop.Client;

/// <summary><c>pasteur put --burn</c>, and <c>pasteur get</c> of what it makes.</summary>
public sealed class BurningTests : IAsyncLifetime
{
    private const string Canary = "canary-1f0e-burns-in-the-terminal\n";
    private const string Burnt = "this paste is burnt now: the site shows it to nobody any more\n";

    private ClientSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await ClientSite.StartAsync();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Theory]
    [InlineData("--burn")]
    [InlineData("--burn", "--encrypt")]
    [InlineData("--burn", "--passphrase")]
    public async Task It_is_fetched_once_and_standard_error_says_that_it_is_gone(params string[] options)
    {
        (string, string)[] secret = options.Contains("--passphrase") ? [("PASTEUR_PASSPHRASE", "correct horse")] : [];
        var put = await ClientSite.RunAsync(["put", .. options], Encoding.UTF8.GetBytes(Canary), [("PASTEUR_SERVER", _site.Address), .. secret]);
        var link = put.Text.Trim();
        if (link.Contains('#', StringComparison.Ordinal))
        {
            ClientSite.AssertFails(65, "the key behind # is missing", await ClientSite.RunAsync(["get", link.Split('#')[0]], null, secret));
            ClientSite.AssertFails(77, "was not shown; nothing was opened or burnt", await ClientSite.RunAsync(["get", link.Split('#')[0] + "#" + new string('A', 43)], null, secret));
        }
        var got = await ClientSite.RunAsync(["get", link], null, secret);
        Assert.Equal((0, Canary, Burnt), (got.ExitCode, got.Text, got.Errors));
        ClientSite.AssertFails(66, "is burnt", await ClientSite.RunAsync(["get", link], null, secret));
    }

    [Fact]
    public async Task It_is_fetched_as_often_as_was_said_with_all_its_files_into_a_folder()
    {
        var link = await _site.PutLinkAsync(null, "--reads", "2", _site.File("a.c", "int a;\n"), _site.File("b.bin", [0, 1, 255]));
        for (var left = 1; left >= 0; left--)
        {
            var folder = _site.Folder[$"out{left}"];
            var got = await ClientSite.RunAsync(["get", link, "-o", folder]);
            Assert.Equal((0, left == 1 ? "this paste can be opened 1 more time, and is burnt then\n" : Burnt), (got.ExitCode, got.Errors));
            Assert.Equal("int a;\n", await File.ReadAllTextAsync(Path.Combine(folder, "a.c"), TestContext.Current.CancellationToken));
            Assert.Equal([0, 1, 255], await File.ReadAllBytesAsync(Path.Combine(folder, "b.bin"), TestContext.Current.CancellationToken));
        }
        ClientSite.AssertFails(66, "is burnt", await ClientSite.RunAsync(["get", link]));
    }

    [Fact]
    public async Task What_cannot_be_saved_is_not_opened_or_not_lost()
    {
        var taken = _site.File("taken", "mine");
        var link = await _site.PutLinkAsync(Encoding.UTF8.GetBytes(Canary), "--burn");
        ClientSite.AssertFails(73, "The paste was not opened", await ClientSite.RunAsync(["get", link, "-o", taken]));
        var got = await ClientSite.RunAsync(["get", link, "-o", Path.Combine(taken, "below")]);
        Assert.Equal(73, got.ExitCode);
        var folder = got.Errors.Trim().Split(" is in ")[^1];
        Assert.Equal(Canary, await File.ReadAllTextAsync(Directory.GetFiles(folder).Single(), TestContext.Current.CancellationToken));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        Directory.Delete(folder, recursive: true);

        // Two files, and no folder to put them in.
        var two = await _site.PutLinkAsync(null, "--burn", _site.File("a", "1"), _site.File("b", "2"));
        got = await ClientSite.RunAsync(["get", two]);
        Assert.Equal((64, ""), (got.ExitCode, got.Text));
        folder = got.Errors.Trim().Split(" is in ")[^1];
        Assert.Equal(2, Directory.GetFiles(folder).Length);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData(null)] // and no terminal to ask on
    public async Task What_its_passphrase_does_not_open_is_kept_sealed_and_opens_when_it_is_pasted_again(string? passphrase)
    {
        var put = await ClientSite.RunAsync(["put", "--burn", "--passphrase"], Encoding.UTF8.GetBytes(Canary), [("PASTEUR_SERVER", _site.Address), ("PASTEUR_PASSPHRASE", "correct horse")]);
        var link = put.Text.Trim();
        var got = await ClientSite.RunAsync(["get", link], null, passphrase is null ? [] : [("PASTEUR_PASSPHRASE", passphrase)]);
        Assert.NotEqual(0, got.ExitCode);
        Assert.Equal("", got.Text);
        var folder = got.Errors.Trim().Split(" is in ")[^1];
        var kept = Directory.GetFiles(folder).Single();

        using var form = new MultipartFormDataContent
        {
            { new StringContent("v1"), "encrypted" },
            { new ByteArrayContent(await File.ReadAllBytesAsync(kept, TestContext.Current.CancellationToken)), "file", Path.GetFileName(kept) },
        };
        Directory.Delete(folder, recursive: true);
        using var http = new HttpClient();
        using var answer = await http.PostAsync(_site.Address, form, TestContext.Current.CancellationToken);
        var again = (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Trim() + "#" + link.Split('#')[1];
        got = await ClientSite.RunAsync(["get", again], null, ("PASTEUR_PASSPHRASE", "correct horse"));
        Assert.Equal((0, Canary), (got.ExitCode, got.Text));
    }

    [Fact]
    public async Task Wrong_options_are_told()
    {
        ClientSite.AssertFails(64, "from 1 to 100", await _site.PutAsync("x"u8.ToArray(), "--reads", "0"));
        ClientSite.AssertFails(64, "are for new pastes", await ClientSite.RunAsync(["put", "--burn", "--update", _site.Address + "0123456789", "--token", "x"], "x"u8.ToArray()));
    }
}
