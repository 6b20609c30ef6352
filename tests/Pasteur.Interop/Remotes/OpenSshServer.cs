using Pasteur.Keys;

namespace Pasteur.Interop.Remotes;

/// <summary>OpenSSH's sshd.</summary>
internal sealed class OpenSshServer : SshServer
{
    private readonly OpenSshOptions _options;

    private OpenSshServer(OpenSshOptions options) => _options = options;

    /// <summary>How often somebody has logged in.</summary>
    public int Logins => Log.Count(line => line.Contains("Accepted publickey", StringComparison.Ordinal));

    protected override string Shell => _options.ForcedCommand is null ? "/usr/bin/git-shell" : "/bin/sh";

    public static async Task<OpenSshServer> StartAsync(OpenSshOptions? options = null)
    {
        var server = new OpenSshServer(options ?? new OpenSshOptions());
        try
        {
            server.Prepare();
            await server.ListenAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public void LetIn(string publicLine) =>
        Authorize(_options.ForcedCommand is { } script ? $"restrict,command=\"{Script("forced", script)}\"" : "restrict", publicLine);

    protected override string[] Command() => ["/usr/sbin/sshd", "-D", "-e", "-f", Own["sshd_config"]];

    private void Prepare()
    {
        Prepare(_options.HostKeys);
        using (var key = SshKey.FromSeed(Seed))
            LetIn(key.PublicLine);
        File.WriteAllLines(Own["sshd_config"],
        [
            $"Port {Port}", "ListenAddress 127.0.0.1", .. _options.HostKeys.Select(type => $"HostKey {HostKey(type)}"), "PidFile none",
            "PasswordAuthentication no", "KbdInteractiveAuthentication no", "StrictModes no", "UsePAM no", .. _options.Config,
        ]);
    }
}

internal sealed record OpenSshOptions
{
    public string[] HostKeys { get; init; } = ["ed25519"];

    /// <summary>Null: the account's shell is git-shell. Else this script runs whatever is asked for.</summary>
    public string? ForcedCommand { get; init; }

    public string[] Config { get; init; } = ["AcceptEnv GIT_PROTOCOL"];
}
