using System.Collections.Immutable;
using System.Text;
using Pasteur.Git.Objects;

namespace Pasteur.Git;

/// <summary>
/// An immutable view: the refs as one batch left them, and every object they reach. Readers take one, use it as long as they like,
/// and never wait for the writer.
/// </summary>
public sealed class Snapshot
{
    internal Snapshot(ObjectStore store, ImmutableDictionary<string, ObjectId> refs, long sequence)
    {
        Store = store;
        Refs = refs;
        Sequence = sequence;
    }

    /// <summary>Grows with every batch.</summary>
    public long Sequence { get; }

    /// <inheritdoc cref="Repository.Part"/>
    public bool IsPart => Store.Part is not null;

    internal ObjectStore Store { get; }

    internal ImmutableDictionary<string, ObjectId> Refs { get; }

    public IEnumerable<string> RefNames => Refs.Keys;

    /// <param name="name">The full name: <c>refs/heads/main</c>.</param>
    /// <summary>The remote's tip as it was last seen or accepted when this snapshot was made.</summary>
    public ObjectId? RemoteTip(string branch) => TryGetRef(Repository.RemoteRef(branch), out var id) ? id : null;

    /// <summary>As far as an inbox was taken in that has ended here, and not yet on the remote; null for any other branch.</summary>
    public ObjectId? MergedTip(string inbox) => TryGetRef(InboxRef.MergedOf(inbox), out var id) ? id : null;

    /// <summary>Those, by their short names.</summary>
    public IEnumerable<string> EndedInboxes() => RefNames.Select(InboxRef.EndedOf).OfType<string>();

    public bool TryGetRef(string name, out ObjectId id) => Refs.TryGetValue(name, out id);

    /// <summary>The entry at <c>a/b/c</c> in a commit's tree, or null.</summary>
    public TreeEntry? Find(ObjectId commit, string path)
    {
        var tree = Store.TreeOf(commit);
        var rest = path.AsSpan();
        while (true)
        {
            var slash = rest.IndexOf('/');
            if (Find(tree, slash < 0 ? rest : rest[..slash]) is not { } entry) return null;
            if (slash < 0) return entry;
            if (!entry.IsTree) return null;
            tree = entry.Id;
            rest = rest[(slash + 1)..];
        }
    }

    /// <summary>Whether the object is here; of what older commits hold, a shallow repository has not all.</summary>
    public bool Holds(ObjectId id) => Store.Contains(id);

    public IReadOnlyList<TreeEntry> ReadTree(ObjectId id) => Store.ReadTree(id);

    public Commit ReadCommit(ObjectId id) => Store.ReadCommit(id);

    public byte[] ReadBlob(ObjectId id) => Store.ReadBlob(id);

    private TreeEntry? Find(ObjectId tree, ReadOnlySpan<char> name)
    {
        Span<byte> utf8 = stackalloc byte[GitLimits.MaxTreeNameBytes];
        if (!Encoding.UTF8.TryGetBytes(name, utf8, out var length)) return null;
        return Store.FindInTree(tree, utf8[..length]);
    }
}
