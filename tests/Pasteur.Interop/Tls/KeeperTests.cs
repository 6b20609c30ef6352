using System.Net.Http;
using System.Net.Security;
using Microsoft.Extensions.Logging;
using Pasteur.Configuration;
using Pasteur.Health;
using Pasteur.Keys;
using Pasteur.Tests.Support;
using Pasteur.Tls;

namespace Pasteur.Interop.Tls;

/// <summary>The keeper of the certificate over weeks, by a clock that is moved, with a real pebble that is there or not.</summary>
public sealed class KeeperTests : IDisposable
{
    private static readonly TimeSpan s_step = TimeSpan.FromMinutes(10), s_longestPause = TimeSpan.FromMinutes(40);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_authority_that_is_down_for_days_and_forgets_the_account_is_asked_on_until_it_is_back()
    {
        await using var pebble = await PebbleServer.StartAsync();
        await using var kept = await KeptAsync(pebble);
        var first = kept.Serial;
        await pebble.StopAsync();

        // The window that the authority names is of two days, around the sixtieth.
        await kept.PassAsync(TimeSpan.FromDays(58), TimeSpan.FromHours(1));
        Assert.Equal((0, null), (kept.Status.FailuresInARow, kept.Status.Problem));
        await kept.PassAsync(TimeSpan.FromDays(7), s_step);

        // Until the renewal was due nobody was asked; then some fifty times a day.
        Assert.InRange(kept.Status.FailuresInARow, 200, 600);
        Assert.Contains("refused", kept.Status.Problem, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(first, kept.Serial);
        var accounts = kept.Log.Count(line => line.Contains("an account was made", StringComparison.Ordinal));

        await pebble.BeginAsync();
        await kept.PassAsync(s_longestPause, TimeSpan.FromMinutes(1));

        Assert.NotEqual(first, kept.Serial);
        Assert.Equal((0, null), (kept.Status.FailuresInARow, kept.Status.Problem));
        Assert.Equal((1, 2), (accounts, kept.Log.Count(line => line.Contains("an account was made", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task A_certificate_of_six_days_outlives_an_authority_that_is_down_for_a_day_and_a_half()
    {
        await using var pebble = await PebbleServer.StartAsync(new PebbleOptions { ValiditySeconds = 6 * 24 * 3600, NonceRejects = 20 });
        await using var kept = await KeptAsync(pebble);
        var (first, end) = (kept.Serial, kept.Status.NotAfter!.Value);
        Assert.InRange(end - kept.Status.RenewalDue!.Value, TimeSpan.FromDays(2) - TimeSpan.FromMinutes(1), TimeSpan.FromDays(2.2));
        await pebble.StopAsync();
        await kept.PassAsync(TimeSpan.FromDays(5.4), s_step);
        Assert.InRange(kept.Status.FailuresInARow, 40, 200);
        Assert.Equal(first, kept.Serial);

        await pebble.BeginAsync();
        await kept.PassAsync(s_longestPause, TimeSpan.FromMinutes(1));

        Assert.NotEqual(first, kept.Serial);
        Assert.True(kept.Clock.GetUtcNow() < end);
    }

    [Fact]
    public async Task A_clock_that_jumps_a_year_ahead_and_is_put_right_makes_no_flood_of_orders()
    {
        await using var pebble = await PebbleServer.StartAsync();
        await using var kept = await KeptAsync(pebble);
        var first = kept.Serial;

        kept.Clock.Jump(TimeSpan.FromDays(365));
        await kept.PassAsync(TimeSpan.FromHours(11), s_step);
        Assert.Equal(first, kept.Serial); // it has just been issued: another one would be expired by this clock too
        Assert.Contains("expired", kept.Status.Problem, StringComparison.Ordinal);
        await kept.PassAsync(TimeSpan.FromHours(2), s_step);
        Assert.NotEqual(first, kept.Serial);

        kept.Clock.Jump(TimeSpan.FromDays(-365));
        await kept.PassAsync(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(1));
        Assert.Null(kept.Status.Problem);
        await kept.PassAsync(TimeSpan.FromDays(2), s_step);
        Assert.Equal(2, kept.Log.Count(line => line.StartsWith("There is a certificate", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_clock_that_was_years_behind_is_put_right_and_the_certificate_goes_on()
    {
        await using var pebble = await PebbleServer.StartAsync();
        await using var kept = await KeptAsync(pebble, behind: TimeSpan.FromDays(3 * 365));
        Assert.Contains("check this machine's clock", kept.Status.Problem, StringComparison.Ordinal);
        var first = kept.Serial;

        kept.Clock.Jump(TimeSpan.FromDays(3 * 365));
        await kept.PassAsync(TimeSpan.FromDays(1), s_step);

        Assert.Equal((first, null), (kept.Serial, kept.Status.Problem));
        await kept.PassAsync(TimeSpan.FromDays(60), TimeSpan.FromHours(1));
        Assert.NotEqual(first, kept.Serial);
    }

    private async Task<Kept> KeptAsync(PebbleServer pebble, TimeSpan behind = default)
    {
        var kept = new Kept(pebble, _folder["data"], await HttpAnswers.StartAsync(pebble.HttpPort));
        kept.Clock.Jump(-behind);
        await kept.BeginAsync();
        return kept;
    }

    private sealed class Kept : IAsyncDisposable
    {
        private readonly HealthMonitor _monitor = new(() => new StoreStatus(true, null, 0, 0, 0, null), hasRemote: false, hasCertificate: true);
        private readonly SiteMetrics _metrics;
        private readonly CertificateSlot _slot = new();
        private readonly HttpAnswers _answers;
        private readonly CertificateKeeper _keeper;
        private readonly LineList _log = new();

        public Kept(PebbleServer pebble, string folder, HttpAnswers answers)
        {
            _metrics = new SiteMetrics(_monitor);
            _answers = answers;
            var settings = new AcmeSettings { Server = new AcmeServer(pebble.Directory, IsForTrial: true), KeyType = CertificateKeyType.EcdsaP256 };
            _keeper = new CertificateKeeper(new KeeperParts
            {
                Settings = settings,
                Hostnames = ["localhost"],
                Vault = new CertificateVault(folder, settings),
                Slot = _slot,
                Responders = [answers],
                Report = new CertificateReport(_monitor, _metrics, Clock),
                Log = _log,
                Time = Clock,
                Connect = static () => new HttpMessageInvoker(new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = TlsSite.IsShown } }),
            });
        }

        public SteppedClock Clock { get; } = new();

        public string Serial => _slot.Certificate!.Leaf.SerialNumber;

        public CertificateStatus Status => _monitor.Certificate!;

        public IReadOnlyList<string> Log => _log.Lines;

        public async Task BeginAsync()
        {
            _keeper.Open();
            _keeper.Start();
            for (var tries = 0; Status.NotAfter is null && tries < 200; tries++) await Clock.PassAsync(TimeSpan.FromSeconds(1));
            Assert.True(Status.NotAfter is not null, string.Join('\n', Log));
        }

        public async Task PassAsync(TimeSpan time, TimeSpan step)
        {
            for (var passed = TimeSpan.Zero; passed < time; passed += step) await Clock.PassAsync(step);
        }

        public async ValueTask DisposeAsync()
        {
            await _keeper.DisposeAsync();
            await _answers.DisposeAsync();
        }
    }

    private sealed class LineList : ILogger
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lines) return [.. _lines];
            }
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines) _lines.Add(formatter(state, exception));
        }
    }
}
