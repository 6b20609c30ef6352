using System.Diagnostics.Metrics;

namespace Pasteur.Health;

/// <summary>What the program counts. Any tool that listens to .NET meters can read it too; /metrics shows it as text.</summary>
internal sealed class SiteMetrics : IDisposable
{
    private const string MeterName = "Pasteur";

    private readonly Meter _meter = new(MeterName);
    private readonly MetricsText _text;
    private readonly Counter<long> _creates;
    private readonly Counter<long> _reads;
    private readonly Counter<long> _createdBytes;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _pushes;
    private readonly Counter<long> _fetches;
    private readonly Counter<long>? _certificates;
    private readonly Histogram<double> _createSeconds;
    private readonly Histogram<double> _readSeconds;
    private readonly Histogram<double> _pushSeconds;

    public SiteMetrics(HealthMonitor monitor)
    {
        _text = new MetricsText(_meter);
        _creates = _meter.CreateCounter<long>("pasteur_creates_total", null, "Pastes stored.");
        _createdBytes = _meter.CreateCounter<long>("pasteur_created_bytes_total", null, "Bytes of the pastes stored.");
        _reads = _meter.CreateCounter<long>("pasteur_reads_total", null, "Pastes read, by form.");
        _refusals = _meter.CreateCounter<long>("pasteur_refusals_total", null, "Requests refused, by reason.");
        _pushes = _meter.CreateCounter<long>("pasteur_pushes_total", null, "Pushes to the remote, by outcome.");
        _fetches = _meter.CreateCounter<long>("pasteur_fetches_total", null, "Fetches from the remote, by outcome.");
        _createSeconds = _meter.CreateHistogram<double>("pasteur_create_seconds", null, "Time to store a paste, until its answer.");
        _readSeconds = _meter.CreateHistogram<double>("pasteur_read_seconds", null, "Time to answer with a paste.");
        _pushSeconds = _meter.CreateHistogram<double>("pasteur_push_seconds", null, "Time of a push, until the remote's answer.");
        AddGauges(monitor);
        if (monitor.Certificate is not null)
        {
            _certificates = _meter.CreateCounter<long>("pasteur_certificate_requests_total", null, "Attempts to get a certificate, by outcome.");
            AddCertificateGauges(monitor);
        }
        _text.Start();
    }

    public void PasteCreated(long bytes, TimeSpan elapsed)
    {
        _creates.Add(1);
        _createdBytes.Add(bytes);
        _createSeconds.Record(elapsed.TotalSeconds);
    }

    /// <param name="form">"page", "raw", "json" or another of few fixed words.</param>
    public void PasteRead(string form, TimeSpan elapsed)
    {
        _reads.Add(1, new KeyValuePair<string, object?>("form", form));
        _readSeconds.Record(elapsed.TotalSeconds);
    }

    /// <param name="reason">One of few fixed words, never text of the request.</param>
    public void Refused(string reason) => _refusals.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <param name="outcome">"ok", "rejected", "failed" or another of few fixed words.</param>
    public void Pushed(string outcome, TimeSpan elapsed)
    {
        _pushes.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        _pushSeconds.Record(elapsed.TotalSeconds);
    }

    /// <param name="outcome">"changed", "unchanged", "failed" or another of few fixed words.</param>
    public void Fetched(string outcome) => _fetches.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <param name="outcome">"issued" or "failed".</param>
    public void CertificateAsked(string outcome) => _certificates?.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public string WriteText() => _text.Write();

    public void Dispose()
    {
        _text.Dispose();
        _meter.Dispose();
    }

    private void AddGauges(HealthMonitor monitor)
    {
        _meter.CreateObservableGauge("pasteur_store_writable", () => monitor.Store().Writable ? 1L : 0L, null, "1 while new pastes are taken.");
        _meter.CreateObservableGauge("pasteur_journal_bytes", () => monitor.Store().JournalBytes, null, "Bytes in the journal, not yet in a pack.");
        _meter.CreateObservableGauge("pasteur_packs", () => (long)monitor.Store().Packs, null, "Packs in the store.");
        _meter.CreateObservableGauge("pasteur_objects", () => monitor.Store().Objects, null, "Git objects in the store.");
        _meter.CreateObservableGauge("pasteur_store_bytes", () => monitor.Store().Bytes, null, "Bytes of packs and journals.");
        _meter.CreateObservableGauge("pasteur_store_max_bytes", () => monitor.Store().MaxBytes ?? 0, null, "Bytes of packs and journals at which no more pastes are taken; 0 for no bound.");
        _meter.CreateObservableGauge("pasteur_disk_free_bytes", () => monitor.Store().DiskFreeBytes ?? 0, null, "Free space on the disk of the store; 0 in memory.");
        _meter.CreateObservableGauge("pasteur_backlog_commits", () => (long)(monitor.Remote?.Backlog ?? 0), null, "Commits that the remote lacks.");
        _meter.CreateObservableGauge("pasteur_ready", () => monitor.Report().Ready ? 1L : 0L, null, "1 while /readyz says 200.");
        _meter.CreateObservableGauge("process_resident_memory_bytes", () => Environment.WorkingSet, null, "Memory of the process.");
        _meter.CreateObservableGauge("dotnet_gc_heap_bytes", () => GC.GetTotalMemory(forceFullCollection: false), null, "Memory of managed objects.");
        _meter.CreateObservableCounter("dotnet_gc_pause_seconds_total", () => GC.GetTotalPauseDuration().TotalSeconds, null, "Time that the garbage collector stopped the program.");
        _meter.CreateObservableCounter("dotnet_gc_collections_total", () => (long)GC.CollectionCount(0), null, "Garbage collections.");
    }

    private void AddCertificateGauges(HealthMonitor monitor)
    {
        _meter.CreateObservableGauge("pasteur_certificate_expiry_timestamp_seconds", () => monitor.Certificate?.NotAfter?.ToUnixTimeSeconds() ?? 0, null, "When the certificate expires; 0 when there is none yet.");
        _meter.CreateObservableGauge("pasteur_certificate_renewal_timestamp_seconds", () => monitor.Certificate?.RenewalDue?.ToUnixTimeSeconds() ?? 0, null, "When it will be renewed; 0 when that is not ours to do.");
        _meter.CreateObservableGauge("pasteur_certificate_failures", () => (long)(monitor.Certificate?.FailuresInARow ?? 0), null, "Renewals that failed since the last that did not.");
    }
}
