using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Pasteur.Interop.Support;

namespace Pasteur.Interop.Vm;

/// <summary>The machine, booted by vm/run as a user boots it.</summary>
internal sealed partial class RunningMachine : IAsyncDisposable
{
    private const int Sigterm = 15, Sigkill = 9;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    private readonly Process _run;
    private readonly ConcurrentQueue<string> _console = new();

    private RunningMachine(string[] arguments, string[] options, int port)
    {
        var start = new ProcessStartInfo(Path.Combine(BuiltMachine.Folder, "run"), [.. arguments, "--", .. options]) { RedirectStandardOutput = true, RedirectStandardError = true };
        _run = new Process { StartInfo = start };
        _run.OutputDataReceived += (_, e) => Take(e.Data);
        _run.ErrorDataReceived += (_, e) => Take(e.Data);
        _run.Start();
        _run.BeginOutputReadLine();
        _run.BeginErrorReadLine();
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}/"), Timeout = TimeSpan.FromSeconds(30) };
    }

    public HttpClient Http { get; }

    /// <summary>The lines of the console so far, those of vm/run among them.</summary>
    public IReadOnlyCollection<string> Console => _console;

    /// <summary>Boots it, and waits until the site answers.</summary>
    public static async Task<RunningMachine> BootAsync(string[] arguments, params string[] options)
    {
        var port = Ports.Free();
        var machine = new RunningMachine(["--forward", port.ToString(CultureInfo.InvariantCulture), .. arguments], options, port);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        while (!await machine.AnswersAsync(patience.Token))
        {
            if (machine._run.HasExited)
            {
                await machine.DisposeAsync();
                Assert.Fail($"the machine ended: {string.Join('\n', machine._console)}");
            }
            await Task.Delay(100, patience.Token);
        }
        return machine;
    }

    /// <summary>Boots it, and waits until it has ended by itself: the lines of its console.</summary>
    public static async Task<IReadOnlyCollection<string>> UntilItEndsAsync(string[] arguments, params string[] options)
    {
        await using var machine = new RunningMachine(arguments, options, Ports.Free());
        await machine.WaitAsync();
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

    /// <summary>Presses the power button, as SIGTERM to vm/run does, and waits.</summary>
    public async Task<int> PowerOffAsync()
    {
        Assert.Equal(0, Kill(_run.Id, Sigterm));
        await WaitAsync();
        return _run.ExitCode;
    }

    /// <summary>Pulls the plug.</summary>
    public async Task PullPlugAsync()
    {
        foreach (var child in File.ReadAllText($"/proc/{_run.Id}/task/{_run.Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture)))
        {
            if (File.ReadAllText($"/proc/{child}/comm").StartsWith("qemu", StringComparison.Ordinal))
                Assert.Equal(0, Kill(child, Sigkill));
        }
        await WaitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_run.HasExited)
            _run.Kill(entireProcessTree: true);
        await _run.WaitForExitAsync();
        _run.Dispose();
        Http.Dispose();
    }

    private Task WaitAsync() => _run.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(s_patience);

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await Http.GetAsync("healthz", cancellationToken);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
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
