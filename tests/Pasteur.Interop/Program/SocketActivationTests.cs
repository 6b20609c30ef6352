using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Pasteur.Interop.NameServers;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Program;

/// <summary>Started by a service manager, with sockets that listen already.</summary>
public sealed class SocketActivationTests : IDisposable
{
    // Opens what the first argument says as descriptor 3, and becomes the program that the others name.
    private const string Launcher = """
        import os, socket, sys
        kind, at = sys.argv[1].split('=', 1)
        if kind == 'file':
            fd = os.open(at, os.O_RDWR | os.O_CREAT)
        else:
            s = socket.socket(socket.AF_UNIX if kind == 'unix' else socket.AF_INET, socket.SOCK_DGRAM if kind == 'udp' else socket.SOCK_STREAM)
            s.bind(at if kind == 'unix' else ('127.0.0.1', int(at)))
            if kind in ('unix', 'tcp'):
                s.listen(16)
            fd = s.fileno()
        os.dup2(fd, 3)
        os.set_inheritable(3, True)
        os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1', LISTEN_FDNAMES='pasteur.socket')
        os.execv(sys.argv[2], sys.argv[2:])
        """;

    // Listens on the port that the first argument says, runs the rest on it, and runs it again whenever it has ended.
    private const string Supervisor = """
        import os, socket, sys
        s = socket.create_server(('127.0.0.1', int(sys.argv[1])), backlog=128)
        while True:
            child = os.fork()
            if child == 0:
                os.dup2(s.fileno(), 3)
                os.set_inheritable(3, True)
                os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1')
                os.execv(sys.argv[2], sys.argv[2:])
            os.waitpid(child, 0)
        """;

    private const int Usage = 64, Sigterm = 15;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_first_request_starts_it_on_the_sockets_that_systemd_listens_on()
    {
        var (port, other) = (Ports.Free(), Ports.Free());
        await using var site = PasteurProcess.Start(new Dictionary<string, string?>(), ["--no-data"], "systemd-socket-activate", "-l", $"127.0.0.1:{port}", "-l", $"127.0.0.1:{other}");
        await UntilAsync(() => AnswersAsync(port));

        foreach (var each in new[] { port, other })
            Assert.Equal(HttpStatusCode.OK, (await site.Http.GetAsync($"http://127.0.0.1:{each}/healthz", TestContext.Current.CancellationToken)).StatusCode);
        await UntilAsync(() => Task.FromResult(site.Output.Contains($"The site is at http://127.0.0.1:{port}/")));
        Assert.Equal(0, await site.StopAsync());
    }

    [Fact]
    public async Task A_UNIX_socket_serves_a_proxy_that_is_trusted()
    {
        var path = _folder["site.sock"];
        await using var site = Launch($"unix={path}", "--no-data", "--trusted-proxy", "unix");
        using var http = new HttpClient(new SocketsHttpHandler { ConnectCallback = async (_, token) => new NetworkStream(await ConnectAsync(path, token), ownsSocket: true) });
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://inner/") { Content = new StringContent("x") };
        request.Headers.Add("X-Forwarded-Host", "paste.example.org");
        request.Headers.Add("X-Forwarded-Proto", "https");

        await UntilAsync(() => Task.FromResult(site.Output.Count > 0));
        var answer = await (await http.SendAsync(request, TestContext.Current.CancellationToken)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("https://paste.example.org/", answer, StringComparison.Ordinal);
        Assert.Equal(0, await site.StopAsync());
    }

    [Fact]
    public async Task Programs_that_it_starts_do_not_hold_the_socket()
    {
        var (port, remote, seen) = (Ports.Free(), _folder["r.git"], _folder["seen"]);
        StockGit.Run(_folder.Path, "init", "-q", "--bare", "-b", "main", remote);
        var hook = Path.Combine(remote, "hooks", "pre-receive");
        File.WriteAllText(hook, $"#!/bin/sh\n{{ ls -l /proc/self/fd /proc/$PPID/fd; env; }} >{seen}.part\nmv {seen}.part {seen}\n");
        File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using var site = Launch($"tcp={port}", "--data", _folder["data"], "-r", remote, "--ack", "remote");
        await UntilAsync(() => AnswersAsync(port));

        await site.Http.PostAsync($"http://127.0.0.1:{port}/", new StringContent("x"), TestContext.Current.CancellationToken);

        await UntilAsync(() => Task.FromResult(File.Exists(seen)));
        var socket = new FileInfo($"/proc/{site.Id}/fd/3").LinkTarget!;
        Assert.StartsWith("socket:[", socket, StringComparison.Ordinal);
        Assert.DoesNotContain(socket, File.ReadAllText(seen), StringComparison.Ordinal);
        Assert.DoesNotContain("LISTEN_", File.ReadAllText(seen), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_refuses_nobody()
    {
        const int restarts = 3;
        var port = Ports.Free();
        await using var supervised = PasteurProcess.Start(new Dictionary<string, string?>(), ["--data", _folder["data"]], "python3", "-c", Supervisor, $"{port}");
        using var over = new CancellationTokenSource();
        await UntilAsync(() => Task.FromResult(Sites() == 1));
        var asking = AskAsync(port, over.Token);

        for (var i = 1; i <= restarts; i++)
        {
            await Task.Delay(300, TestContext.Current.CancellationToken);
            var runs = i;
            supervised.SignalChild(Sigterm);
            await UntilAsync(() => Task.FromResult(Sites() > runs));
        }
        await over.CancelAsync();

        Assert.InRange(await asking, restarts + 1, int.MaxValue);

        int Sites() => supervised.Output.Count(line => line.StartsWith("The site is at", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("file")]
    [InlineData("udp")]
    [InlineData("bound")]
    public async Task What_is_no_listening_socket_is_refused(string kind)
    {
        await using var site = Launch($"{kind}={(kind == "file" ? _folder["file"] : Ports.Free().ToString(CultureInfo.InvariantCulture))}", "--no-data");

        Assert.Equal(Usage, await site.WaitForExitAsync());
        Assert.Equal(["pasteur: descriptor 3 of LISTEN_FDS is not a socket that listens for streams; in the .socket unit, write ListenStream= and leave Accept= out"], site.Errors);
    }

    [Fact]
    public async Task A_port_beside_the_socket_is_a_contradiction()
    {
        var port = Ports.Free();
        await using var site = Launch($"tcp={port}", "--no-data", "--port", "1");

        Assert.Equal(Usage, await site.WaitForExitAsync());
        Assert.Equal([$"pasteur: --port is of no use, as the program was started with a socket that listens on 127.0.0.1:{port}; leave it out, or start it without"], site.Errors);
    }

    [Fact]
    public async Task Sockets_of_another_process_are_none_of_its_business()
    {
        await using var site = PasteurProcess.Start(new Dictionary<string, string?> { ["LISTEN_PID"] = "1", ["LISTEN_FDS"] = "1" }, ["--no-data", "--port", "0"]);

        await UntilAsync(() => Task.FromResult(site.Output.Any(line => line.StartsWith("The site is at http://127.0.0.1:", StringComparison.Ordinal))));
        Assert.Equal(0, await site.StopAsync());
    }

    /// <summary>Asks one request after the other, each on a connection of its own; one that fails ends the test.</summary>
    private static async Task<int> AskAsync(int port, CancellationToken over)
    {
        using var http = new HttpClient { Timeout = s_patience };
        http.DefaultRequestHeaders.ConnectionClose = true;
        var answered = 0;
        for (; !over.IsCancellationRequested; answered++)
        {
            var response = await http.GetAsync($"http://127.0.0.1:{port}/healthz", TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
        return answered;
    }

    private static PasteurProcess Launch(string socket, params string[] arguments) =>
        PasteurProcess.Start(new Dictionary<string, string?>(), arguments, "python3", "-c", Launcher, socket);

    private static async Task<Socket> ConnectAsync(string path, CancellationToken token)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), token);
        return socket;
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        while (!await isSo())
            await Task.Delay(20, patience.Token);
    }
}
