using System.Diagnostics;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>The real git daemon.</summary>
internal sealed class GitDaemon : BareRepositories
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly int _port = Ports.Free();
    private readonly string[] _arguments;
    private Process? _process;

    private GitDaemon(string[] arguments) => _arguments = arguments;

    public int Port => _port;

    public static Task<GitDaemon> StartAsync(bool readOnly = false) =>
        StartAsync(["--export-all", "--informative-errors", .. readOnly ? Array.Empty<string>() : ["--enable=receive-pack"]]);

    /// <summary>On ::1 as well.</summary>
    public static Task<GitDaemon> StartOnBothAsync() => StartAsync(["--listen=::1", "--export-all", "--informative-errors", "--enable=receive-pack"]);

    /// <summary>It shows what is marked git-daemon-export-ok alone, takes pushes, and says no more than it must.</summary>
    public static Task<GitDaemon> StartTaciturnAsync() => StartAsync(["--enable=receive-pack"]);

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
        string[] arguments = ["--reuseaddr", "--listen=127.0.0.1", $"--port={_port}", $"--base-path={Folder}", .. _arguments];
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

    private static async Task<GitDaemon> StartAsync(string[] arguments)
    {
        var daemon = new GitDaemon(arguments);
        await daemon.StartAsync();
        return daemon;
    }
}
