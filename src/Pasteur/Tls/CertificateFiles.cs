using System.Security.Cryptography;
using System.Text;
using Pasteur.Configuration;

namespace Pasteur.Tls;

/// <summary>
/// Serves a certificate that somebody else renews, and looks every few seconds whether they have. The content is compared, not the time of the
/// files: whoever renews may swap a link. A pair that does not fit together, as in the middle of a renewal, leaves the old one in place.
/// </summary>
internal sealed partial class CertificateFiles(CertificateSource.OwnFiles files, CertificateSlot slot, CertificateReport report, ILogger log) : IAsyncDisposable
{
    private const int LateParts = 6;

    private readonly CancellationTokenSource _stop = new();
    private readonly ILogger _log = log;
    private Task _running = Task.CompletedTask;
    private byte[] _seen = [];
    private byte[] _failed = [];
    private string? _problem;

    /// <exception cref="StartFailedException">They hold no certificate with its key.</exception>
    public void Open()
    {
        if (TryServe() is { } problem)
            throw new StartFailedException(ExitCodes.Usage, problem);
    }

    public void Start() => _running = RunAsync(_stop.Token);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Limits.CertificateFilesEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                Look();
        }
        catch (OperationCanceledException)
        {
            // The program ends.
        }
    }

    private void Look()
    {
        var problem = TryServe() ?? Expiry();
        if (problem is not null && problem != _problem)
            LogProblem(problem);
        _problem = problem;
        report.Warn(problem);
    }

    /// <returns>Why what the files hold now is not served; null when it is.</returns>
    private string? TryServe()
    {
        var (certificates, key) = (SmallFile.ReadBytes(files.Certificate, Limits.MaxCertificateFileBytes), SmallFile.ReadBytes(files.Key, Limits.MaxCertificateFileBytes));
        if (!certificates.IsOk)
            return $"--cert-file {files.Certificate} {certificates.Problem}";
        if (!key.IsOk)
            return $"--key-file {files.Key} {key.Problem}";
        var digest = SHA256.HashData([.. SHA256.HashData(certificates.Value), .. SHA256.HashData(key.Value)]);
        if (digest.AsSpan().SequenceEqual(_seen))
            return null;
        if (digest.AsSpan().SequenceEqual(_failed))
            return _problem;
        try
        {
            var served = ServedCertificate.OfPem(Encoding.UTF8.GetString(certificates.Value), Encoding.UTF8.GetString(key.Value));
            slot.Use(served);
            report.Serve(served, null);
            (_seen, _failed) = (digest, []);
            LogServed(served.Issuer, string.Join(", ", served.Names), served.NotAfter);
            return null;
        }
        // What the platform says may quote the file; ours does not.
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            _failed = digest;
            return $"--cert-file {files.Certificate} and --key-file {files.Key} hold no certificate with its own private key (PEM, not encrypted)";
        }
    }

    private string? Expiry()
    {
        var served = slot.Certificate!;
        var left = served.NotAfter - TimeProvider.System.GetUtcNow();
        return left < (served.NotAfter - served.NotBefore) / LateParts && left > TimeSpan.Zero ? $"the certificate expires at {served.NotAfter.UtcDateTime:u}; put a new one into {files.Certificate}" : null;
    }

    [LoggerMessage(LogLevel.Information, "The certificate by {Issuer} for {Names} is served, until {NotAfter:u}")]
    private partial void LogServed(string issuer, string names, DateTimeOffset notAfter);

    [LoggerMessage(LogLevel.Warning, "{Problem}")]
    private partial void LogProblem(string problem);
}
