using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Pasteur.Interop.Support;
using Pasteur.Interop.Tls;

namespace Pasteur.Interop.Vm;

/// <summary>The machine, booted by vm/run as a user boots it.</summary>
internal sealed partial class RunningMachine : IAsyncDisposable
{
    private const int Sigterm = 15, Sigkill = 9;

    // More for vm/run, of whoever runs these tests: --microvm, --uefi (vm/check).
    private static readonly string[] s_everywhere = (Environment.GetEnvironmentVariable("PASTEUR_VM_RUN") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    private static readonly Uri s_nowhere = new("http://nobody.asks/");

    private readonly Process _run;
    private readonly ConcurrentQueue<string> _console = new();

    private RunningMachine(string[] words, Uri site)
    {
        _run = new Process { StartInfo = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true } };
        _run.OutputDataReceived += (_, e) => Take(e.Data);
        _run.ErrorDataReceived += (_, e) => Take(e.Data);
        _run.Start();
        _run.BeginOutputReadLine();
        _run.BeginErrorReadLine();
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = TlsSite.IsShown;
        Http = new HttpClient(handler) { BaseAddress = site, Timeout = TimeSpan.FromSeconds(30) };
    }

    public HttpClient Http { get; }

    /// <summary>The lines of the console so far, those of vm/run among them.</summary>
    public IReadOnlyCollection<string> Console => _console;

    /// <summary>Boots it, and waits until the site answers.</summary>
    public static Task<RunningMachine> BootAsync(string[] arguments, params string[] options)
    {
        var port = Ports.Free();
        return BootAsync(new RunningMachine(RunWords(["--forward", $"{port}", .. arguments], options), new Uri($"http://127.0.0.1:{port}/")));
    }

    /// <summary>Whether secrets reach it in a file; a microvm has the kernel's command line alone, which the kernel repeats on the console.</summary>
    public static bool KeepsSecrets => !s_everywhere.Contains("--microvm");

    /// <summary>The same with TLS; its ports 443 and 80 are these of 127.0.0.1.</summary>
    /// <param name="secrets">A file of options.</param>
    public static Task<RunningMachine> BootWithTlsAsync(int https, int http, string secrets, params string[] options)
    {
        string[] arguments = KeepsSecrets ? ["--options", secrets] : [];
        string[] words = KeepsSecrets ? [] : File.ReadAllText(secrets).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return BootAsync(new RunningMachine(RunWords(["--forward", $"{https}", "--forward", $"{http}:80", .. arguments], ["--https", .. options, .. words]), new Uri($"https://localhost:{https}/")));
    }

    /// <summary>The same on a TAP device in a network namespace: what runs there reaches it, at the address that its options say.</summary>
    public static Task<RunningMachine> BootInAsync(NetworkNamespace network, string tap, string[] arguments, params string[] options) =>
        BootInAsync(network, RunWords(["--tap", tap, .. arguments], options), "vm: the site answers at ");

    /// <summary>The same by vm/docker, whose container is this namespace: it has no address left to reach the machine from.</summary>
    public static Task<RunningMachine> BootInContainerAsync(NetworkNamespace container, params string[] options) =>
        BootInAsync(container, [Path.Combine(BuiltMachine.Folder, "docker", "run"), "--", .. options], "The site is at ");

    /// <summary>Boots it for what it says.</summary>
    public static RunningMachine Start(string[] arguments, params string[] options) => new(RunWords(arguments, options), s_nowhere);

    /// <summary>The same by QEMU itself, with no other devices than it is given.</summary>
    public static RunningMachine StartBare(string[] devices, params string[] options) => new(BareWords(["-serial", "stdio", .. devices], options), s_nowhere);

    /// <summary>Boots it without a console, and waits until the site answers.</summary>
    public static Task<RunningMachine> BootSilentAsync(params string[] options)
    {
        var port = Ports.Free();
        string[] devices = ["-serial", "none", "-netdev", $"user,id=net,hostfwd=tcp:127.0.0.1:{port}-:4343", "-device", "virtio-net-pci,netdev=net,romfile="];
        return BootAsync(new RunningMachine(BareWords(devices, options), new Uri($"http://127.0.0.1:{port}/")));
    }

    /// <summary>Waits for a line of the console that has this in it, and answers the line.</summary>
    public async Task<string> SaysAsync(string part)
    {
        for (var from = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(from) < s_patience; await Task.Delay(50, TestContext.Current.CancellationToken))
        {
            if (_console.FirstOrDefault(line => line.Contains(part, StringComparison.Ordinal)) is { } found)
                return found;
            if (_run.HasExited)
                break;
        }
        Assert.Fail($"the console does not say \"{part}\": {string.Join('\n', _console)}");
        return "";
    }

    /// <summary>Boots it, and waits until it has ended by itself: the lines of its console.</summary>
    public static async Task<IReadOnlyCollection<string>> UntilItEndsAsync(string[] arguments, params string[] options)
    {
        await using var machine = Start(arguments, options);
        await machine.EndsAsync();
        return machine._console;
    }

    public async Task<string> PasteAsync(string text)
    {
        using var form = new MultipartFormDataContent { { new StringContent(text), "paste" } };
        using var answer = await Http.PostAsync("", form, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var link = (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Trim();
        return link[(link.LastIndexOf('/') + 1)..];
    }

    public Task<string> RawAsync(string id) => Http.GetStringAsync($"raw/{id}", TestContext.Current.CancellationToken);

    /// <summary>Waits until it has ended by itself.</summary>
    public Task EndsAsync() => _run.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(s_patience);

    /// <summary>Presses the power button, as SIGTERM to vm/run does, and waits.</summary>
    public async Task<int> PowerOffAsync()
    {
        Assert.Equal(0, Kill(_run.Id, Sigterm));
        await EndsAsync();
        return _run.ExitCode;
    }

    /// <summary>Pulls the plug.</summary>
    public async Task PullPlugAsync()
    {
        var children = File.ReadAllText($"/proc/{_run.Id}/task/{_run.Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var qemu = Assert.Single(children, IsQemu);
        Assert.Equal(0, Kill(int.Parse(qemu, CultureInfo.InvariantCulture), Sigkill));
        await EndsAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_run.HasExited)
            _run.Kill(entireProcessTree: true);
        await _run.WaitForExitAsync();
        _run.Dispose();
        Http.Dispose();
    }

    // vm/run has others too, which come and go.
    private static bool IsQemu(string process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/comm").StartsWith("qemu", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static string[] BareWords(string[] devices, string[] options) =>
        ["qemu-system-x86_64", "-accel", "tcg", "-cpu", "max,-erms", "-M", "q35", "-m", "256", "-nodefaults", "-display", "none", "-no-reboot",
         "-kernel", Path.Combine(BuiltMachine.Out, "kernel"), "-initrd", Path.Combine(BuiltMachine.Out, "initramfs.zst"), "-append", $"console=ttyS0 rootfstype=ramfs panic=1 quiet -- {string.Join(' ', options)}", .. devices];

    private static string[] RunWords(string[] arguments, string[] options) => [Path.Combine(BuiltMachine.Folder, "run"), .. s_everywhere, .. arguments, "--", .. options];

    private static async Task<RunningMachine> BootInAsync(NetworkNamespace network, string[] words, string line)
    {
        var machine = new RunningMachine([.. network.Inside, .. words], s_nowhere);
        try
        {
            await machine.SaysAsync(line);
            return machine;
        }
        catch
        {
            await machine.DisposeAsync();
            throw;
        }
    }

    private static async Task<RunningMachine> BootAsync(RunningMachine machine)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        while (!await machine.AnswersAsync(patience.Token))
        {
            if (machine._run.HasExited || patience.IsCancellationRequested)
            {
                await machine.DisposeAsync();
                Assert.Fail($"the machine does not answer: {string.Join('\n', machine._console)}");
            }
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        return machine;
    }


    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await Http.GetAsync("healthz", cancellationToken);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private void Take(string? line)
    {
        if (line is not null) _console.Enqueue(line);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
