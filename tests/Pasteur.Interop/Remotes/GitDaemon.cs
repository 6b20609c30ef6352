using System.Diagnostics;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>The real git daemon.</summary>
internal sealed class GitDaemon : BareRepositories
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly int _port = FreePort();
    private readonly bool _readOnly;
    private Process? _process;

    private GitDaemon(bool readOnly) => _readOnly = readOnly;

    public static async Task<GitDaemon> StartAsync(bool readOnly = false)
    {
        var daemon = new GitDaemon(readOnly);
        await daemon.StartAsync();
        return daemon;
    }

    public string Url(string name) => $"git://127.0.0.1:{_port}/{name}";

    public string CreateEmpty(string name = "r.git")
    {
        MakeEmpty(name);
        return Url(name);
    }

    public string CreateSeedling(string name = "r.git")
    {
        MakeSeedling(name);
        return Url(name);
    }

    public async Task StartAsync()
    {
        var daemon = System.IO.Path.Combine(StockGit.Run(Folder, "--exec-path"), "git-daemon");
        string[] arguments =
        [
            "--reuseaddr", "--listen=127.0.0.1", $"--port={_port}", $"--base-path={Folder}", "--export-all", "--informative-errors",
            .. _readOnly ? Array.Empty<string>() : ["--enable=receive-pack"],
        ];
        _process = Process.Start(new ProcessStartInfo(daemon, arguments) { RedirectStandardError = true })!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        using var patience = new CancellationTokenSource(s_patience);
        while (!await AnswersAsync(_port))
            await Task.Delay(20, patience.Token);
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

    public override async ValueTask DisposeAsync()
    {
        await StopAsync();
        await base.DisposeAsync();
    }
}
