using System.Buffers;
using System.Collections.Concurrent;
using System.Formats.Asn1;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Pasteur.Acme;
using Pasteur.Configuration;

namespace Pasteur.Tls.Challenges;

/// <summary>
/// Answers tls-alpn-01 (RFC 8737) on the https port: an authority that offers "acme-tls/1" alone is shown a certificate with the digest of
/// the key authorization. While no challenge waits, nothing is looked at.
/// </summary>
internal sealed class AlpnChallenges : IChallengeResponder
{
    // id-pe-acmeIdentifier, RFC 8737, section 6.1.
    private const string AcmeIdentifierExtension = "1.3.6.1.5.5.7.1.31";

    private static readonly SslApplicationProtocol s_protocol = new("acme-tls/1");
    private static readonly TimeSpan s_lifetime = TimeSpan.FromDays(7);

    private readonly ConcurrentDictionary<string, SslServerAuthenticationOptions> _answers = new(StringComparer.OrdinalIgnoreCase);

    public string Type => "tls-alpn-01";

    /// <summary>An address would be asked for by a name under in-addr.arpa (RFC 8738, section 6), which is not done here.</summary>
    public bool CanAnswer(AcmeIdentifier identifier) => identifier is { IsWildcard: false, IsAddress: false };

    public Task<string?> PrepareAsync(PendingChallenge challenge, CancellationToken cancellationToken)
    {
        if (_answers.Count >= Limits.MaxPendingChallenges)
            return Task.FromResult<string?>("too many challenges wait for their answer");
        var certificate = MakeCertificate(challenge);
        _answers[challenge.Identifier.Value] = CertificateSlot.OptionsFor(certificate.Context, [s_protocol]);
        return Task.FromResult<string?>(null);
    }

    public Task CleanUpAsync(PendingChallenge challenge, CancellationToken cancellationToken)
    {
        _answers.TryRemove(challenge.Identifier.Value, out _);
        return Task.CompletedTask;
    }

    /// <summary>Stands before the handshake: finds out who knocks, without taking anything of what was sent.</summary>
    public ConnectionDelegate Recognize(ConnectionDelegate next) => async connection =>
    {
        if (!_answers.IsEmpty && await FindAsync(connection) is { } answer)
            connection.Features.Set(answer);
        await next(connection);
    };

    /// <summary>What this connection is to be shown; null for a visitor.</summary>
    public static SslServerAuthenticationOptions? For(ConnectionContext connection) => connection.Features.Get<SslServerAuthenticationOptions>();

    private async Task<SslServerAuthenticationOptions?> FindAsync(ConnectionContext connection)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
        patience.CancelAfter(Limits.HandshakeTimeout);
        while (true)
        {
            System.IO.Pipelines.ReadResult read;
            try
            {
                read = await connection.Transport.Input.ReadAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
            var kind = ClientHello.Read(read.Buffer.ToArray(), out var name);
            var isOver = kind != HelloKind.Incomplete || read.IsCompleted || read.Buffer.Length > Limits.MaxClientHelloBytes;
            // Nothing is consumed. Until it is over, more must come before the next look.
            connection.Transport.Input.AdvanceTo(read.Buffer.Start, isOver ? read.Buffer.Start : read.Buffer.End);
            if (isOver)
                return kind == HelloKind.Challenge ? _answers.GetValueOrDefault(name) : null;
        }
    }

    private static ServedCertificate MakeCertificate(PendingChallenge challenge)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + challenge.Identifier.Value[..Math.Min(challenge.Identifier.Value.Length, 64)], key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(challenge.Identifier.Value);
        request.CertificateExtensions.Add(names.Build());
        var digest = new AsnWriter(AsnEncodingRules.DER);
        digest.WriteOctetString(challenge.Digest);
        request.CertificateExtensions.Add(new X509Extension(AcmeIdentifierExtension, digest.Encode(), critical: true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now - TimeSpan.FromDays(1), now + s_lifetime);
        return ServedCertificate.Of([X509CertificateLoader.LoadCertificate(certificate.RawData)], key);
    }
}
