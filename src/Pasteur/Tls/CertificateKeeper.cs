using System.Security.Cryptography;
using Pasteur.Acme;
using Pasteur.Configuration;

namespace Pasteur.Tls;

/// <summary>Sees to it that there is a certificate of an authority, and goes on doing so for as long as the program runs.</summary>
internal sealed partial class CertificateKeeper(KeeperParts parts) : IAsyncDisposable
{
    private const int LateParts = 6;

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly RenewalSchedule _schedule = new(parts.Time, Random.Shared);
    private readonly IReadOnlyList<AcmeIdentifier> _identifiers = [.. parts.Hostnames.Select(AcmeIdentifier.Of)];
    private readonly ILogger _log = parts.Log;
    private AccountKey? _account;
    private Task _running = Task.CompletedTask;
    private bool _hasWanted;

    /// <summary>Serves what an earlier run has left, or a stopgap.</summary>
    /// <exception cref="StartFailedException">The account's key can be neither read nor kept.</exception>
    public void Open()
    {
        _account = parts.Vault.OpenAccountKey();
        if (!parts.Vault.KeepsData)
            LogForgetful();
        var kept = parts.Vault.Load();
        if (kept is not null && parts.Vault.IsWanted(kept, parts.Hostnames))
        {
            Begin(kept, isNew: false);
            LogKept(kept.Issuer, kept.NotAfter);
        }
        else if (kept is not null)
        {
            // For other names than are wanted now; better than nothing until the new one is there.
            parts.Slot.Use(kept);
        }
        else
        {
            parts.Slot.Use(TemporaryCertificate.Make(parts.Time.GetUtcNow()));
        }
    }

    public void Start() => _running = RunAsync(_stop.Token);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _account?.Dispose();
        _turn.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            while (true)
            {
                var pause = TimeSpan.Zero;
                await _turn.WaitAsync(cancellationToken);
                try
                {
                    var step = _schedule.Next();
                    if (step is RenewalStep.Renew) await RenewAsync(cancellationToken);
                    else if (step is RenewalStep.AskAdvice) await AskAdviceAsync(cancellationToken);
                    else pause = ((RenewalStep.Wait)step).Time;
                }
                finally
                {
                    _turn.Release();
                }
                if (pause > TimeSpan.Zero) await SleepAsync(pause, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The program ends.
        }
    }

    private Task SleepAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        parts.Report.Look();
        return Task.Delay(time < Limits.LongestCertificateSleep ? time : Limits.LongestCertificateSleep, parts.Time, cancellationToken);
    }

    /// <returns>Why there is no other certificate; null when there is.</returns>
    private async Task<string?> RenewAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Limits.IssueTimeout);
        LogAsking(string.Join(", ", parts.Hostnames), parts.Settings.Server.Directory.Host);
        try
        {
            await IssueAsync(patience.Token);
            return null;
        }
        catch (AcmeException e)
        {
            return Fail(RenewalFailure.Refused, $"{parts.Settings.Server.Directory.Host} refuses: {e.Problem}", e.RetryAfter);
        }
        catch (Exception e) when (e is IOException or CryptographicException)
        {
            return Fail(RenewalFailure.Unreachable, e.Message, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Fail(RenewalFailure.Unreachable, $"{parts.Settings.Server.Directory.Host} has issued nothing within {Limits.IssueTimeout.TotalMinutes:0} minutes", null);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFault(e);
            return Fail(RenewalFailure.Refused, "a fault of the program; the log has more", null);
        }
    }

    private async Task IssueAsync(CancellationToken cancellationToken)
    {
        using var connections = parts.Connect();
        var key = parts.Vault.NewCertificateKey();
        using var chain = await NewClient(connections).IssueAsync(new CertificateOrder
        {
            Identifiers = _identifiers,
            Key = key,
            Responders = parts.Responders,
            Profile = parts.Settings.Profile,
            PreferredRoot = parts.Settings.PreferredRoot,
            Replaces = _hasWanted ? parts.Slot.Certificate?.Leaf : null,
        }, cancellationToken);
        if (parts.Vault.Save(chain, key) is { } problem)
            LogNotKept(problem);
        var served = ServedCertificate.OfPem(chain.Pem, key.ExportPkcs8PrivateKeyPem());
        Begin(served, isNew: true);
        parts.Report.Renewed();
        LogIssued(served.Issuer, string.Join(", ", served.Names), served.NotAfter);
    }

    private void Begin(ServedCertificate certificate, bool isNew)
    {
        parts.Slot.Use(certificate);
        _hasWanted = true;
        _schedule.Begin(certificate.NotBefore, certificate.NotAfter, isNew);
        parts.Report.Serve(certificate, _schedule.Due);
    }

    private async Task AskAdviceAsync(CancellationToken cancellationToken)
    {
        using var connections = parts.Connect();
        try
        {
            if (await NewClient(connections).GetRenewalInfoAsync(parts.Slot.Certificate!.Leaf, cancellationToken) is not { } info)
            {
                _schedule.AdviseNothing();
                return;
            }
            var before = _schedule.Due;
            _schedule.Advise(info.Start, info.End, info.AskAgain);
            if (_schedule.Due != before)
                LogAdvised(_schedule.Due!.Value, info.Explanation is null ? "" : $": {info.Explanation}");
            parts.Report.Plan(_schedule.Due);
        }
        // Advice is a courtesy: without it the certificate is renewed by its age.
        catch (Exception e) when (e is IOException or AcmeException)
        {
            _schedule.FailAdvice();
            LogNoAdvice(e.Message);
        }
    }

    private AcmeClient NewClient(HttpMessageInvoker connections) => new(connections, new AcmeClientOptions
    {
        Directory = parts.Settings.Server.Directory,
        Key = _account!,
        Email = parts.Settings.Email,
        ExternalAccount = parts.Settings.ExternalAccount,
        UserAgent = $"pasteur/{ProgramVersion.Text}",
        Time = parts.Time,
        OnEvent = LogEvent,
    });

    private string Fail(RenewalFailure failure, string problem, TimeSpan? wish)
    {
        var pause = _schedule.Fail(failure, wish);
        parts.Report.Fail(problem, _schedule.Failures);
        var isLate = parts.Slot.Certificate is not { } served || !_hasWanted || served.NotAfter - parts.Time.GetUtcNow() < (served.NotAfter - served.NotBefore) / LateParts;
        LogFailed(isLate ? LogLevel.Error : LogLevel.Warning, problem, pause, _hasWanted ? $"; the one that is served expires at {parts.Slot.Certificate!.NotAfter.UtcDateTime:u}" : "");
        return problem;
    }

    [LoggerMessage(LogLevel.Information, "The certificate of the last run is served: by {Issuer}, until {NotAfter:u}")]
    private partial void LogKept(string issuer, DateTimeOffset notAfter);

    [LoggerMessage(LogLevel.Warning, "Without a data folder each start orders a new certificate; Let's Encrypt gives five of the same names in a week")]
    private partial void LogForgetful();

    [LoggerMessage(LogLevel.Information, "Asking {Authority} for a certificate for {Names}")]
    private partial void LogAsking(string names, string authority);

    [LoggerMessage(LogLevel.Information, "There is a certificate by {Issuer} for {Names} until {NotAfter:u}")]
    private partial void LogIssued(string issuer, string names, DateTimeOffset notAfter);

    [LoggerMessage("No certificate: {Problem}; trying again in {Pause}{Served}")]
    private partial void LogFailed(LogLevel level, string problem, TimeSpan pause, string served);

    [LoggerMessage(LogLevel.Warning, "The certificate is served but can't be kept, so the next start will need a new one: {Problem}")]
    private partial void LogNotKept(string problem);

    [LoggerMessage(LogLevel.Information, "The authority would like the renewal at {Due:u}{Why}")]
    private partial void LogAdvised(DateTimeOffset due, string why);

    [LoggerMessage(LogLevel.Debug, "The authority was asked in vain when to renew: {Problem}")]
    private partial void LogNoAdvice(string problem);

    [LoggerMessage(LogLevel.Information, "{Event}")]
    private partial void LogEvent(string @event);

    [LoggerMessage(LogLevel.Error, "A renewal failed")]
    private partial void LogFault(Exception exception);
}
