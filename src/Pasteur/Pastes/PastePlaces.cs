using Pasteur.Git;
using Pasteur.Git.Objects;

namespace Pasteur.Pastes;

/// <summary>Where a paste is kept.</summary>
/// <param name="branch">Short, where that is one whose pastes end or an inbox; null: the site's own.</param>
internal sealed class PastePlace(TreeEntry entry, string? branch)
{
    /// <summary>The paste's folder, or the root file that the OCaml Pasteur made.</summary>
    public TreeEntry Entry => entry;

    public string? Branch => branch;

    /// <summary>When the branch goes.</summary>
    public DateTimeOffset End { get; } = branch is not null && Bucket.TryParse(branch, out var bucket) ? bucket.End : DateTimeOffset.MaxValue;
}

/// <summary>
/// Finds pastes in the trees that hold them. One that was given another end is in two places from when it is in the new one until it has left the
/// old one, and for longer when a server was killed in between, or when two servers have moved it: then the place counts where its end was set last.
/// </summary>
/// <param name="own">The site's own branch.</param>
internal sealed class PastePlaces(string own, ShortLivedBranches shortLived)
{
    /// <summary>A branch of this name leaves no place for others below it.</summary>
    private const string Hindrance = "refs/heads/until";

    /// <summary>Why no paste can be given an end, if it is for the names of branches.</summary>
    public static string? WhyNoneEnds(Snapshot snapshot) =>
        snapshot.TryGetRef(Hindrance, out _) ? "the branch \"until\" leaves no place for pastes that end; rename it" : null;

    /// <summary>Where it is, or null.</summary>
    /// <param name="path">Of its folder; the code itself where that is no id.</param>
    /// <param name="likely">The branch on which it was seen last.</param>
    public PastePlace? Find(Snapshot snapshot, string code, string path, string? likely = null)
    {
        // Of a branch that is not here as a whole the rest is on the remote: what is on an inbox need not be looked for there.
        var isNew = snapshot.IsPart && path.Length > code.Length && shortLived.FindInInboxes(snapshot, path).Count > 0;
        var stays = (isNew ? null : FindOwn(snapshot, code, path)) ?? (path.Length == code.Length ? null : shortLived.FindInInboxes(snapshot, path).FirstOrDefault());
        if (path.Length == code.Length || stays is { Entry.IsTree: false }) return stays;
        var mayBeTwice = shortLived.MayBeTwice(snapshot, code);
        // What burns may be burnt meanwhile on another branch.
        if (stays is null && !mayBeTwice && likely is not null && Bucket.BurningCode(likely) is null && FindOn(snapshot, likely, path) is { } still) return still;
        if (stays is null && !mayBeTwice) return shortLived.Find(snapshot, code, path) is var (folder, branch) ? new PastePlace(folder, branch) : null;
        var places = All(snapshot, code, path, withOwn: !isNew);
        return places.Count > 0 ? Newest(snapshot, places) : shortLived.FindBurning(snapshot, code, path) is var (burning, its) ? new PastePlace(burning, its) : null;
    }

    /// <summary>All places but those of what burns.</summary>
    public List<PastePlace> All(Snapshot snapshot, string code, string path, bool withOwn = true)
    {
        var places = shortLived.FindAllShared(snapshot, code, path);
        places.InsertRange(0, shortLived.FindInInboxes(snapshot, path));
        if (withOwn && FindOwn(snapshot, code, path) is { Entry.IsTree: true } stays) places.Insert(0, stays);
        return places;
    }

    /// <summary>Whether it may be in another place than on a branch whose pastes end; never false when it is.</summary>
    public bool IsElsewhere(Snapshot snapshot, string code, string path) => shortLived.MayBeTwice(snapshot, code) || FindOwn(snapshot, code, path) is not null || shortLived.FindInInboxes(snapshot, path).Count > 0;

    /// <summary>The branches that hold pastes, but those that are for one alone: short names and tips.</summary>
    public Dictionary<string, ObjectId> Branches(Snapshot snapshot)
    {
        var branches = new Dictionary<string, ObjectId>(StringComparer.Ordinal);
        if (snapshot.TryGetRef($"refs/heads/{own}", out var tip)) branches[own] = tip;
        foreach (var inbox in shortLived.Inboxes(snapshot)) branches[inbox.Name] = inbox.Tip;
        foreach (var branch in shortLived.Shared(snapshot)) branches[branch.Name] = branch.Tip;
        return branches;
    }

    /// <summary>Whether its owner has deleted it, wherever that was and wherever it was moved meanwhile. What was never moved need not be asked about.</summary>
    public bool IsDeleted(Snapshot snapshot, PasteId id)
    {
        foreach (var branch in Branches(snapshot))
            if (PasteMarks.Deleted.IsSet(snapshot, branch.Value, id)) return true;
        return false;
    }

    /// <summary>On one branch, by its short name.</summary>
    public static PastePlace? FindOn(Snapshot snapshot, string branch, string path) =>
        snapshot.TryGetRef($"refs/heads/{branch}", out var tip) && snapshot.Find(tip, path) is { IsTree: true } folder ? new PastePlace(folder, branch) : null;

    private PastePlace? FindOwn(Snapshot snapshot, string code, string path)
    {
        if (!snapshot.TryGetRef($"refs/heads/{own}", out var tip)) return null;
        if (path.Length > code.Length && snapshot.Find(tip, path) is { IsTree: true } folder) return new PastePlace(folder, null);
        return snapshot.Find(tip, code) is { } file && file.IsRegularFile() ? new PastePlace(file, null) : null;
    }

    private static PastePlace Newest(Snapshot snapshot, List<PastePlace> places)
    {
        var newest = places[0];
        if (places.Count == 1) return newest;
        var said = PasteReader.Describe(snapshot, newest.Entry.Id);
        foreach (var place in places.Skip(1))
        {
            var other = PasteReader.Describe(snapshot, place.Entry.Id);
            if (other?.EndSet is not { } set || (set == said?.EndSet ? !Suits(place, newest, other.Expires) : set < said?.EndSet)) continue;
            (newest, said) = (place, other);
        }
        return newest;
    }

    // Just moved, or about to be: it belongs where it can stay until its end, and no longer than it must.
    private static bool Suits(PastePlace place, PastePlace other, DateTimeOffset? end)
    {
        var wanted = end ?? DateTimeOffset.MaxValue;
        return place.End >= wanted && (other.End < wanted || place.End < other.End);
    }
}
