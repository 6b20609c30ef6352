using Pasteur.Acme;
using Pasteur.Configuration;

namespace Pasteur.Tls;

// What an administrator asks for when somebody else may have seen a private key.
internal sealed partial class CertificateKeeper
{
    /// <summary>Has another certificate with another key issued and served, and then the one before revoked: there is no moment without one.</summary>
    /// <returns>What went wrong; null when nothing did.</returns>
    public Task<string?> ReplaceAsync(CancellationToken cancellationToken) => InTurnAsync(async stop =>
    {
        if (parts.Settings.CertificateSeed is not null) return "the certificate's key is made of --cert-seed; start again with another seed, which orders another certificate";
        if (!_hasWanted) return "there is no certificate of the authority yet";
        var before = parts.Slot.Certificate!.Leaf;
        if (await RenewAsync(stop) is { } problem) return $"nothing was replaced: {problem}";
        var refusal = await AskAsync(client => client.RevokeAsync(before, RevocationReason.KeyCompromise, stop));
        return refusal is null ? null : $"another certificate is served, but the one before (serial number {before.SerialNumber}) is not revoked: {refusal}";
    }, cancellationToken);

    /// <summary>Gives the account another key.</summary>
    /// <returns>What went wrong; null when nothing did.</returns>
    public Task<string?> ReplaceAccountKeyAsync(CancellationToken cancellationToken) => InTurnAsync(async stop =>
    {
        if (parts.Settings.AccountSeed is not null) return "the account's key is made of --account-seed; start again with another seed, which makes another account";
        var next = AccountKey.Generate();
        if (parts.Vault.KeepNextAccountKey(next) is { } problem) return problem;
        if (await AskAsync(client => client.ChangeKeyAsync(next, stop)) is { } refusal)
        {
            next.Dispose();
            return $"the account keeps its key, unless the answer was lost: {refusal}";
        }
        (_account, var old) = (next, _account);
        old!.Dispose();
        return parts.Vault.AdoptNextAccountKey();
    }, cancellationToken);

    private async Task<string?> InTurnAsync(Func<CancellationToken, Task<string?>> work, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        patience.CancelAfter(Limits.IssueTimeout);
        await _turn.WaitAsync(patience.Token);
        try
        {
            return await work(patience.Token);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<string?> AskAsync(Func<AcmeClient, Task> question)
    {
        using var connections = parts.Connect();
        try
        {
            await question(NewClient(connections));
            return null;
        }
        catch (AcmeException e)
        {
            return $"{parts.Settings.Server.Directory.Host} refuses: {e.Problem}";
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }
}
