using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Pasteur.Interop.Support;

/// <summary>
/// The program itself, run as a user runs it. It is the one that was built with these tests, or the one that the
/// variable PASTEUR_PROGRAM names, such as the published file.
/// </summary>
internal sealed partial class PasteurProcess : IAsyncDisposable
{
    private const int Sigterm = 15;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PasteurProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, e) => Take(e.Data, _output);
        _process.ErrorDataReceived += (_, e) => Take(e.Data, _errors);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public static string ProgramPath { get; } =
        Environment.GetEnvironmentVariable("PASTEUR_PROGRAM") ?? Path.Combine(AppContext.BaseDirectory, "pasteur");

    public int Id => _process.Id;

    /// <summary>Talks to the site; follows no redirect. A site that ends meanwhile is an <see cref="HttpRequestException"/>.</summary>
    public HttpClient Http { get; } = new(new EndsInOneWay(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }));

    public IReadOnlyCollection<string> Output => _output;

    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>Starts it on a free port and waits until it says where it is.</summary>
    public static Task<PasteurProcess> ServeAsync(params string[] arguments) => ServeUnderAsync([], arguments);

    /// <summary>The same, under a command such as strace.</summary>
    public static async Task<PasteurProcess> ServeUnderAsync(string[] under, params string[] arguments)
    {
        var site = Start(new Dictionary<string, string?>(), [.. arguments, "--port", "0"], under);
        var ended = site._process.WaitForExitAsync(TestContext.Current.CancellationToken);
        if (await Task.WhenAny(site._address.Task, ended).WaitAsync(s_patience, TestContext.Current.CancellationToken) == ended)
        {
            await site.DisposeAsync();
            Assert.Fail($"pasteur {string.Join(' ', arguments)} ended with {site._process.ExitCode}: {string.Join('\n', site._errors)}");
        }
        site.Http.BaseAddress = await site._address.Task;
        return site;
    }

    /// <summary>Starts it with this environment added (null removes a variable), under a command such as strace when one is given.</summary>
    public static PasteurProcess Start(IReadOnlyDictionary<string, string?> environment, string[] arguments, params string[] under)
    {
        string[] words = [.. under, ProgramPath, .. arguments];
        var start = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("PASTEUR_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new PasteurProcess(start);
    }

    public Task<HttpResponseMessage> GetAsync(string path) => Http.GetAsync(path, TestContext.Current.CancellationToken);

    /// <summary>Asks it to stop and waits.</summary>
    public Task<int> StopAsync(int signal = Sigterm)
    {
        Signal(signal);
        return WaitForExitAsync();
    }

    public void Signal(int signal) => Assert.Equal(0, Kill(Id, signal));

    /// <summary>Signals the program itself when it runs under another.</summary>
    public void SignalChild(int signal)
    {
        var child = File.ReadAllText($"/proc/{Id}/task/{Id}/children").Trim();
        Assert.Equal(0, Kill(int.Parse(child, CultureInfo.InvariantCulture), signal));
    }

    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(s_patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        // With what it was started under: a tracer that is killed lets its child run on, which holds the pipes open.
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Http.Dispose();
    }

    private void Take(string? line, ConcurrentQueue<string> lines)
    {
        if (line is null)
            return;
        lines.Enqueue(line);
        const string announcement = "The site is at ";
        if (lines == _output && line.StartsWith(announcement, StringComparison.Ordinal))
            _address.TrySetResult(new Uri(line[announcement.Length..]));
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    // A connection that is reset between its connect and its first byte leaves HttpClient as a bare SocketException.
    private sealed class EndsInOneWay(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            catch (SocketException e)
            {
                throw new HttpRequestException(HttpRequestError.ConnectionError, "the site ended the connection", e);
            }
        }
    }
}
