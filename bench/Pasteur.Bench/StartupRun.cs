using System.Diagnostics;

namespace Pasteur.Bench;

/// <summary>How soon after its start a site answers, and what it holds of memory when nobody asks anything.</summary>
internal sealed record StartupRun(double FirstAnswerMilliseconds, double IdleMegabytes)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(2);

    /// <summary>From before the process is made until the status line 200 is here.</summary>
    public static async Task<StartupRun> MeasureAsync(string program, string data)
    {
        var port = LocalPort.FindFree();
        var clock = Stopwatch.StartNew();
        using var site = SiteProcess.Start(program, data, port);
        while (!await LocalPort.AnswersAsync(port, "/healthz"))
        {
            if (clock.Elapsed > Patience) throw new InvalidOperationException($"no answer in {Patience}: {site.Errors}");
        }
        var elapsed = clock.Elapsed;
        await Task.Delay(Idle);
        var resident = site.ResidentBytes();
        var exitCode = await site.StopAsync();
        if (exitCode != 0) throw new InvalidOperationException($"the site ended with {exitCode}: {site.Errors}");
        return new StartupRun(elapsed.TotalMilliseconds, resident / (1024.0 * 1024));
    }

    public override string ToString() => FormattableString.Invariant($"{FirstAnswerMilliseconds:F1} {IdleMegabytes:F1}");
}
