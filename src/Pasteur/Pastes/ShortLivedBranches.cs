using Pasteur.Git;
using Pasteur.Git.Objects;

namespace Pasteur.Pastes;

/// <summary>A branch whose pastes end.</summary>
/// <param name="Name">Short: <c>until/…</c>.</param>
internal readonly record struct ShortLivedBranch(string Name, ObjectId Tip, Bucket Bucket);

/// <summary>An inbox, by its short name.</summary>
internal sealed class InboxBranch(string name, ObjectId tip, long number)
{
    public string Name => name;

    public ObjectId Tip => tip;

    public long Number => number;
}

/// <summary>
/// The branches that come and go, as a snapshot has them. There may be hundreds of those whose pastes end, so which ids are on any of them is known in memory: a code that
/// nobody ever had is looked for in none.
/// </summary>
internal sealed class ShortLivedBranches
{
    private const string Heads = "refs/heads/";

    private readonly Lock _turn = new();
    private readonly ShortLivedIds _ids = new();
    private volatile Known _known = new(-1, [], [], [], [], []);

    public IReadOnlyList<ShortLivedBranch> Of(Snapshot snapshot) => KnownOf(snapshot).All;

    /// <summary>Branches of pastes that burn.</summary>
    public int CountBurning(Snapshot snapshot) => KnownOf(snapshot).Burning.Count;

    /// <summary>The inboxes, of which the site's branch has nothing yet; the newest first.</summary>
    public IReadOnlyList<InboxBranch> Inboxes(Snapshot snapshot) => KnownOf(snapshot).Inboxes;

    /// <summary>Those that many pastes share.</summary>
    public IReadOnlyList<ShortLivedBranch> Shared(Snapshot snapshot) => KnownOf(snapshot).Shared;

    /// <summary>Where a paste is on inboxes.</summary>
    public List<PastePlace> FindInInboxes(Snapshot snapshot, string path)
    {
        var places = new List<PastePlace>();
        foreach (var inbox in KnownOf(snapshot).Inboxes)
            if (snapshot.Find(inbox.Tip, path) is { IsTree: true } folder) places.Add(new PastePlace(folder, inbox.Name));
        return places;
    }

    private Known KnownOf(Snapshot snapshot)
    {
        var known = _known;
        if (known.Sequence == snapshot.Sequence) return known;
        var branches = new List<ShortLivedBranch>();
        var shared = new List<ShortLivedBranch>();
        var burning = new Dictionary<string, string>(StringComparer.Ordinal);
        var buckets = new Dictionary<string, Bucket>(StringComparer.Ordinal);
        var inboxes = new List<InboxBranch>();
        foreach (var name in snapshot.RefNames)
        {
            if (name.StartsWith(Heads + InboxRef.Branches, StringComparison.Ordinal) && InboxRef.TryParse(name[Heads.Length..], out _, out var number) && snapshot.TryGetRef(name, out var taken)) inboxes.Add(new InboxBranch(name[Heads.Length..], taken, number));
            if (!name.StartsWith(Heads + Bucket.Prefix, StringComparison.Ordinal)) continue;
            var branch = name[Heads.Length..];
            if ((known.Buckets.TryGetValue(branch, out var bucket) || Bucket.TryParse(branch, out bucket)) && snapshot.TryGetRef(name, out var tip))
            {
                var one = new ShortLivedBranch(branch, tip, bucket);
                branches.Add(one);
                buckets[branch] = bucket;
                if (Bucket.BurningCode(branch) is { } code) burning[code] = branch;
                else shared.Add(one);
            }
        }
        inboxes.Sort(static (left, right) => right.Number.CompareTo(left.Number));
        return _known = new Known(snapshot.Sequence, branches, shared, burning, buckets, inboxes);
    }

    /// <summary>Where a paste is, or null. What a shared branch says of one that burns comes first: that it was burnt.</summary>
    public (TreeEntry Folder, string Branch)? Find(Snapshot snapshot, string code, string path) => FindShared(snapshot, code, path) ?? FindBurning(snapshot, code, path);

    /// <summary>Of a paste that burns: where it is, or what is left of it, on the branch that it has for itself.</summary>
    public (TreeEntry Folder, string Branch)? FindBurning(Snapshot snapshot, string code, string path) =>
        KnownOf(snapshot).Burning.TryGetValue(code, out var own) && snapshot.TryGetRef(Heads + own, out var tip) && snapshot.Find(tip, path) is { IsTree: true } folder ? (folder, own) : null;

    /// <summary>On a branch of many pastes.</summary>
    public (TreeEntry Folder, string Branch)? FindShared(Snapshot snapshot, string code, string path)
    {
        if (!MayHold(snapshot, code)) return null;
        foreach (var branch in KnownOf(snapshot).Shared)
            if (snapshot.Find(branch.Tip, path) is { IsTree: true } folder) return (folder, branch.Name);
        return null;
    }

    /// <summary>On all of them.</summary>
    public List<PastePlace> FindAllShared(Snapshot snapshot, string code, string path)
    {
        var places = new List<PastePlace>();
        if (!MayHold(snapshot, code)) return places;
        foreach (var branch in KnownOf(snapshot).Shared)
            if (snapshot.Find(branch.Tip, path) is { IsTree: true } folder) places.Add(new PastePlace(folder, branch.Name));
        return places;
    }

    /// <summary>Whether more than one of them may hold it, or may have.</summary>
    public bool MayBeTwice(Snapshot snapshot, string code)
    {
        var branches = KnownOf(snapshot).Shared;
        if (branches.Count < 2) return false;
        lock (_turn)
        {
            _ids.Follow(snapshot, branches);
            return _ids.MayBeTwice(code);
        }
    }

    private bool MayHold(Snapshot snapshot, string code)
    {
        var branches = KnownOf(snapshot).Shared;
        if (branches.Count == 0) return false;
        lock (_turn)
        {
            _ids.Follow(snapshot, branches);
            return _ids.MayHold(code);
        }
    }

    /// <summary>A paste whose branch is taken away.</summary>
    public void Forget(string code)
    {
        lock (_turn) _ids.Remove(code);
    }

    private sealed record Known(long Sequence, List<ShortLivedBranch> All, List<ShortLivedBranch> Shared, Dictionary<string, string> Burning, Dictionary<string, Bucket> Buckets, List<InboxBranch> Inboxes);
}
