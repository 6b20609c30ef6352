using Pasteur.Configuration;
using Pasteur.Git;

namespace Pasteur.Pastes;

/// <summary>
/// Takes branches away whose time has come. Nobody is shown an expired paste meanwhile; this is what makes the repository forget it. A
/// server that slept through the time does it when it wakes.
/// </summary>
internal sealed class ExpirySweep(Repository repository, PasteStore pastes, TimeProvider time, ILogger log)
{
    /// <summary>What goes before its time, as it was read.</summary>
    public BurnSweep? Burnt { get; init; }

    private string? _lastFault;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await TrySweepAsync(cancellationToken).ConfigureAwait(false);
            await Task.Delay(Limits.SweepEvery, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>How many branches were taken away. Tried again soon when the store takes no writes.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var snapshot = repository.Current;
        if (!await TryDeleteMovedAsync(snapshot, cancellationToken).ConfigureAwait(false)) return 0;
        ShortLivedBranch[] past = [.. pastes.ShortLived(snapshot).Where(branch => branch.Bucket.IsPast(now))];
        var gone = new List<string>(past.Length);
        foreach (var branch in past)
            if (await TryLeaveAsync(snapshot, branch, cancellationToken).ConfigureAwait(false)) gone.Add(branch.Name);
        if (gone.Count == 0) return 0;
        if (await repository.DropAsync(gone, cancellationToken).ConfigureAwait(false) is { } problem)
        {
            Tell(problem);
            return 0;
        }
        if (gone.Count == past.Length) _lastFault = null;
        log.BranchesEnded(gone.Count);
        return gone.Count;
    }

    // Whatever goes wrong at one time must not keep those that end later.
    private async Task TrySweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SweepAsync(cancellationToken).ConfigureAwait(false);
            if (Burnt is not null) await Burnt.SweepAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Tell(e.Message);
        }
    }

    // Before a branch goes that says so.
    private async Task<bool> TryDeleteMovedAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        try
        {
            if (await pastes.DeleteMovedAsync(snapshot, cancellationToken).ConfigureAwait(false)) return true;
            Tell("what was deleted and has been moved cannot be taken away");
            return false;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // What is damaged, or can't be had now, or worse, must not keep what ends.
            Tell(e.Message);
            return true;
        }
    }

    // Damaged or not, it goes; only that its pastes are gone, rather than unknown, is then not remembered.
    private async Task<bool> TryLeaveAsync(Snapshot snapshot, ShortLivedBranch branch, CancellationToken cancellationToken)
    {
        try
        {
            if (!await pastes.SettleAsync(snapshot, branch, cancellationToken).ConfigureAwait(false))
            {
                Tell($"what is left elsewhere of a paste on {branch.Name} cannot be taken away");
                return false;
            }
            pastes.RememberGone(snapshot, branch);
        }
        catch (GitDataException e)
        {
            Tell(e.Message);
        }
        return true;
    }

    private void Tell(string fault)
    {
        if (fault != _lastFault) log.CannotEnd(fault);
        _lastFault = fault;
    }
}

/// <summary>What the sweep logs.</summary>
internal static partial class ExpiryLog
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "{Count} branches of pastes that have ended are taken away")]
    public static partial void BranchesEnded(this ILogger log, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "pastes that have ended are shown to nobody, but cannot be forgotten now: {Reason}")]
    public static partial void CannotEnd(this ILogger log, string reason);
}
