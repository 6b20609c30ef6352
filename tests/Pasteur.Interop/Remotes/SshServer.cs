using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Pasteur.Configuration;
using Pasteur.Interop.Support;
using Pasteur.Keys;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>
/// A real SSH server with an account named git. The account is known to this server alone: it runs in a mount namespace with an
/// /etc/passwd of its own.
/// </summary>
internal abstract class SshServer : BareRepositories
{
    private const string InNamespace = "mkdir -p /run/sshd && mount --bind \"$1\" /etc/passwd && shift && exec \"$@\"";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentQueue<string> _log = new();
    private Process? _process;

    public int Port { get; } = Ports.Free();

    /// <summary>Where the server keeps its own: keys, settings, the account's home.</summary>
    public TemporaryFolder Own { get; } = new();

    public string Home => Own["home"];

    /// <summary>What the account logs in with unless a test says otherwise.</summary>
    public SshSeed Seed { get; } = SshSeed.Generate(KeyType.Ed25519);

    public IReadOnlyCollection<string> Log => _log;

    protected virtual string Shell => "/bin/sh";

    public string Url(string name = "r.git") => $"ssh://git@127.0.0.1:{Port}{Path(name)}";

    public string CreateSeedling(string name = "r.git")
    {
        MakeSeedling(name);
        return Url(name);
    }

    /// <summary>Lets a site in with the account's key, and the host key of one type pinned.</summary>
    public SyncHostOptions Options(string? folder = null, string pinned = "ed25519") => new()
    {
        Folder = folder,
        Access = s => s with { Ssh = new SshSettings { Seed = Seed, HostKeys = [new HostKeyPin(Fingerprint(pinned))] } },
    };

    /// <summary>As the stock ssh-keygen prints it.</summary>
    public string Fingerprint(string type) => Keygen("-l", "-E", "sha256", "-f", HostKey(type) + ".pub").Split(' ')[1];

    public async Task ListenAsync()
    {
        string[] words = ["-m", "sh", "-c", InNamespace, "sh", Own["passwd"], .. Command()];
        _process = Process.Start(new ProcessStartInfo("unshare", words) { RedirectStandardError = true })!;
        _process.ErrorDataReceived += (_, e) => _log.Enqueue(e.Data ?? "");
        _process.BeginErrorReadLine();
        using var patience = new CancellationTokenSource(s_patience);
        while (!await AnswersAsync(Port))
        {
            Assert.False(_process.HasExited, $"the SSH server ended: {string.Join('\n', _log)}");
            await Task.Delay(20, patience.Token);
        }
    }

    public async Task StopAsync()
    {
        if (_process is null)
            return;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Ends the connections that are open, in the middle of whatever they do.</summary>
    public void CutConnections()
    {
        foreach (var id in Sessions())
        {
            using var session = Process.GetProcessById(id);
            session.Kill(entireProcessTree: true);
        }
    }

    /// <summary>The processes that serve one connection each.</summary>
    public int[] Sessions() =>
        [.. File.ReadAllText($"/proc/{_process!.Id}/task/{_process.Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture))];

    public override async ValueTask DisposeAsync()
    {
        await StopAsync();
        Own.Dispose();
        await base.DisposeAsync();
    }

    protected abstract string[] Command();

    protected string HostKey(string type) => Own["host_" + type];

    /// <summary>Makes host keys, the account and its home.</summary>
    protected void Prepare(params string[] hostKeyTypes)
    {
        foreach (var type in hostKeyTypes)
            Keygen("-q", "-t", type, "-N", "", "-f", HostKey(type));
        Directory.CreateDirectory(System.IO.Path.Combine(Home, ".ssh"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(Own["passwd"], $"{File.ReadAllText("/etc/passwd").TrimEnd()}\ngit:*:0:0::{Home}:{Shell}\n");
    }

    /// <summary>Adds a line to authorized_keys (sshd(8)), with the options that stand before the key.</summary>
    protected void Authorize(string options, string publicLine) =>
        File.AppendAllText(System.IO.Path.Combine(Home, ".ssh", "authorized_keys"), $"{options} {publicLine}\n".TrimStart());

    /// <summary>A script for a forced command.</summary>
    protected string Script(string name, string text)
    {
        File.WriteAllText(Own[name], "#!/bin/sh\n" + text + "\n");
        File.SetUnixFileMode(Own[name], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return Own[name];
    }

    protected static string Keygen(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ssh-keygen", arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output.TrimEnd();
    }
}
