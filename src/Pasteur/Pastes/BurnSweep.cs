using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Git.Objects;

namespace Pasteur.Pastes;

/// <summary>
/// Takes the branches of burnt pastes away, so that the repository forgets them: first a shared branch of the same bucket says that they were
/// there (a tombstone), then their own go, here, and on the remote as all whose time is over. A branch that comes back (of a server that was away, of a
/// push whose answer was lost) is not shown, and goes again.
/// </summary>
/// <param name="waitsForRemote">The remote decides who reads: what it has not taken yet is not judged.</param>
internal sealed class BurnSweep(Repository repository, PasteStore pastes, PasteStoreOptions options, bool waitsForRemote)
{
    private const string Remembered = "refs/remotes/origin/" + Bucket.Prefix;

    // Branches that were seen unburnt, by their tips: these are read once.
    private readonly Dictionary<string, ObjectId> _unburnt = new(StringComparer.Ordinal);

    /// <summary>How many branches were taken away. What stands in the way now is tried again by the next.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        await BuryAsync(repository.Current, cancellationToken).ConfigureAwait(false);
        var snapshot = repository.Current;
        // Also what is only remembered of the remote: a push that was under way may have ended after the last sweep.
        var seen = snapshot.RefNames.Where(name => name.StartsWith(Remembered, StringComparison.Ordinal)).Select(name => name[(Remembered.Length - Bucket.Prefix.Length)..]);
        string[] buried = [.. Burning(snapshot).Select(branch => branch.Name).Union(seen).Where(name => Bucket.BurningCode(name) is { } code && pastes.IsTombstoneOnRemote(snapshot, code) is not null)];
        if (buried.Length == 0) return 0;
        foreach (var name in buried) _unburnt.Remove(name);
        return await repository.DropAsync(buried, cancellationToken).ConfigureAwait(false) is null ? buried.Length : 0;
    }

    private IEnumerable<ShortLivedBranch> Burning(Snapshot snapshot) => pastes.ShortLived(snapshot).Where(branch => Bucket.BurningCode(branch.Name) is not null);

    private async Task BuryAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        var now = options.Time.GetUtcNow();
        var burnt = Burning(snapshot)
            .Where(branch => !branch.Bucket.IsPast(now) && (!waitsForRemote || snapshot.RemoteTip(branch.Name) == branch.Tip))
            .Select(branch => (branch.Bucket, Tombstone: TombstoneOf(snapshot, branch)))
            .Where(one => one.Tombstone is not null)
            .Take(Limits.MaxTombstonesPerSweep)
            .ToList();
        foreach (var bucket in burnt.GroupBy(one => one.Bucket))
        {
            var request = PasteDraft.Tombstones(bucket.Key.BranchOf(options.Server), bucket.Select(one => one.Tombstone!.Value), now);
            if (await repository.CommitAsync(request, cancellationToken).ConfigureAwait(false) is not CommitOutcome.Committed committed) return;
            if (options.AwaitRemoteOfEnding is { } push) await push(committed, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Null while it may be read still, or can't be.</summary>
    private (PasteId Id, PasteJson Description)? TombstoneOf(Snapshot snapshot, ShortLivedBranch branch)
    {
        try
        {
            return ReadTombstone(snapshot, branch);
        }
        catch (GitDataException)
        {
            // Whoever may push can make any branch; it ends with its bucket.
            return null;
        }
    }

    private (PasteId Id, PasteJson Description)? ReadTombstone(Snapshot snapshot, ShortLivedBranch branch)
    {
        if (_unburnt.TryGetValue(branch.Name, out var seen) && seen == branch.Tip) return null;
        if (!PasteId.TryParse(Bucket.BurningCode(branch.Name), out var id) || pastes.IsTombstoneOnRemote(snapshot, id.ToString()) is not null) return null;
        var description = snapshot.Find(branch.Tip, id.Folder) is { IsTree: true } folder ? PasteReader.Describe(snapshot, folder.Id) : null;
        // No folder: its owner has deleted it. No description: somebody else's doing, which ends with its bucket.
        if (description is null) return snapshot.Find(branch.Tip, id.Folder) is null ? (id, new PasteJson { Format = PasteJson.CurrentFormat, Files = [] }) : null;
        if (Pastes.Burning.Of(description) is { IsBurnt: true } burning) return (id, description.WithReads(burning.ReadBy));
        _unburnt[branch.Name] = branch.Tip;
        return null;
    }
}
