using Pasteur.Interop.Support;
using Pasteur.Keys;

namespace Pasteur.Interop.Remotes;

/// <summary>gitolite3 behind sshd: one account, and rules for who may do what in which repository.</summary>
internal sealed class GitoliteServer : SshServer
{
    public static async Task<GitoliteServer> StartAsync()
    {
        var server = new GitoliteServer();
        try
        {
            await server.PrepareAsync();
            await server.ListenAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>One that gitolite made: "testing", which all may write, "shown", which all may read, or "gitolite-admin", which our key may not even read.</summary>
    public string UrlOf(string repository) => $"ssh://git@127.0.0.1:{Port}/{repository}";

    public string PathOf(string repository) => System.IO.Path.Combine(Home, "repositories", repository + ".git");

    protected override string[] Command() => ["/usr/sbin/sshd", "-D", "-e", "-f", Own["sshd_config"]];

    private async Task PrepareAsync()
    {
        Prepare("ed25519");
        using var key = SshKey.FromSeed(Seed);
        using var admin = SshKey.FromSeed(SshSeed.Generate(KeyType.Ed25519));
        Directory.CreateDirectory(Own["keys"]);
        await File.WriteAllTextAsync(Own["keys/admin.pub"], admin.PublicLine + "\n");
        await GitoliteAsync("setup", "-pk", Own["keys/admin.pub"]);
        // The way a site's owner would do it, without the push to gitolite-admin.
        Directory.CreateDirectory(System.IO.Path.Combine(Home, ".gitolite", "keydir"));
        await File.WriteAllTextAsync(System.IO.Path.Combine(Home, ".gitolite", "keydir", "pasteur.pub"), key.PublicLine + "\n");
        await File.AppendAllTextAsync(System.IO.Path.Combine(Home, ".gitolite", "conf", "gitolite.conf"), "\nrepo shown\n    R = @all\n");
        await GitoliteAsync("compile");
        await GitoliteAsync("trigger", "POST_COMPILE");
        await File.WriteAllLinesAsync(Own["sshd_config"],
        [
            $"Port {Port}", "ListenAddress 127.0.0.1", $"HostKey {HostKey("ed25519")}", "PidFile none",
            "PasswordAuthentication no", "KbdInteractiveAuthentication no", "StrictModes no", "UsePAM no", "AcceptEnv GIT_PROTOCOL",
        ]);
    }

    private async Task GitoliteAsync(params string[] arguments)
    {
        var result = await Tool.RunAsync("gitolite", arguments, null, ("HOME", Home), ("USER", "git"), ("LOGNAME", "git"), ("GIT_CONFIG_GLOBAL", "/dev/null"));
        Assert.True(result.ExitCode == 0, $"gitolite {string.Join(' ', arguments)}: {result.Errors}{result.Text}");
    }
}
