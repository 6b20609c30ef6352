namespace Pasteur.Health;

/// <summary>What the program counts; /metrics shows it.</summary>
internal sealed class SiteMetrics(HealthMonitor monitor)
{
    private readonly LabelledCounter _reads = new("form"), _refusals = new("reason"), _pushes = new("outcome"), _fetches = new("outcome"), _certificates = new("outcome");
    private readonly Histogram _createTimes = new(), _readTimes = new(), _pushTimes = new();
    private long _creates;
    private long _createdBytes;

    public void PasteCreated(long bytes, TimeSpan elapsed)
    {
        Interlocked.Increment(ref _creates);
        Interlocked.Add(ref _createdBytes, bytes);
        _createTimes.Observe(elapsed);
    }

    /// <param name="form">"page", "raw", "json" or another of few fixed words.</param>
    public void PasteRead(string form, TimeSpan elapsed)
    {
        _reads.Count(form);
        _readTimes.Observe(elapsed);
    }

    /// <param name="reason">One of few fixed words, never text of the request.</param>
    public void Refused(string reason) => _refusals.Count(reason);

    /// <param name="outcome">"ok", "rejected", "failed" or another of few fixed words.</param>
    public void Pushed(string outcome, TimeSpan elapsed)
    {
        _pushes.Count(outcome);
        _pushTimes.Observe(elapsed);
    }

    /// <param name="outcome">"changed", "unchanged", "failed" or another of few fixed words.</param>
    public void Fetched(string outcome) => _fetches.Count(outcome);

    /// <param name="outcome">"issued" or "failed".</param>
    public void CertificateAsked(string outcome) => _certificates.Count(outcome);

    public string WriteText()
    {
        var text = new MetricsText();
        text.Counter("pasteur_creates_total", Interlocked.Read(ref _creates), "Pastes stored.");
        text.Counter("pasteur_created_bytes_total", Interlocked.Read(ref _createdBytes), "Bytes of the pastes stored.");
        text.Counter("pasteur_reads_total", _reads, "Pastes read, by form.");
        text.Counter("pasteur_refusals_total", _refusals, "Requests refused, by reason.");
        text.Counter("pasteur_pushes_total", _pushes, "Pushes to the remote, by outcome.");
        text.Counter("pasteur_fetches_total", _fetches, "Fetches from the remote, by outcome.");
        text.Histogram("pasteur_create_seconds", _createTimes, "Time to store a paste, until its answer.");
        text.Histogram("pasteur_read_seconds", _readTimes, "Time to answer with a paste.");
        text.Histogram("pasteur_push_seconds", _pushTimes, "Time of a push, until the remote's answer.");
        WriteStore(text, monitor.Store());
        text.Gauge("pasteur_backlog_commits", monitor.Remote?.Backlog ?? 0, "Commits that the remote lacks.");
        text.Gauge("pasteur_ready", monitor.Report().Ready ? 1 : 0, "1 while /readyz says 200.");
        if (monitor.Certificate is { } certificate)
            WriteCertificate(text, certificate);
        WriteProcess(text);
        return text.ToString();
    }

    private static void WriteStore(MetricsText text, StoreStatus store)
    {
        text.Gauge("pasteur_store_writable", store.Writable ? 1 : 0, "1 while new pastes are taken.");
        text.Gauge("pasteur_journal_bytes", store.JournalBytes, "Bytes in the journal, not yet in a pack.");
        text.Gauge("pasteur_packs", store.Packs, "Packs in the store.");
        text.Gauge("pasteur_objects", store.Objects, "Git objects in the store.");
        text.Gauge("pasteur_store_bytes", store.Bytes, "Bytes of packs and journals.");
        text.Gauge("pasteur_store_max_bytes", store.MaxBytes ?? 0, "Bytes of packs and journals at which no more pastes are taken; 0 for no bound.");
        text.Gauge("pasteur_disk_free_bytes", store.DiskFreeBytes ?? 0, "Free space on the disk of the store; 0 in memory.");
    }

    private void WriteCertificate(MetricsText text, CertificateStatus certificate)
    {
        text.Counter("pasteur_certificate_requests_total", _certificates, "Attempts to get a certificate, by outcome.");
        text.Gauge("pasteur_certificate_expiry_timestamp_seconds", certificate.NotAfter?.ToUnixTimeSeconds() ?? 0, "When the certificate expires; 0 when there is none yet.");
        text.Gauge("pasteur_certificate_renewal_timestamp_seconds", certificate.RenewalDue?.ToUnixTimeSeconds() ?? 0, "When it will be renewed; 0 when that is not ours to do.");
        text.Gauge("pasteur_certificate_failures", certificate.FailuresInARow, "Renewals that failed since the last that did not.");
    }

    private static void WriteProcess(MetricsText text)
    {
        text.Gauge("process_resident_memory_bytes", Environment.WorkingSet, "Memory of the process.");
        text.Gauge("dotnet_gc_heap_bytes", GC.GetTotalMemory(forceFullCollection: false), "Memory of managed objects.");
        text.Counter("dotnet_gc_pause_seconds_total", GC.GetTotalPauseDuration().TotalSeconds, "Time that the garbage collector stopped the program.");
        text.Counter("dotnet_gc_collections_total", GC.CollectionCount(0), "Garbage collections.");
    }
}
