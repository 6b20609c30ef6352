using System.Globalization;
using Pasteur.Health;

namespace Pasteur.Tests.Health;

public sealed class SiteMetricsTests
{
    private readonly SiteMetrics _metrics = new(new HealthMonitor(() => new StoreStatus(false, "full", 7, 2, 9, null), hasRemote: false));

    [Fact]
    public void What_was_counted_is_written()
    {
        _metrics.PasteCreated(100, TimeSpan.FromMilliseconds(3));
        _metrics.PasteCreated(20, TimeSpan.FromSeconds(60));
        _metrics.PasteRead("raw", TimeSpan.Zero);
        _metrics.PasteRead("page", TimeSpan.Zero);
        _metrics.PasteRead("raw", TimeSpan.Zero);

        Assert.Equal(2, Value("pasteur_creates_total"));
        Assert.Equal(120, Value("pasteur_created_bytes_total"));
        Assert.Equal(2, Value("pasteur_reads_total{form=\"raw\"}"));
        Assert.Equal(1, Value("pasteur_reads_total{form=\"page\"}"));
        Assert.Equal(0, Value("pasteur_create_seconds_bucket{le=\"0.0025\"}"));
        Assert.Equal(1, Value("pasteur_create_seconds_bucket{le=\"0.005\"}"));
        Assert.Equal(1, Value("pasteur_create_seconds_bucket{le=\"10\"}"));
        Assert.Equal(2, Value("pasteur_create_seconds_bucket{le=\"+Inf\"}"));
        Assert.Equal(2, Value("pasteur_create_seconds_count"));
        Assert.Equal(60.003, Value("pasteur_create_seconds_sum"), 6);
    }

    [Fact]
    public void Store_and_process_are_gauges()
    {
        Assert.Equal(0, Value("pasteur_store_writable"));
        Assert.Equal(0, Value("pasteur_ready"));
        Assert.Equal(7, Value("pasteur_journal_bytes"));
        Assert.Equal(2, Value("pasteur_packs"));
        Assert.Equal(9, Value("pasteur_objects"));
        Assert.True(Value("process_resident_memory_bytes") > 1e6);
    }

    [Fact]
    public void Every_line_is_of_the_text_format()
    {
        _metrics.Refused("too-large");
        _metrics.Pushed("ok", TimeSpan.FromMilliseconds(20));
        _metrics.Fetched("changed");

        var lines = _metrics.WriteText().Split('\n');

        Assert.Equal("", lines[^1]);
        Assert.All(lines[..^1], line => Assert.Matches(
            "^(# HELP [a-z_]+ [^\n]+|# TYPE [a-z_]+ (counter|gauge|histogram)|[a-z_]+(\\{[a-z]+=\"[^\"\\\\]*\"\\})? [0-9.E+-]+)$", line));
    }

    [Fact]
    public void Each_site_counts_its_own()
    {
        var other = new SiteMetrics(new HealthMonitor(() => new StoreStatus(true, null, 0, 0, 0, null), hasRemote: false));

        other.PasteCreated(1, TimeSpan.Zero);

        Assert.Equal(0, Value("pasteur_creates_total"));
    }

    [Fact]
    public void Counts_of_many_threads_are_all_kept()
    {
        Parallel.For(0, 10_000, _ => _metrics.PasteCreated(1, TimeSpan.FromMilliseconds(1)));

        Assert.Equal(10_000, Value("pasteur_creates_total"));
        Assert.Equal(10_000, Value("pasteur_create_seconds_count"));
    }

    private double Value(string name)
    {
        var line = Assert.Single(_metrics.WriteText().Split('\n'), l => l.StartsWith(name + " ", StringComparison.Ordinal));
        return double.Parse(line[(name.Length + 1)..], CultureInfo.InvariantCulture);
    }
}
