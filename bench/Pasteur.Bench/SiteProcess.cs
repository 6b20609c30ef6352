using System.Diagnostics;

namespace Pasteur.Bench;

/// <summary>The program under measurement, run as its users run it.</summary>
internal sealed class SiteProcess : IDisposable
{
    private const string Announcement = "The site is at ";

    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SiteProcess(string program, int port, string[] options)
    {
        var start = new ProcessStartInfo(program, ["--port", port.ToString(System.Globalization.CultureInfo.InvariantCulture), .. options])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        _process.OutputDataReceived += (_, line) => Listen(line.Data);
        _process.ErrorDataReceived += (_, line) => Errors = line.Data ?? Errors;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The last line that it wrote to its log.</summary>
    public string Errors { get; private set; } = "";

    /// <param name="port">0 for any that is free.</param>
    public static SiteProcess Start(string program, string data, int port = 0) => new(program, port, ["--data", data]);

    /// <summary>Without a folder: all that it has is in memory.</summary>
    public static SiteProcess StartInMemory(string program, int port, params string[] options) => new(program, port, ["--no-data", .. options]);

    /// <summary>Where it listens, once it says so.</summary>
    public async Task<Uri> AddressAsync()
    {
        try
        {
            return await _address.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }
        catch (TimeoutException)
        {
            throw new InvalidOperationException($"the site did not start: {Errors}");
        }
    }

    public long ResidentBytes()
    {
        _process.Refresh();
        return _process.WorkingSet64;
    }

    /// <summary>The most that it has ever held (proc(5), VmHWM).</summary>
    public long PeakResidentBytes()
    {
        _process.Refresh();
        return _process.PeakWorkingSet64;
    }

    /// <summary>SIGKILL: nothing of it runs again.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and the exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private void Listen(string? line)
    {
        if (line is null) _address.TrySetException(new InvalidOperationException($"the site ended before it listened: {Errors}"));
        else if (line.StartsWith(Announcement, StringComparison.Ordinal)) _address.TrySetResult(new Uri(line[Announcement.Length..]));
    }
}
