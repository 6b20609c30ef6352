using System.Globalization;
using Pasteur.Health;

namespace Pasteur.Tls;

/// <summary>Tells health and metrics how the certificate stands.</summary>
internal sealed class CertificateReport(HealthMonitor monitor, SiteMetrics metrics, TimeProvider time)
{
    private string? _failure;

    public void Serve(ServedCertificate certificate, DateTimeOffset? renewal)
    {
        _failure = null;
        Update(s => s with
        {
            Names = certificate.Names,
            Issuer = certificate.Issuer,
            NotBefore = certificate.NotBefore.ToUniversalTime(),
            NotAfter = certificate.NotAfter.ToUniversalTime(),
            RenewalDue = renewal?.ToUniversalTime(),
            FailuresInARow = 0,
        });
    }

    public void Plan(DateTimeOffset? renewal) => Update(s => s with { RenewalDue = renewal?.ToUniversalTime() });

    public void Renewed() => metrics.CertificateAsked("issued");

    public void Fail(string problem, int failures)
    {
        _failure = problem;
        metrics.CertificateAsked("failed");
        Update(s => s with { FailuresInARow = failures });
    }

    /// <summary>A certificate that comes from files needs somebody's hand.</summary>
    public void Warn(string? problem)
    {
        _failure = problem;
        Look();
    }

    /// <summary>Time has passed.</summary>
    public void Look() => Update(static s => s);

    private void Update(Func<CertificateStatus, CertificateStatus> change) => monitor.UpdateCertificate(before =>
    {
        var after = change(before);
        return after with { Problem = ProblemOf(after) };
    });

    private string? ProblemOf(CertificateStatus status)
    {
        var now = time.GetUtcNow();
        var words = status.NotAfter is not { } end ? "there is no certificate yet"
            : now > end ? string.Create(CultureInfo.InvariantCulture, $"the certificate expired at {end.UtcDateTime:u}")
            : now < status.NotBefore ? string.Create(CultureInfo.InvariantCulture, $"the certificate is valid only from {status.NotBefore?.UtcDateTime:u} on; check this machine's clock")
            : null;
        return words is null ? _failure : _failure is null ? words : $"{words}: {_failure}";
    }
}
