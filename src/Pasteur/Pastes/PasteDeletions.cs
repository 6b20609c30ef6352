using Pasteur.Git;
using Pasteur.Git.Objects;

namespace Pasteur.Pastes;

/// <summary>
/// Sees to it that a deletion reaches a paste which another server has given another end meanwhile, and taken to another branch with that: the deletion
/// leaves a mark (<see cref="PasteMarks.Deleted"/>), by which nobody is shown what was moved, and by which any server takes it away that finds both.
/// </summary>
internal sealed class PasteDeletions(Repository repository, PasteStoreOptions options, PastePlaces places)
{
    // The branches as they were when they were last looked through.
    private Dictionary<string, ObjectId> _seen = new(StringComparer.Ordinal);

    /// <summary>A commit that deletes, and says so where several servers share a remote.</summary>
    public CommitRequest Marking(CommitRequest deletion, PasteId id)
    {
        var snapshot = repository.Current;
        return options.AwaitRemote is not null && snapshot.TryGetRef($"refs/heads/{deletion.Branch}", out var tip) && PasteMarks.Deleted.NewFor(id, snapshot, tip) is { } mark
            ? deletion with { Edits = [.. deletion.Edits, mark], MustBeAbsent = mark.Path }
            : deletion;
    }

    /// <summary>Commits that take away what is marked as deleted and has been moved: of all that was not looked through before.</summary>
    /// <param name="seen">To be handed to <see cref="Done"/> when they are made.</param>
    public List<CommitRequest> Find(Snapshot snapshot, out Dictionary<string, ObjectId> seen)
    {
        seen = places.Branches(snapshot);
        var requests = new List<CommitRequest>();
        var isAny = false;
        foreach (var branch in seen) isAny |= PasteMarks.Deleted.AreIn(snapshot, branch.Value);
        if (!isAny) return requests;
        foreach (var (branch, tip) in seen)
        {
            ObjectId? known = _seen.TryGetValue(branch, out var before) && snapshot.Holds(before) ? before : null;
            if (known == tip) continue;
            var isOwn = branch == options.Branch;
            // Of a branch that is not here as a whole, what was before is for those who have it; nobody is shown it.
            if (isOwn && known is null && snapshot.IsPart) continue;
            // All that a large branch has ever lost is looked for there alone: what was moved from there is found where it is now.
            requests.AddRange(FindMarked(snapshot, PasteMarks.Deleted.NewIn(snapshot, known, tip), other => known is not null || !isOwn || other == branch));
            // What this server moves it looks up itself.
            if (Bucket.TryParse(branch, out _) && (known is null || !branch.EndsWith('/' + options.Server)))
                foreach (var folder in PasteMarks.NewPastes(snapshot, known, tip)) Add(snapshot, branch, folder, requests);
        }
        return requests;
    }

    public void Done(Dictionary<string, ObjectId> seen) => _seen = seen;

    /// <summary>Commits that take away what is marked on a branch, and was moved elsewhere: they mark it there. The branch may go then.</summary>
    public List<CommitRequest> FindMarked(Snapshot snapshot, ShortLivedBranch branch) => FindMarked(snapshot, PasteMarks.Deleted.NewIn(snapshot, null, branch.Tip), other => other != branch.Name);

    private List<CommitRequest> FindMarked(Snapshot snapshot, IReadOnlyList<ErasedFolder> marks, Predicate<string> isMeant)
    {
        var requests = new List<CommitRequest>();
        if (marks.Count == 0) return requests;
        foreach (var (branch, tip) in places.Branches(snapshot))
        {
            if (!isMeant(branch)) continue;
            foreach (var mark in marks)
            {
                if (snapshot.Find(tip, mark.Parent) is not { IsTree: true } folder) continue;
                foreach (var entry in snapshot.ReadTree(folder.Id))
                    if (entry.IsTree && PasteId.TryParse(entry.Name, out var id) && Erasures.IsOf(mark, id)) Add(snapshot, branch, id.Folder, requests);
            }
        }
        return requests;
    }

    // What was never given another end was never moved: somebody has put it there again.
    private void Add(Snapshot snapshot, string branch, string path, List<CommitRequest> requests)
    {
        if (!PasteId.TryParse(path[(path.LastIndexOf('/') + 1)..], out var id) || id.Folder != path || !places.IsDeleted(snapshot, id)) return;
        if (PastePlaces.FindOn(snapshot, branch, path) is not { Entry.Id: var folder } || PasteReader.Describe(snapshot, folder) is not { EndSet: not null }) return;
        requests.Add(Marking(PasteDraft.Removal(id, branch, folder, options.Time.GetUtcNow()), id));
    }
}
