using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Git.Objects;

namespace Pasteur.Pastes;

/// <summary>
/// Takes a paste from the branch where it is to the one where its new end belongs. In one batch it gets its new end where it is, and comes to
/// the new place; from then on that counts (<see cref="PastePlaces"/>). Then it leaves the old place. Whoever is killed in between leaves two,
/// of which neither lives longer than it should; what ends first takes the other with it (<see cref="SettleAsync"/>).
/// </summary>
internal sealed class PasteMoves(Repository repository, PasteStoreOptions options, PastePlaces places)
{
    public PasteDeletions Deletions { get; } = new(repository, options, places);

    /// <summary>Where a paste belongs that ends then; where it is already, if that goes at the same time. Null: on the site's own branch.</summary>
    public string? BranchFor(Paste current, DateTimeOffset? end, DateTimeOffset now)
    {
        if (end is not { } time) return null;
        var bucket = Bucket.Of(time, now);
        return current.ShortLivedBranch is { } branch && Bucket.TryParse(branch, out var there) && there.End == bucket.End ? branch : bucket.BranchOf(options.Server);
    }

    /// <summary>In place, and to another branch.</summary>
    /// <param name="draft">What it is there.</param>
    public CommitRequest Move(PasteId id, Paste current, PasteDraft draft, DateTimeOffset now)
    {
        var snapshot = repository.Current;
        var to = BranchFor(current, draft.Expires, now) ?? options.Branch;
        var request = PasteDraft.OfNewEnd(current, draft.Expires, now).ToEdit(id, current.Home ?? options.Branch, current);
        if (to == request.Branch) return draft.ToEdit(id, to, current);
        // Left there by an earlier move.
        var left = PastePlaces.FindOn(snapshot, to, id.Folder) is { } place ? PasteReader.Read(snapshot, id.ToString(), place.Entry.Id) : null;
        var isFirst = to == options.Branch && !(snapshot.TryGetRef($"refs/heads/{to}", out var tip) && RepositoryFormat.IsWritten(snapshot, tip));
        return request with { Also = left is null ? draft.ToCommit(id, to, isFirst) : draft.ToEdit(id, to, left) };
    }

    /// <summary>Commits that take a paste from where it is no more.</summary>
    public List<CommitRequest> Leftovers(PasteId id, DateTimeOffset now)
    {
        var snapshot = repository.Current;
        var all = places.All(snapshot, id.ToString(), id.Folder);
        var requests = new List<CommitRequest>();
        if (all.Count < 2) return requests;
        var newest = places.Find(snapshot, id.ToString(), id.Folder);
        foreach (var place in all)
            if (place.Branch != newest?.Branch) requests.Add(PasteDraft.Removal(id, place.Branch ?? options.Branch, place.Entry.Id, now));
        return requests;
    }

    /// <summary>What another server has made of it at an old place, before it knew of the move, becomes the newest revision; null: nothing.</summary>
    public CommitRequest? Belated(PasteId id, DateTimeOffset now)
    {
        var snapshot = repository.Current;
        if (places.All(snapshot, id.ToString(), id.Folder) is not [_, _, ..] all || places.Find(snapshot, id.ToString(), id.Folder) is not { } newest) return null;
        if (PasteReader.Read(snapshot, id.ToString(), newest.Entry.Id) is not { } paste || paste.Revision.Number >= Limits.MaxRevisions) return null;
        foreach (var place in all)
            if (place.Branch != newest.Branch && PasteReader.Read(snapshot, id.ToString(), place.Entry.Id) is { } left && left.OwnerTokenHash == paste.OwnerTokenHash && !paste.WasAt(left.Revision, HasFilesOf(paste, left)))
                return PasteDraft.OfEdit(paste, PasteDraft.ContentOf(left), paste.Expires, now).ToEdit(id, newest.Branch ?? options.Branch, paste);
        return null;
    }

    private static bool HasFilesOf(Paste one, Paste other) => one.Files.Select(file => (file.StoredName, file.Tag)).SequenceEqual(other.Files.Select(file => (file.StoredName, file.Tag)));

    /// <inheritdoc cref="PasteStore.SettleAsync"/>
    /// <param name="codes">Of pastes on the branch.</param>
    /// <param name="lives">Whether a code is that of a paste which is shown still.</param>
    public ValueTask<bool> SettleAsync(Snapshot snapshot, ShortLivedBranch branch, string[] codes, Func<string, bool> lives, CancellationToken cancellationToken) =>
        CommitAllAsync(Settle(snapshot, branch, codes, lives), cancellationToken);

    /// <summary>Takes away what was moved and is marked as deleted. False: that cannot be done now.</summary>
    public async ValueTask<bool> DeleteMovedAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        if (!await CommitAllAsync(Deletions.Find(snapshot, out var seen), cancellationToken).ConfigureAwait(false)) return false;
        Deletions.Done(seen);
        return true;
    }

    private async ValueTask<bool> CommitAllAsync(List<CommitRequest> requests, CancellationToken cancellationToken)
    {
        foreach (var request in requests)
        {
            switch (await repository.CommitAsync(request, cancellationToken).ConfigureAwait(false))
            {
                case CommitOutcome.Committed committed:
                    if (AwaitRemote(request) is { } follow && await follow(committed, cancellationToken).ConfigureAwait(false) is not null) return false;
                    break;
                // Somebody else was faster.
                case CommitOutcome.PathChanged or CommitOutcome.PathTaken:
                    break;
                default:
                    return false;
            }
        }
        return true;
    }

    /// <summary>Who is asked about a commit, where somebody is.</summary>
    public Func<CommitOutcome.Committed, CancellationToken, ValueTask<string?>>? AwaitRemote(CommitRequest request) =>
        options.Awaiting(request.Branch);

    private List<CommitRequest> Settle(Snapshot snapshot, ShortLivedBranch branch, string[] codes, Func<string, bool> lives)
    {
        var requests = Deletions.FindMarked(snapshot, branch);
        foreach (var code in codes)
        {
            if (!PasteId.TryParse(code, out var id)) continue;
            // One that lives has left its old place behind; that goes with the branch.
            if (places.IsElsewhere(snapshot, code, id.Folder) && !lives(code)) requests.AddRange(Leftovers(id, options.Time.GetUtcNow()));
            if (options.ForgetsDeleted && PastePlaces.FindOn(snapshot, branch.Name, id.Folder) is { } place && PasteReader.Describe(snapshot, place.Entry.Id) is { InHistory: true } && !lives(code))
                options.Eraser?.Add(id);
        }
        return requests;
    }
}
