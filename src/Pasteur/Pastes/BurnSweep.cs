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
    private const string Heads = "refs/heads/";
    private const string Remembered = "refs/remotes/origin/";

    // Branches that were seen unburnt, by their tips: these are read once.
    private readonly Dictionary<string, ObjectId> _unburnt = new(StringComparer.Ordinal);

    /// <summary>How many branches were taken away. What stands in the way now is tried again by the next.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        await BuryAsync(repository.Current, cancellationToken).ConfigureAwait(false);
        var snapshot = repository.Current;
        var buried = new HashSet<string>(StringComparer.Ordinal);
        // Also what is only remembered of the remote: a push that was under way may have ended after the last sweep.
        foreach (var name in snapshot.RefNames)
        {
            var prefix = name.StartsWith(Heads, StringComparison.Ordinal) ? Heads : Remembered;
            if (name.StartsWith(prefix + Bucket.Prefix, StringComparison.Ordinal) && name[prefix.Length..] is var branch &&
                Bucket.BurningCode(branch) is { } code && pastes.IsTombstoneOnRemote(snapshot, code) is not null) buried.Add(branch);
        }
        if (buried.Count == 0) return 0;
        foreach (var name in buried) _unburnt.Remove(name);
        return await repository.DropAsync(buried, cancellationToken).ConfigureAwait(false) is null ? buried.Count : 0;
    }

    private async Task BuryAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        var now = options.Time.GetUtcNow();
        var burnt = new Dictionary<string, List<Tombstone>>(StringComparer.Ordinal);
        var left = Limits.MaxTombstonesPerSweep;
        foreach (var branch in pastes.ShortLived(snapshot))
        {
            if (left == 0) break;
            if (Bucket.BurningCode(branch.Name) is null || branch.Bucket.IsPast(now) || (waitsForRemote && snapshot.RemoteTip(branch.Name) != branch.Tip)) continue;
            if (TombstoneOf(snapshot, branch) is not { } tombstone) continue;
            var shared = branch.Bucket.BranchOf(options.Server);
            if (!burnt.TryGetValue(shared, out var together)) burnt[shared] = together = [];
            together.Add(tombstone);
            left--;
        }
        foreach (var (shared, tombstones) in burnt)
        {
            var request = PasteDraft.Tombstones(shared, tombstones, now);
            if (await repository.CommitAsync(request, cancellationToken).ConfigureAwait(false) is not CommitOutcome.Committed committed) return;
            if (options.AwaitRemoteOfEnding is { } push) await push(committed, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Null while it may be read still, or can't be.</summary>
    private Tombstone? TombstoneOf(Snapshot snapshot, ShortLivedBranch branch)
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

    private Tombstone? ReadTombstone(Snapshot snapshot, ShortLivedBranch branch)
    {
        if (_unburnt.TryGetValue(branch.Name, out var seen) && seen == branch.Tip) return null;
        if (!PasteId.TryParse(Bucket.BurningCode(branch.Name), out var id) || pastes.IsTombstoneOnRemote(snapshot, id.ToString()) is not null) return null;
        var description = snapshot.Find(branch.Tip, id.Folder) is { IsTree: true } folder ? PasteReader.Describe(snapshot, folder.Id) : null;
        // No folder: its owner has deleted it. No description: somebody else's doing, which ends with its bucket.
        if (description is null) return snapshot.Find(branch.Tip, id.Folder) is null ? new Tombstone(id.Folder, new PasteJson { Format = PasteJson.CurrentFormat, Files = [] }) : null;
        if (Pastes.Burning.Of(description) is { IsBurnt: true } burning) return new Tombstone(id.Folder, description.WithReads(burning.ReadBy));
        _unburnt[branch.Name] = branch.Tip;
        return null;
    }
}

/// <summary>What is left of a paste whose own branch goes.</summary>
internal sealed class Tombstone(string folder, PasteJson description)
{
    public string Folder => folder;

    public PasteJson Description => description;
}
