using System.Text;
using Pasteur.Git.History;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Commits;

/// <summary>
/// Trees without the folders that are to be erased. What was found of a tree is kept, so that a long history costs what its commits have
/// changed on the way to those folders: the root of each, and below it what no earlier commit had.
/// </summary>
internal sealed class TreeEraser
{
    private const ulong Prime = 1099511628211UL;

    private readonly ObjectStore _store;
    private readonly Node _root = new([]);
    private readonly IReadOnlyCollection<ErasedFolder> _folders;

    public TreeEraser(ObjectStore store, IReadOnlyCollection<ErasedFolder> folders)
    {
        (_store, _folders) = (store, folders);
        foreach (var folder in folders)
        {
            NodeOf(folder).Digests.Add(Convert.ToHexString(folder.NameDigest.Span));
        }
    }

    /// <summary>Trees that were made again, and all that was in what is erased: no ref that was rewritten needs it.</summary>
    public Dictionary<ObjectId, ObjectKind> Gone { get; } = [];

    /// <summary>Trees that were made.</summary>
    public List<ObjectId> Made { get; } = [];

    /// <summary>Those that no tree has held so far.</summary>
    public IReadOnlyList<ErasedFolder> NotFound => [.. _folders.Where(folder => !NodeOf(folder).Found.Contains(Convert.ToHexString(folder.NameDigest.Span)))];

    /// <summary>Tells apart what a tree holds of that which is to be erased; zero for nothing.</summary>
    public ulong Held(ObjectId tree) => Held(_root, tree);

    /// <summary>Writer only: the tree without it.</summary>
    public ObjectId Strip(Batch batch, ObjectId tree) => Strip(batch, _root, tree) is { IsZero: false } rest ? rest : batch.WriteEmptyTree();

    private Node NodeOf(ErasedFolder folder)
    {
        var node = _root;
        foreach (var name in folder.Parent.Split('/', StringSplitOptions.RemoveEmptyEntries)) node = node.Child(Encoding.UTF8.GetBytes(name));
        return node;
    }

    private ulong Held(Node node, ObjectId tree)
    {
        if (node.Held.TryGetValue(tree, out var known)) return known;
        var held = 0UL;
        var entries = new TreeReader(_store.ReadTreeContent(tree).Span, tree);
        while (entries.MoveNext())
        {
            var below = node.IsErased(entries.Name) ? entries.Id.FirstBits | 1 : entries.Mode.IsTree() && node.Find(entries.Name) is { } child ? Held(child, entries.Id) : 0;
            if (below != 0) held = ((held ^ below) * Prime) | 1;
        }
        // Of roots there are as many as commits: those without it are not asked for again.
        if (held != 0 || node != _root) node.Held[tree] = held;
        return held;
    }

    private ObjectId Strip(Batch batch, Node node, ObjectId tree)
    {
        if (Held(node, tree) == 0) return tree;
        if (node.Stripped.TryGetValue(tree, out var known)) return known;
        var old = _store.ReadTreeContent(tree);
        var content = old.ToArray();
        var entries = new TreeReader(old.Span, tree);
        while (entries.MoveNext())
        {
            if (node.IsErased(entries.Name))
            {
                content = TreeContent.Remove(content, entries.Name);
                AddGone(entries.Id, entries.Mode, 0);
            }
            else if (entries.Mode.IsTree() && node.Find(entries.Name) is { } child && Strip(batch, child, entries.Id) is var rest && rest != entries.Id)
            {
                content = rest.IsZero ? TreeContent.Remove(content, entries.Name) : TreeContent.Put(content, entries.Name, entries.Mode, rest);
            }
        }
        Gone[tree] = ObjectKind.Tree;
        if (content.Length > 0)
        {
            node.LastMade = batch.PutTree(content, node.LastMade);
            Made.Add(node.LastMade.Value);
        }
        return node.Stripped[tree] = content.Length > 0 ? node.LastMade!.Value : ObjectId.Zero;
    }

    private void AddGone(ObjectId id, TreeMode mode, int depth)
    {
        if (mode.IsSubmodule() || !Gone.TryAdd(id, mode.IsTree() ? ObjectKind.Tree : ObjectKind.Blob) || !mode.IsTree()) return;
        if (depth > GitLimits.MaxTreeDepth) throw TreeDiff.TooDeep(id);
        var entries = new TreeReader(_store.ReadTreeContent(id).Span, id);
        while (entries.MoveNext()) AddGone(entries.Id, entries.Mode, depth + 1);
    }

    /// <summary>A folder on the way to what is erased, whatever tree it is in a commit.</summary>
    private sealed class Node(byte[] name)
    {
        private readonly List<Node> _children = [];

        public HashSet<string> Digests { get; } = [];

        public HashSet<string> Found { get; } = [];

        public Dictionary<ObjectId, ulong> Held { get; } = [];

        /// <summary>Zero for a tree of which nothing is left.</summary>
        public Dictionary<ObjectId, ObjectId> Stripped { get; } = [];

        /// <summary>The next one is likely to differ little from it.</summary>
        public ObjectId? LastMade { get; set; }

        public bool IsErased(ReadOnlySpan<byte> entry)
        {
            if (Digests.Count == 0) return false;
            var digest = Convert.ToHexString(ErasedFolder.DigestOf(entry));
            if (!Digests.Contains(digest)) return false;
            Found.Add(digest);
            return true;
        }

        public Node? Find(ReadOnlySpan<byte> entry)
        {
            foreach (var child in _children)
                if (entry.SequenceEqual(child.Name)) return child;
            return null;
        }

        public Node Child(byte[] entry)
        {
            if (Find(entry) is { } known) return known;
            _children.Add(new Node(entry));
            return _children[^1];
        }

        private byte[] Name => name;
    }
}
