using System.Collections.Immutable;
using System.Text;
using Pasteur.Git.Journals;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;
using Pasteur.Git.Refs;

namespace Pasteur.Git.Commits;

/// <summary>
/// Commits being built for one journal append. Objects land in a buffer; refs are a copy that becomes the truth when the batch is
/// durable. A batch that fails is forgotten whole.
/// </summary>
/// <param name="spill">Appends what the batch holds to the journal without moving a ref.</param>
internal sealed class Batch(ObjectStore store, TreeCache trees, EntryBuffer buffer, Action spill)
{
    private const int MaxDeltaDepth = 40;
    private const int RememberedCommits = 1024;

    // "40000", where a file's mode is "100644".
    private static ReadOnlySpan<byte> FirstIsFolder => "4"u8;

    private readonly List<(ObjectId Id, long Offset)> _added = [];
    private readonly HashSet<ObjectId> _placed = [];
    private readonly HashSet<string> _removed = new(StringComparer.Ordinal);
    private readonly HashSet<ObjectId> _forgotten = [];
    private readonly Dictionary<ObjectId, ObjectKind> _forgottenObjects = [];
    private string _lastMoved = "";
    private readonly Dictionary<ObjectId, ObjectId> _treeOf = [];
    private byte[] _delta = new byte[4096];
    private Journal _journal = null!;
    private ImmutableDictionary<string, ObjectId> _refs = ImmutableDictionary<string, ObjectId>.Empty;
    private ImmutableDictionary<string, ObjectId> _refsBefore = ImmutableDictionary<string, ObjectId>.Empty;

    /// <summary>The refs as they will be when this batch is durable.</summary>
    public ImmutableDictionary<string, ObjectId> Refs => _refs;

    public bool RefsChanged => _refs != _refsBefore;

    /// <summary>Refs that this batch takes away; some of them may be back.</summary>
    public IReadOnlyCollection<string> Removed => _removed;

    /// <summary>Commits that short-lived refs named and do not any more: they are to be forgotten, unless something else reaches them.</summary>
    public IReadOnlyCollection<ObjectId> Forgotten => _forgotten;

    /// <summary>Likewise, one by one.</summary>
    public IReadOnlyDictionary<ObjectId, ObjectKind> ForgottenObjects => _forgottenObjects;

    public ObjectStore Store => store;

    /// <inheritdoc cref="RepositoryOptions.Folders"/>
    public FolderRules? Folders { get; init; }

    /// <summary>Objects appended and where they begin, in the order of the file.</summary>
    public IReadOnlyList<(ObjectId Id, long Offset)> Added => _added;

    public int Bytes => buffer.Length;

    public void Begin(Journal journal, ImmutableDictionary<string, ObjectId> refs)
    {
        _journal = journal;
        _refs = refs;
        _refsBefore = refs;
        _removed.Clear();
        _forgotten.Clear();
        _forgottenObjects.Clear();
        Clear();
    }

    /// <summary>Appends what is built so far, so that the store can read it and memory is free; no ref reaches it until the batch ends.</summary>
    public void Spill()
    {
        if (buffer.Length > 0) spill();
    }

    /// <summary>Takes back what an operation that failed has done to the refs; its objects stay, and nothing names them.</summary>
    public void RestoreRefs(ImmutableDictionary<string, ObjectId> refs) => _refs = refs;

    /// <summary>After the buffer has reached the journal.</summary>
    public void Clear()
    {
        _added.Clear();
        _placed.Clear();
        buffer.Shrink(1 << 20);
    }

    public void SetRef(string name, ObjectId id)
    {
        var isThere = _refs.TryGetValue(name, out var old);
        if (isThere ? old == id : id.IsZero) return;
        if (isThere && id.IsZero && ShortLivedRef.Is(name)) Forget(old);
        if (id.IsZero)
        {
            _removed.Add(name);
            _refs = _refs.Remove(name);
            return;
        }
        _refs = _refs.SetItem(name, id);
        if (IsLastingBranch(name)) _lastMoved = name;
    }

    /// <summary>What a short-lived ref named, and what is reached by it alone, is to be forgotten.</summary>
    public void Forget(ObjectId tip) => _forgotten.Add(tip);

    /// <summary>These are to be forgotten, unless something reaches them.</summary>
    public void Forget(IEnumerable<KeyValuePair<ObjectId, ObjectKind>> objects)
    {
        foreach (var (id, kind) in objects) _forgottenObjects[id] = kind;
    }

    /// <summary>
    /// A commit for the batch's record to name. The record is in a pack after the roll, where git wants to find what it names: never one
    /// that will be forgotten. Where there is no other, it is a commit of our own that holds nothing.
    /// </summary>
    public ObjectId LastingCommit()
    {
        if (_refs.TryGetValue(_lastMoved, out var tip)) return tip;
        _lastMoved = _refs.Keys.Where(IsLastingBranch).FirstOrDefault(name => store.TryReadLinks(_refs[name], out _)) ?? "";
        if (_refs.TryGetValue(_lastMoved, out tip)) return tip;
        return WriteCommit(WriteEmptyTree(), CommitFormat.Write(ObjectId.EmptyTree, null, new Signature("Pasteur", "pasteur@pasteur.invalid", DateTimeOffset.UnixEpoch), "Nothing"));
    }

    private static bool IsLastingBranch(string name) => name.StartsWith("refs/heads/", StringComparison.Ordinal) && !ShortLivedRef.Is(name);

    /// <summary>Writes the commit's trees and the commit; returns null when the edits change nothing.</summary>
    /// <param name="ending">Of the commit, by <see cref="CommitFormat.Ending"/>.</param>
    public ObjectId? Commit(ObjectId? parent, IReadOnlyList<TreePut> puts, ReadOnlySpan<byte> ending)
    {
        var oldTree = parent is { } p ? TreeOf(p) : ObjectId.EmptyTree;
        var tree = ApplyEdits(oldTree, puts);
        if (tree == oldTree && parent is not null) return null;
        return WriteCommit(tree, CommitFormat.Write(tree, parent, ending));
    }

    public ObjectId WriteCommit(ObjectId tree, byte[] content)
    {
        var id = ObjectHasher.Hash(ObjectKind.Commit, content);
        WriteWhole(ObjectKind.Commit, id, content);
        if (_treeOf.Count >= RememberedCommits) _treeOf.Clear();
        _treeOf[id] = tree;
        return id;
    }

    /// <summary>The tree of a commit, also of one that this batch made.</summary>
    public ObjectId TreeOf(ObjectId commit)
    {
        if (_treeOf.TryGetValue(commit, out var tree)) return tree;
        if (_placed.Contains(commit)) Spill();
        return store.TreeOf(commit);
    }

    /// <summary>Forgets what a failed batch has left in the caches.</summary>
    public void Abandon()
    {
        trees.Clear();
        _treeOf.Clear();
        Clear();
    }

    public void WriteBlob(PreparedBlob blob)
    {
        if (Place(blob.Id)) buffer.Append(blob.Entry.Span);
    }

    public void WriteWhole(ObjectKind kind, ObjectId id, ReadOnlySpan<byte> content)
    {
        if (Place(id)) buffer.AppendWhole(kind, content, Packing.Store);
    }

    /// <summary>The tree with the edits applied; an edit is a path in UTF-8 and a blob's id, or null to remove. Edits are sorted by path.</summary>
    public ObjectId ApplyEdits(ObjectId tree, IReadOnlyList<TreePut> puts) => Apply(tree, puts, 0, puts.Count, 0) ?? WriteEmptyTree();

    /// <summary>
    /// What stands at a path, or on the way to it where a folder should be, seen with this batch's own trees. False when the path is free.
    /// </summary>
    public bool TryFind(ObjectId tree, ReadOnlySpan<byte> path, out ObjectId id)
    {
        id = tree;
        while (!path.IsEmpty)
        {
            var slash = path.IndexOf((byte)'/');
            var name = slash < 0 ? path : path[..slash];
            if (!TreeContent.TryFind(Read(id).Content.Span, name, out id, out var mode)) return false;
            if (!mode.IsTree()) return true;
            path = slash < 0 ? default : path[(slash + 1)..];
        }
        return true;
    }

    /// <summary>The tree at a path; false when there is none, or a file.</summary>
    public bool TryFindFolder(ObjectId tree, ReadOnlySpan<byte> path, out ObjectId id)
    {
        id = tree;
        while (!path.IsEmpty)
        {
            var slash = path.IndexOf((byte)'/');
            var name = slash < 0 ? path : path[..slash];
            if (!TreeContent.TryFind(Read(id).Content.Span, name, out id, out var mode) || !mode.IsTree()) return false;
            path = slash < 0 ? default : path[(slash + 1)..];
        }
        return true;
    }

    private ObjectId? Apply(ObjectId? tree, IReadOnlyList<TreePut> puts, int from, int to, int pathAt)
    {
        var old = tree is { } t ? Read(t) : null;
        var content = old?.Content ?? default;
        for (var i = from; i < to;)
        {
            var path = puts[i].Path.AsSpan(pathAt);
            var slash = path.IndexOf((byte)'/');
            if (slash < 0)
            {
                content = puts[i].Blob is { } blob ? TreeContent.Put(content.Span, path, puts[i].Mode, blob) : TreeContent.Remove(content.Span, path);
                i++;
                continue;
            }
            var name = path[..slash];
            var end = i + 1;
            while (end < to && puts[end].Path.AsSpan(pathAt).StartsWith(path[..(slash + 1)])) end++;
            ObjectId? child = TreeContent.TryFind(content.Span, name, out var found, out var mode) && mode.IsTree() ? found : null;
            content = Apply(child, puts, i, end, pathAt + slash + 1) is { } changed
                ? TreeContent.Put(content.Span, name, TreeMode.Folder, changed)
                : TreeContent.Remove(content.Span, name);
            i = end;
        }
        return content.Length == 0 ? null : WriteTree(content, old);
    }

    private ObjectId WriteTree(ReadOnlyMemory<byte> content, TreeVersion? old)
    {
        var id = ObjectHasher.Hash(ObjectKind.Tree, content.Span);
        if (id == old?.Id) return id;
        var offset = _journal.Tail + buffer.Length;
        var depth = 0;
        if (!Place(id))
        {
            depth = MaxDeltaDepth;
        }
        else if (old is not null && old.Journal == _journal.Number && old.Depth < MaxDeltaDepth && TryDelta(old, content.Span, out var delta))
        {
            depth = old.Depth + 1;
            buffer.AppendOffsetDelta(offset - old.Offset, delta);
        }
        else
        {
            buffer.AppendWhole(ObjectKind.Tree, content.Span, Packing.Store);
        }
        if (old is not null) trees.Remove(old);
        // A new folder of files alone is a paste's: the next one changes the folders above it.
        if (old is not null || content.Span.StartsWith(FirstIsFolder)) trees.Add(new TreeVersion(id, content, _journal.Number, offset, depth));
        return id;
    }

    /// <summary>Writes a tree that is known to differ little from another.</summary>
    public ObjectId PutTree(byte[] content, ObjectId? likely) => WriteTree(content, likely is { } id ? Read(id) : null);

    // git knows the empty tree without storing it; a store that names it should still hold it, or `git fsck` complains.
    public ObjectId WriteEmptyTree()
    {
        WriteWhole(ObjectKind.Tree, ObjectId.EmptyTree, []);
        return ObjectId.EmptyTree;
    }

    private bool TryDelta(TreeVersion old, ReadOnlySpan<byte> content, out ReadOnlySpan<byte> delta)
    {
        var most = TreeDelta.MaxLength(content.Length);
        if (_delta.Length < most) _delta = new byte[most];
        var length = TreeDelta.Write(old.Content.Span, content, _delta);
        delta = length < 0 ? default : _delta.AsSpan(0, length);
        return length >= 0;
    }

    private TreeVersion Read(ObjectId id)
    {
        if (trees.TryGet(id, out var version)) return version;
        // Made by this batch, and crowded out of the cache since.
        if (_placed.Contains(id)) Spill();
        version = new TreeVersion(id, store.ReadTreeContent(id), TreeVersion.NoJournal, 0, 0);
        trees.Add(version);
        return version;
    }

    // Notes that an object begins here; false when this journal or this batch has it already.
    private bool Place(ObjectId id)
    {
        if (_journal.Index.TryFind(id, out _) || !_placed.Add(id)) return false;
        _added.Add((id, _journal.Tail + buffer.Length));
        return true;
    }
}
