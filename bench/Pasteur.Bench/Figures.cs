using System.Globalization;

namespace Pasteur.Bench;

/// <summary>What a measurement found. Printed as the shell commands read it: rate, then milliseconds, then the count of refusals.</summary>
internal sealed record Figures(double PerSecond, double P50Milliseconds, double P99Milliseconds, double MaxMilliseconds, int Refused = 0)
{
    /// <param name="latencies">In milliseconds, one for each answered request.</param>
    public static Figures Of(IEnumerable<double> latencies, int operations, TimeSpan elapsed)
    {
        var sorted = latencies.Order().ToArray();
        if (sorted.Length == 0) throw new InvalidOperationException("nothing was answered in the time given; give it more seconds");
        return new Figures(operations / elapsed.TotalSeconds, At(0.50), At(0.99), sorted[^1]);

        double At(double share) => sorted[Math.Min((int)(sorted.Length * share), sorted.Length - 1)];
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{PerSecond:F1} {P50Milliseconds:F3} {P99Milliseconds:F3} {MaxMilliseconds:F3} {Refused}");
}
