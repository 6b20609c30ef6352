using System.Collections.Immutable;
using Pasteur.Git.Journals;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;

namespace Pasteur.Git;

/// <summary>
/// Every object that can be read: journals, packs, and what the owner's git has left loose. The lists are replaced whole, so a reader
/// never waits; objects never change, so it does not matter which list it sees.
/// </summary>
internal sealed class ObjectStore(LooseObjects? loose, string? packFolder, Action<StoreEvent>? onEvent)
{
    private const long CachedTreeBytes = 4 << 20;

    // Of tens of packs, the newest have most of what is asked for.
    private const int AskedTogether = 8;

    // A flat tree of a million names would push everything else out.
    private const int LargestCachedTreeBytes = 64 << 10;

    // A version of a tree may be the end of a chain of deltas, and every lookup begins at the same root.
    private readonly ObjectCache _trees = new(CachedTreeBytes, LargestCachedTreeBytes);
    private readonly Lock _lock = new();
    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);
    private readonly HashSet<string> _retired = new(StringComparer.Ordinal);
    private volatile View _view = new([], []);
    private volatile Part? _part;

    /// <summary>Where the rest is, when not all of the branch is here.</summary>
    public Part? Part { get => _part; set => _part = value; }

    public int PackCount => _view.Packs.Length;

    public long ObjectCount => _view.Packs.Sum(pack => (long)pack.Count) + _view.Journals.Sum(journal => (long)journal.Index.Count);

    public long PackBytes => _view.Packs.Sum(pack => pack.Data.Length);

    public ImmutableArray<PackFile> Packs => _view.Packs;

    public void Add(Journal journal)
    {
        lock (_lock) _view = _view with { Journals = _view.Journals.Insert(0, journal) };
    }

    public void Add(PackFile pack)
    {
        lock (_lock) _view = _view with { Packs = Without(pack.Name).Insert(0, pack) };
    }

    /// <summary>A journal has become a pack.</summary>
    public void Replace(Journal journal, PackFile pack)
    {
        // A roll that is done again, after a fault or a kill, makes the pack that is there already.
        lock (_lock) _view = new View(_view.Journals.Remove(journal), Without(pack.Name).Insert(0, pack));
    }

    /// <summary>Packs were merged into one. Readers that still hold them keep their open files; the files themselves are not looked at again.</summary>
    public void Replace(IReadOnlyCollection<PackFile> merged, PackFile pack)
    {
        lock (_lock)
        {
            var packs = Without(pack.Name);
            var newest = merged.Select(old => packs.IndexOf(old)).Where(n => n >= 0).DefaultIfEmpty(packs.Length).Min();
            _view = _view with { Packs = packs.RemoveRange(merged).Insert(newest, pack) };
            _retired.UnionWith(merged.Select(old => old.Name).Where(name => name != pack.Name));
        }
    }

    /// <summary>The files of packs that were merged are gone: what has such a name from now on is another's.</summary>
    public void Forget(IEnumerable<string> merged)
    {
        lock (_lock) _retired.ExceptWith(merged);
    }

    /// <summary>Look-ups go through mapped indexes until the answer is disposed, unless they are too large for that.</summary>
    public IDisposable? MapIndexes() => MappedIndexes.Unless([.. _view.Packs.Select(pack => pack.Index)], GitLimits.WalkedIndexBytes);

    /// <summary>
    /// Of large indexes, pages that were read once would be counted as memory of this process for ever; the kernel keeps them just as well.
    /// </summary>
    public void LetGoOfIndexes()
    {
        var packs = _view.Packs;
        if (packs.Sum(static pack => pack.Index.Length) < GitLimits.MappedIndexBytes) return;
        foreach (var pack in packs) pack.Index.LetGo();
    }

    /// <summary>Of packs that have none yet, so that a look-up goes to the one pack that has the object. For the thread behind the writer.</summary>
    public void MakeFilters(CancellationToken cancellationToken)
    {
        foreach (var pack in _view.Packs)
        {
            if (cancellationToken.IsCancellationRequested) return;
            pack.Index.MakeFilter();
        }
    }

    public bool Contains(ObjectId id) => TryLocate(id, out _) || (loose?.Contains(id) ?? false) || _part?.TryRead(id, out _) == true;

    public bool TryRead(ObjectId id, out RawObject found)
    {
        if (TryReadPacked(id, out found)) return true;
        if (id == ObjectId.EmptyTree)
        {
            found = new RawObject(ObjectKind.Tree, ReadOnlyMemory<byte>.Empty);
            return true;
        }
        if (loose is null) return _part is { } part && part.TryRead(id, out found);
        if (loose.TryRead(id, out found)) return true;
        // The owner's git may have put what was loose, or in a pack that is gone, into a new pack.
        return Rescan() && TryReadPacked(id, out found);
    }

    public RawObject Read(ObjectId id) =>
        TryRead(id, out var found) ? found : throw NotHere(id);

    public byte[] ReadBlob(ObjectId id) => Expect(id, ObjectKind.Blob).ToArray();

    public ReadOnlyMemory<byte> ReadTreeContent(ObjectId id) => Expect(id, ObjectKind.Tree);

    public static ReadOnlyMemory<byte> ReadTreeContent(ObjectId id, PackedPlace place) => Expect(PackReader.Read(place.Data, place.Offset, place.Locate), id, ObjectKind.Tree);

    public IReadOnlyList<TreeEntry> ReadTree(ObjectId id)
    {
        var entries = new List<TreeEntry>();
        var reader = new TreeReader(Expect(id, ObjectKind.Tree).Span, id);
        while (reader.MoveNext()) entries.Add(reader.ToEntry());
        return entries;
    }

    /// <summary>The entry of a name, or null.</summary>
    public TreeEntry? FindInTree(ObjectId tree, ReadOnlySpan<byte> name) =>
        TryFindInTree(tree, name, out var entry) ? entry : throw NotHere(tree);

    /// <summary>False when the tree is not here.</summary>
    public bool TryFindInTree(ObjectId tree, ReadOnlySpan<byte> name, out TreeEntry? entry)
    {
        entry = null;
        if (!_trees.TryGet(tree, out var content))
        {
            if (!TryRead(tree, out var found)) return false;
            content = Expect(found, tree, ObjectKind.Tree);
            _trees.Add(tree, content);
        }
        var reader = new TreeReader(content.Span, tree);
        if (reader.MoveTo(name)) entry = reader.ToEntry();
        return true;
    }

    public Commit ReadCommit(ObjectId id) => CommitReader.Read(Expect(id, ObjectKind.Commit).Span, id);

    /// <summary>The tree of a commit, the rest of it unread.</summary>
    public ObjectId TreeOf(ObjectId commit) => CommitReader.ReadTree(Expect(commit, ObjectKind.Commit).Span, commit);

    public bool TryReadCommit(ObjectId id, out Commit commit)
    {
        commit = null!;
        if (!TryRead(id, out var found) || found.Kind != ObjectKind.Commit) return false;
        commit = CommitReader.Read(found.Bytes.Span, id);
        return true;
    }

    /// <summary>False when the store lacks the commit.</summary>
    public bool TryReadLinks(ObjectId id, out CommitLinks links)
    {
        links = default;
        if (!TryRead(id, out var found) || found.Kind != ObjectKind.Commit) return false;
        links = CommitReader.ReadLinks(found.Bytes.Span, id);
        return true;
    }

    public CommitLinks ReadLinks(ObjectId id) => CommitReader.ReadLinks(Expect(id, ObjectKind.Commit).Span, id);

    /// <summary>Looks for packs that somebody else has made. True when there was one.</summary>
    public bool Rescan()
    {
        if (packFolder is null) return false;
        lock (_lock)
        {
            var known = _view.Packs.Select(pack => pack.Name).Concat(_retired).ToHashSet(StringComparer.Ordinal);
            var found = Directory.EnumerateFiles(packFolder, "pack-*.idx")
                .Where(index => Path.ChangeExtension(index, ".pack") is var path && !known.Contains(path) && File.Exists(path))
                .OrderByDescending(File.GetLastWriteTimeUtc)
                .Select(TryOpen)
                .OfType<PackFile>()
                .ToList();
            // Packs that were deleted under us stay readable through their open files, and go with the next look.
            var present = _view.Packs.Where(pack => File.Exists(pack.Name));
            _view = _view with { Packs = [.. found, .. present] };
            return found.Count > 0;
        }
    }

    // A look for strange packs may have found ours a moment before it was announced.
    private ImmutableArray<PackFile> Without(string name) => _view.Packs.RemoveAll(pack => pack.Name == name);

    // One damaged pack must not take the site down: what the others hold is served, and what it held is said to be missing.
    private PackFile? TryOpen(string index)
    {
        try
        {
            return PackFile.Open(index);
        }
        catch (Exception e) when (e is GitDataException or IOException)
        {
            if (_reported.Add(index)) onEvent?.Invoke(new StoreEvent($"A pack is left out: {e.Message}", Warning: true));
            return null;
        }
    }

    private bool TryReadPacked(ObjectId id, out RawObject found)
    {
        found = default;
        if (!TryLocate(id, out var place)) return false;
        found = PackReader.Read(place.Data, place.Offset, place.Locate);
        return true;
    }

    /// <summary>Where an object stands in a journal or a pack; false when it is in none that is known.</summary>
    public bool TryLocate(ObjectId id, out PackedPlace place)
    {
        var view = _view;
        place = default;
        foreach (var journal in view.Journals)
        {
            if (!journal.Index.TryFind(id, out var offset)) continue;
            place = new PackedPlace(journal.Data, offset, null);
            return true;
        }
        for (var packs = view.Packs.AsSpan(); !packs.IsEmpty; packs = packs[Math.Min(AskedTogether, packs.Length)..])
        {
            var together = packs[..Math.Min(AskedTogether, packs.Length)];
            foreach (var pack in together) pack.Index.Foresee(id);
            foreach (var pack in together)
            {
                if (!pack.Index.TryFind(id, out var offset)) continue;
                place = new PackedPlace(pack.Data, offset, pack.Locate);
                return true;
            }
        }
        return false;
    }

    private Exception NotHere(ObjectId id) => _part is null ? new GitDataException($"object {id}", "the repository does not hold it") : new MissingObjectException(id);

    private ReadOnlyMemory<byte> Expect(ObjectId id, ObjectKind kind) => Expect(Read(id), id, kind);

    private static ReadOnlyMemory<byte> Expect(RawObject found, ObjectId id, ObjectKind kind) =>
        found.Kind == kind ? found.Bytes : throw new GitDataException($"object {id}", $"it is a {found.Kind}, where a {kind} must be");

    // Packs from the newest to the oldest.
    private sealed record View(ImmutableArray<Journal> Journals, ImmutableArray<PackFile> Packs);
}
