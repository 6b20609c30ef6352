using System.Diagnostics;

namespace Pasteur.Bench;

/// <summary>A site without a folder takes in a whole remote: the time until it is ready, and what that has added to its memory.</summary>
internal sealed record FirstFetchRun(double ReadyMilliseconds, double GrownMegabytes, double PeakGrownMegabytes)
{
    private const double Megabyte = 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(2);

    // Hundreds a second would cost the site what is measured.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public static async Task<FirstFetchRun> MeasureAsync(string program, string remote)
    {
        var (_, empty, _) = await StartAsync(program);
        var (elapsed, resident, peak) = await StartAsync(program, "--remote", remote);
        return new FirstFetchRun(elapsed.TotalMilliseconds, (resident - empty) / Megabyte, (peak - empty) / Megabyte);
    }

    public override string ToString() => FormattableString.Invariant($"{ReadyMilliseconds:F1} {GrownMegabytes:F1} {PeakGrownMegabytes:F1}");

    private static async Task<(TimeSpan Ready, long Resident, long Peak)> StartAsync(string program, params string[] options)
    {
        var port = LocalPort.FindFree();
        var clock = Stopwatch.StartNew();
        using var site = SiteProcess.StartInMemory(program, port, options);
        while (!await LocalPort.AnswersAsync(port, "/readyz"))
        {
            if (clock.Elapsed > Patience) throw new InvalidOperationException($"not ready in {Patience}: {site.Errors}");
            await Task.Delay(Pause);
        }
        var elapsed = clock.Elapsed;
        await Task.Delay(Idle);
        var (resident, peak) = (site.ResidentBytes(), site.PeakResidentBytes());
        var exitCode = await site.StopAsync();
        if (exitCode != 0) throw new InvalidOperationException($"the site ended with {exitCode}: {site.Errors}");
        return (elapsed, resident, peak);
    }
}
