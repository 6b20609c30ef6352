using System.Globalization;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Tls;

/// <summary>An authority that gives advice, and one that wants to be left alone.</summary>
public sealed class FrontedPebbleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Window_in_the_past_renews_a_certificate_that_has_months_to_go_once()
    {
        await using var pebble = await PebbleServer.StartAsync();
        await using var front = await FrontedPebble.StartAsync(pebble);
        WriteAdvice(front, 20, 21);
        string before;
        await using (var site = Start(pebble, front))
        {
            using var first = await site.CertificateAsync();
            before = first.SerialNumber;
            Assert.Equal(0, await site.StopAsync());
        }
        WriteAdvice(front, -2, -1);
        await using var again = Start(pebble, front);

        using var second = await again.CertificateAsync(beside: before);

        // The new one is said to be due too, and that is not believed at once.
        await again.UntilAsync(() => Task.FromResult(front.Requests.Count(r => r.StartsWith("GET /ari/", StringComparison.Ordinal) && r.EndsWith(" 200", StringComparison.Ordinal)) >= 3 ? "" : null), "advice on the second");
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        using var still = await again.HandshakeAsync();
        Assert.Equal(second.SerialNumber, still.SerialNumber);
    }

    [Fact]
    public async Task Window_in_the_future_is_what_health_shows()
    {
        await using var pebble = await PebbleServer.StartAsync();
        await using var front = await FrontedPebble.StartAsync(pebble);
        var (start, end) = WriteAdvice(front, 20, 21);
        await using var site = Start(pebble, front);

        var due = await site.UntilAsync(async () => (string?)(await site.HealthAsync())["certificate"]!["renewalDue"] is { } text
            && DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) is var at && at >= start && at <= end ? text : null, "the renewal within the window");

        Assert.NotEmpty(due);
    }

    [Fact]
    public async Task Rate_limit_is_told_and_the_order_is_not_repeated_at_once()
    {
        await using var pebble = await PebbleServer.StartAsync();
        await using var front = await FrontedPebble.StartAsync(pebble);
        WriteAdvice(front, 20, 21);
        File.WriteAllText(front.LimitFile, "");
        await using var site = Start(pebble, front);

        Assert.Contains("too many orders of late", await site.ProblemAsync("rateLimited"), StringComparison.Ordinal);
        Assert.Single(front.Requests, r => r.EndsWith(" /order-plz 429", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Profile_is_ordered_and_a_certificate_of_six_days_is_to_be_renewed_after_four()
    {
        await using var pebble = await PebbleServer.StartAsync(new PebbleOptions { ValiditySeconds = 6 * 24 * 3600 });
        await using var front = await FrontedPebble.StartAsync(pebble);
        await using var site = Start(pebble, front, "--acme-profile", "shortlived");

        using var certificate = await site.CertificateAsync();

        Assert.Contains("\"profile\":\"shortlived\"", Assert.Single(front.Orders), StringComparison.Ordinal);
        Assert.InRange(certificate.NotAfter - certificate.NotBefore, TimeSpan.FromDays(5.9), TimeSpan.FromDays(6.1));
        var due = DateTimeOffset.Parse((string)(await site.HealthAsync())["certificate"]!["renewalDue"]!, CultureInfo.InvariantCulture);
        Assert.InRange(due - certificate.NotBefore.ToUniversalTime(), TimeSpan.FromDays(3.8), TimeSpan.FromDays(4));
        Assert.Equal("ok", (string?)(await site.HealthAsync())["status"]);
    }

    [Fact]
    public async Task Profile_that_there_is_not_is_told_with_those_there_are_and_nothing_is_ordered()
    {
        await using var pebble = await PebbleServer.StartAsync();
        await using var front = await FrontedPebble.StartAsync(pebble);
        await using var site = Start(pebble, front, "--acme-profile", "longlived");

        Assert.Contains("it has classic, shortlived", await site.ProblemAsync("no profile \"longlived\""), StringComparison.Ordinal);
        Assert.DoesNotContain(front.Requests, line => line.Contains("/order-plz", StringComparison.Ordinal));
    }

    private static (DateTimeOffset Start, DateTimeOffset End) WriteAdvice(FrontedPebble front, int fromDays, int toDays)
    {
        var (start, end) = (DateTimeOffset.UtcNow.AddDays(fromDays), DateTimeOffset.UtcNow.AddDays(toDays));
        File.WriteAllText(front.AdviceFile, $$$"""{"suggestedWindow":{"start":"{{{start:yyyy-MM-ddTHH:mm:ssZ}}}","end":"{{{end:yyyy-MM-ddTHH:mm:ssZ}}}"}}""");
        return (start.AddSeconds(-1), end.AddSeconds(1));
    }

    private TlsSite Start(PebbleServer pebble, FrontedPebble front, params string[] more) => TlsSite.Start(new Dictionary<string, string?> { ["SSL_CERT_FILE"] = pebble.AuthorityFile }, pebble.TlsPort,
        ["--https", "--data", _folder["data"], "--bind", "127.0.0.1", "--hostname", "localhost", "--http-port", $"{pebble.HttpPort}", "--acme-directory", front.Directory.AbsoluteUri, .. more]);
}
