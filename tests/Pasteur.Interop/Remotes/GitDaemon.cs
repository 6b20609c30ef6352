using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>The real git daemon over a folder of bare repositories that judge what they are sent.</summary>
internal sealed class GitDaemon : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort();
    private readonly string[] _arguments;
    private Process? _process;

    private GitDaemon(string[] arguments) => _arguments = arguments;

    public string Folder => _folder.Path;

    public int Port => _port;

    public static Task<GitDaemon> StartAsync(bool readOnly = false) =>
        StartAsync(["--export-all", "--informative-errors", .. readOnly ? Array.Empty<string>() : ["--enable=receive-pack"]]);

    /// <summary>It shows what is marked git-daemon-export-ok alone, takes pushes, and says no more than it must.</summary>
    public static Task<GitDaemon> StartTaciturnAsync() => StartAsync(["--enable=receive-pack"]);

    public string Url(string name) => $"git://127.0.0.1:{_port}/{name}";

    public string Path(string name) => _folder[name];

    public string Git(string name, params string[] arguments) => StockGit.Run(Path(name), arguments);

    /// <summary>An empty repository that checks every object it is sent.</summary>
    public string CreateEmpty(string name = "r.git")
    {
        StockGit.Run(Folder, "init", "-q", "--bare", "--shared", "-b", "main", name);
        Git(name, "config", "transfer.fsckObjects", "true");
        Git(name, "config", "receive.autogc", "false");
        return Url(name);
    }

    /// <summary>The remote of the OCaml Pasteur's README: one commit of the empty tree, whose object is not there.</summary>
    public string CreateSeedling(string name = "r.git")
    {
        CreateEmpty(name);
        Git(name, "read-tree", "--empty");
        Git(name, "update-ref", "refs/heads/main", Git(name, "commit-tree", Git(name, "write-tree"), "-m", "."));
        return Url(name);
    }

    /// <summary>Somebody else pushes a file, from a clone of their own.</summary>
    public string PushForeign(string name, string path, string text, string branch = "main")
    {
        var clone = _folder["clone-" + Guid.NewGuid().ToString("n")[..8]];
        StockGit.Run(Folder, "clone", "-q", Path(name), clone);
        StockGit.Run(clone, "checkout", "-q", "-B", branch);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.Combine(clone, path))!);
        File.WriteAllText(System.IO.Path.Combine(clone, path), text);
        StockGit.Run(clone, "add", "-A");
        StockGit.Run(clone, "commit", "-q", "-m", "foreign " + path);
        StockGit.Run(clone, "push", "-q", "origin", branch);
        return StockGit.Run(clone, "rev-parse", "HEAD");
    }

    public void AddHook(string name, string hook, string script)
    {
        var file = System.IO.Path.Combine(Path(name), "hooks", hook);
        File.WriteAllText(file, "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public void AssertSound(string name) => Assert.Equal("", StockGit.Run(Path(name), "fsck", "--strict", "--no-dangling"));

    public async Task StartAsync()
    {
        var daemon = System.IO.Path.Combine(StockGit.Run(Folder, "--exec-path"), "git-daemon");
        string[] arguments =
        [
            "--reuseaddr", "--listen=127.0.0.1", $"--port={_port}", $"--base-path={Folder}", .. _arguments,
        ];
        _process = Process.Start(new ProcessStartInfo(daemon, arguments) { RedirectStandardError = true })!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        using var patience = new CancellationTokenSource(s_patience);
        while (!await AnswersAsync())
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

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    private static async Task<GitDaemon> StartAsync(string[] arguments)
    {
        var daemon = new GitDaemon(arguments);
        await daemon.StartAsync();
        return daemon;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<bool> AnswersAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
