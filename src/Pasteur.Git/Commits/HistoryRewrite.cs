using Pasteur.Git.Objects;

namespace Pasteur.Git.Commits;

/// <summary>
/// History without the folders that are to be erased: every commit from the first one that holds any of them is made again, on parents that
/// were made again. It keeps author, committer, times and message, and loses its signature, which would not hold. A commit that changed
/// nothing else is left out; one that changed something else too loses its words and names, which may be those of what is erased. Whoever
/// does this to the same commits makes the very same ones: so servers agree without telling each other.
/// </summary>
internal sealed class HistoryRewrite(ObjectStore store, IReadOnlyCollection<ErasedFolder> folders)
{
    private const int SpillEvery = 256;

    private readonly TreeEraser _trees = new(store, folders);
    private readonly HashSet<ObjectId> _seen = [];
    private readonly HashSet<ObjectId> _held = [];
    private readonly List<ObjectId> _order = [];
    private readonly Dictionary<ObjectId, ObjectId> _made = [];
    private int _done;

    public int Done => _done;

    /// <summary>Commits that were found and are to be made again yet.</summary>
    public int Left => _order.Count - _done;

    /// <summary>What no commit that was looked at has held.</summary>
    public IReadOnlyList<ErasedFolder> NotFound => _trees.NotFound;

    /// <summary>The last commit that was made; null when there is none.</summary>
    public ObjectId? Last { get; private set; }

    /// <summary>Shallow commits, made again: their parents are as far away as before.</summary>
    public List<ObjectId> MadeShallow { get; } = [];

    /// <summary>What the refs that were rewritten need no more.</summary>
    public IReadOnlyDictionary<ObjectId, ObjectKind> Gone => _trees.Gone;

    /// <summary>What was made for it, in case it is given up.</summary>
    public IEnumerable<KeyValuePair<ObjectId, ObjectKind>> Made =>
        _trees.Made.Select(tree => KeyValuePair.Create(tree, ObjectKind.Tree)).Concat(_made.Values.Where(commit => !commit.IsZero).Select(commit => KeyValuePair.Create(commit, ObjectKind.Commit)));

    /// <summary>Commits that were made, and what each was made of.</summary>
    public Dictionary<ObjectId, ObjectId> Originals()
    {
        var originals = new Dictionary<ObjectId, ObjectId>();
        foreach (var (original, made) in _made)
            if (!made.IsZero) originals.TryAdd(made, original);
        return originals;
    }

    /// <summary>Finds what of a commit's history is to be made again, parents first. Reads only.</summary>
    public void Look(ObjectId tip, CancellationToken cancellationToken)
    {
        var path = new Stack<(ObjectId Id, CommitLinks? Links)>();
        path.Push((tip, null));
        while (path.TryPop(out var top))
        {
            if (top.Links is { } known)
            {
                if (!Array.Exists(known.Parents, _held.Contains) && _trees.Held(known.Tree) == 0) continue;
                _held.Add(top.Id);
                _order.Add(top.Id);
                continue;
            }
            cancellationToken.ThrowIfCancellationRequested();
            if (!_seen.Add(top.Id) || !store.TryReadLinks(top.Id, out var links)) continue;
            path.Push((top.Id, links));
            foreach (var parent in links.Parents)
                if (!_seen.Contains(parent)) path.Push((parent, null));
        }
    }

    /// <summary>Writer only: makes the next ones.</summary>
    public void Advance(Batch batch, int atMost)
    {
        for (var end = _done + Math.Min(atMost, Left); _done < end; _done++)
        {
            Make(batch, _order[_done]);
            if ((_done + 1) % SpillEvery == 0) batch.Spill();
        }
    }

    /// <summary>Of a commit that was looked at: whether it, or one before it, holds any of it.</summary>
    public bool Holds(ObjectId commit) => _held.Contains(commit);

    /// <summary>What a commit has become: zero when nothing is left of it and of all before it.</summary>
    public ObjectId Map(ObjectId commit) => _made.GetValueOrDefault(commit, commit);

    private void Make(Batch batch, ObjectId id)
    {
        var commit = store.ReadLinks(id);
        var isShallow = Array.Exists(commit.Parents, parent => !_made.ContainsKey(parent) && !store.TryReadLinks(parent, out _));
        var before = commit.Parents is [var first, ..] && store.TryReadLinks(first, out var parent) ? parent.Tree : ObjectId.EmptyTree;
        ObjectId[] onto = [.. commit.Parents.Select(Map).Where(parent => !parent.IsZero).Distinct()];
        var tree = _trees.Strip(batch, commit.Tree);
        _trees.Gone[id] = ObjectKind.Commit;
        var isEmpty = tree == _trees.Strip(batch, before) && (commit.Tree != before || commit.Parents.Length > 1);
        if (isEmpty && onto.Length <= 1 && !isShallow)
        {
            _made[id] = onto is [var only] ? only : ObjectId.Zero;
            return;
        }
        var content = store.Read(id).Bytes.Span;
        var tells = commit.Parents.Length <= 1 && _trees.Held(commit.Tree) != _trees.Held(before);
        var made = batch.WriteCommit(tree, tells ? CommitFormat.RewriteUnnamed(content, tree, onto) : CommitFormat.Rewrite(content, tree, onto));
        _made[id] = made;
        Last = made;
        if (isShallow) MadeShallow.Add(made);
    }
}
