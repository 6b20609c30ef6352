using Pasteur.Tests.Support;
using Pasteur.Interop.Support;

namespace Pasteur.Interop.Client;

/// <summary><c>pasteur put --update</c> and <c>pasteur delete</c>.</summary>
public sealed class OwnerTests : IAsyncLifetime
{
    private ClientSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await ClientSite.StartAsync();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task A_paste_gets_a_new_revision_under_its_old_link_and_is_deleted()
    {
        var (link, token) = await PutAsync("one"u8.ToArray(), "--name", "a.txt");

        var updated = await WithTokenAsync(token, "two"u8.ToArray(), "put", "--update", link, "--comment", "better");

        Assert.Equal((0, link + "\n", ""), (updated.ExitCode, updated.Text, updated.Errors));
        Assert.Equal("two"u8.ToArray(), await ClientSite.GetBytesAsync(link));
        Assert.Equal("one"u8.ToArray(), await ClientSite.GetBytesAsync(link + "@1"));
        Assert.Equal("two"u8.ToArray(), await ClientSite.GetBytesAsync(link + "/a.txt"));

        var deleted = await WithTokenAsync(token, null, "delete", link);
        Assert.Equal((0, ""), (deleted.ExitCode, deleted.Text));
        Assert.Contains("history keeps it", deleted.Errors, StringComparison.Ordinal);
        ClientSite.AssertFails(66, "There is nothing here", await ClientSite.RunAsync(["get", link]));
        ClientSite.AssertFails(77, "This token does not open", await WithTokenAsync(token, null, "delete", link));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("correct horse")]
    public async Task An_encrypted_paste_keeps_its_key(string? passphrase)
    {
        (string, string)[] secret = passphrase is null ? [] : [("PASTEUR_PASSPHRASE", passphrase)];
        var put = await ClientSite.RunAsync(["put", "--encrypt"], "canary one"u8.ToArray(), [("PASTEUR_SERVER", _site.Address), .. secret]);
        var (link, token) = (put.Text.Trim(), put.Errors.Trim().Split(' ')[1]);

        var updated = await ClientSite.RunAsync(["put", "--update", link], "canary two"u8.ToArray(), [("PASTEUR_TOKEN", token), .. secret]);

        Assert.Equal((0, link + "\n"), (updated.ExitCode, updated.Text));
        Assert.Equal("canary two"u8.ToArray(), await ClientSite.GetBytesAsync(link, secret));
        Assert.Equal("canary one"u8.ToArray(), await ClientSite.GetBytesAsync(link.Replace("#", "@1#", StringComparison.Ordinal), secret));
        var raw = await _site.Process.Http.GetByteArrayAsync("raw" + new Uri(link).AbsolutePath, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("canary", System.Text.Encoding.Latin1.GetString(raw), StringComparison.Ordinal);

        // Without the key it would be stored in clear.
        var bare = link.Split('#')[0];
        ClientSite.AssertFails(65, "must be of the same kind", await WithTokenAsync(token, "canary"u8.ToArray(), "put", "--update", bare));
        ClientSite.AssertFails(65, "the key behind # is missing or cut", await WithTokenAsync(token, "canary"u8.ToArray(), "put", "--update", link[..^3]));
    }

    [Theory]
    [InlineData("put")]
    [InlineData("put", "--encrypt")]
    public async Task With_expires_and_no_file_only_its_end_changes(params string[] how)
    {
        var put = await ClientSite.RunAsync(how, "canary one"u8.ToArray(), ("PASTEUR_SERVER", _site.Address));
        var (link, token) = (put.Text.Trim(), put.Errors.Trim().Split(' ')[1]);

        var ended = await WithTokenAsync(token, null, "put", "--update", link, "--expires", "1h");
        Assert.Equal((0, link + "\n", ""), (ended.ExitCode, ended.Text, ended.Errors));
        Assert.Equal("canary one"u8.ToArray(), await ClientSite.GetBytesAsync(link));
        Assert.Contains("\"expires\":\"20", await _site.Process.Http.GetStringAsync("api/v1/pastes" + new Uri(link).AbsolutePath, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        ClientSite.AssertFails(65, "is in the past", await WithTokenAsync(token, null, "put", "--update", link, "--expires", "2001-01-01T00:00:00Z"));

        // With a file, both.
        var both = await WithTokenAsync(token, "canary two"u8.ToArray(), "put", "--update", link, "--expires", "1s", "-");
        Assert.Equal((0, link + "\n"), (both.ExitCode, both.Text));
        await Task.Delay(2200, TestContext.Current.CancellationToken);
        ClientSite.AssertFails(66, "This paste has ended", await ClientSite.RunAsync(["get", link]));
    }

    [Theory]
    [InlineData]
    [InlineData("--encrypt")]
    public async Task A_bare_number_is_seconds_also_for_a_file_that_is_named(params string[] how)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["a.txt"], "canary", TestContext.Current.CancellationToken);
        var put = await ClientSite.RunAsync(["put", .. how, "--expires", "2", folder["a.txt"]], null, ("PASTEUR_SERVER", _site.Address));
        Assert.Equal(0, put.ExitCode);
        await Task.Delay(3500, TestContext.Current.CancellationToken);
        ClientSite.AssertFails(66, "This paste has ended", await ClientSite.RunAsync(["get", put.Text.Trim()]));
    }

    /// <summary>Links to what is no more: one line says what became of it, with its key or without.</summary>
    [Theory]
    [InlineData("put")]
    [InlineData("put", "--encrypt")]
    public async Task What_has_ended_was_read_deleted_or_erased_is_told_in_a_line(params string[] how)
    {
        async Task<(string Link, string Token)> PutAsync(params string[] more)
        {
            var put = await ClientSite.RunAsync([.. how, .. more], "canary one"u8.ToArray(), ("PASTEUR_SERVER", _site.Address));
            return (put.Text.Trim(), put.Errors.Trim().Split(' ')[1]);
        }
        var ended = await PutAsync("--expires", "1s");
        var read = await PutAsync("--burn");
        Assert.Equal(0, (await ClientSite.RunAsync(["get", read.Link])).ExitCode);
        var deleted = await PutAsync();
        Assert.Equal(0, (await WithTokenAsync(deleted.Token, null, "delete", deleted.Link)).ExitCode);
        await Task.Delay(2200, TestContext.Current.CancellationToken);
        ClientSite.AssertFails(66, "This paste has ended", await ClientSite.RunAsync(["get", ended.Link]));
        ClientSite.AssertFails(66, "is burnt", await ClientSite.RunAsync(["get", read.Link]));
        var gone = await ClientSite.RunAsync(["get", deleted.Link]);
        ClientSite.AssertFails(66, "deleted", gone);
        Assert.Contains("ended", gone.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_token_is_told_on_one_line_that_does_not_repeat_it()
    {
        var (link, _) = await PutAsync("one"u8.ToArray());
        var result = await WithTokenAsync("canarycanarycanarycanary00", "two"u8.ToArray(), "put", "--update", link);

        ClientSite.AssertFails(77, "This token does not open a paste of this address", result);
        Assert.DoesNotContain("canary", result.Errors, StringComparison.Ordinal);
        Assert.Equal("one"u8.ToArray(), await ClientSite.GetBytesAsync(link));
    }

    private async Task<(string Link, string Token)> PutAsync(byte[] input, params string[] arguments)
    {
        var put = await _site.PutAsync(input, arguments);
        return (put.Text.Trim(), put.Errors.Trim().Split(' ')[1]);
    }

    private static Task<Tool.Result> WithTokenAsync(string token, byte[]? input, params string[] arguments) => ClientSite.RunAsync(arguments, input, ("PASTEUR_TOKEN", token));
}
