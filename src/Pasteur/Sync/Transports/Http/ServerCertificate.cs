using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Pasteur.Configuration;

namespace Pasteur.Sync.Transports.Http;

/// <summary>Whom to believe to be the remote (RFC 9110, section 4.3.4), and in plain words why not.</summary>
internal sealed class ServerCertificate(Authorities? more)
{
    private string? _problem;

    public X509ChainPolicy Policy { get; } = PolicyWith(more);

    public bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
            return true;
        Volatile.Write(ref _problem, Explain(certificate as X509Certificate2, chain, errors));
        return false;
    }

    /// <summary>Why the last certificate was not believed, once.</summary>
    public string? TakeProblem() => Interlocked.Exchange(ref _problem, null);

    private static string Explain(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
            return "it showed no certificate";
        var flaws = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, flaw) => all | flaw.Status) ?? X509ChainStatusFlags.NoError;
        if (flaws.HasFlag(X509ChainStatusFlags.NotTimeValid))
            return Expiry(certificate);
        if ((flaws & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0)
            return "the issuer of its certificate is not known here; if you trust it, give the issuer's own certificate with --remote-ca FILE";
        return errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? "its certificate is for another name; check the remote's URL"
            : $"its certificate is not sound ({flaws})";
    }

    private static string Expiry(X509Certificate2 certificate) => TimeProvider.System.GetLocalNow() < certificate.NotBefore
        ? string.Create(CultureInfo.InvariantCulture, $"its certificate is valid only from {certificate.NotBefore.ToUniversalTime():u} on; check this machine's clock")
        : TimeProvider.System.GetLocalNow() > certificate.NotAfter
            ? string.Create(CultureInfo.InvariantCulture, $"its certificate expired on {certificate.NotAfter.ToUniversalTime():u}")
            : "a certificate that its own depends on has expired";

    // Nothing is downloaded: a certificate that nobody believes yet would say from where.
    private static X509ChainPolicy PolicyWith(Authorities? more)
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (more is null)
            return policy;
        // The system's authorities and ours in one list: with a list given, the platform looks at nothing beside it.
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        using var system = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);
        policy.CustomTrustStore.AddRange(system.Certificates);
        policy.CustomTrustStore.AddRange(more.Certificates.ToArray());
        return policy;
    }
}
