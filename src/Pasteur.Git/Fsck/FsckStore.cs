using Pasteur.Git.Objects;
using Pasteur.Git.Packs;

namespace Pasteur.Git.Fsck;

/// <summary>What could be opened of a repository, so that one damaged pack does not hide the others.</summary>
internal sealed class FsckStore(LooseObjects loose) : IDisposable
{
    private readonly List<PackData> _journals = [];
    private readonly Dictionary<ObjectId, (PackData Data, long Offset)> _journalObjects = [];
    private readonly HashSet<ObjectId> _reachedOutsidePacks = [];
    private (ObjectId Id, (CheckedPack Pack, int Position)? Place) _lastFound;

    public List<CheckedPack> Packs { get; } = [];

    public LooseObjects Loose => loose;

    /// <inheritdoc cref="ObjectStore.MapIndexes"/>
    public IDisposable? MapIndexes() => MappedIndexes.Unless([.. Packs.Select(pack => pack.Pack.Index)], GitLimits.WalkedIndexBytes);

    public void Add(PackData journal) => _journals.Add(journal);

    public void Add(PackData journal, IReadOnlyList<(ObjectId Id, long Offset)> entries)
    {
        foreach (var (id, offset) in entries) _journalObjects.TryAdd(id, (journal, offset));
    }

    /// <summary>Notes that an object was reached; false when it had been before.</summary>
    public bool Reach(ObjectId id) => Find(id) is var (pack, position) ? pack.Reach(position) : _reachedOutsidePacks.Add(id);

    public bool IsReached(ObjectId id) => Find(id) is var (pack, position) ? pack.IsReached(position) : _reachedOutsidePacks.Contains(id);

    public bool TryReadKind(ObjectId id, out ObjectKind kind)
    {
        if (_journalObjects.TryGetValue(id, out var place))
        {
            kind = PackReader.ReadKind(place.Data, place.Offset);
            return true;
        }

        if (Find(id) is var (pack, position))
        {
            kind = pack.KindAt(position) ?? PackReader.ReadKind(pack.Pack.Data, pack.Pack.Index.OffsetAt(position), pack.Pack.Locate);
            return true;
        }

        var found = TryRead(id, out var content);
        kind = content.Kind;
        return found;
    }

    public bool TryRead(ObjectId id, out RawObject content)
    {
        if (_journalObjects.TryGetValue(id, out var place))
        {
            content = PackReader.Read(place.Data, place.Offset);
            return true;
        }

        if (Find(id) is var (pack, position))
        {
            content = pack.Pack.ReadAt(pack.Pack.Index.OffsetAt(position));
            return true;
        }

        if (loose.TryRead(id, out content)) return true;
        // git knows the empty tree without storing it.
        content = new RawObject(ObjectKind.Tree, default);
        return id == ObjectId.EmptyTree;
    }

    public void Dispose()
    {
        foreach (var pack in Packs) pack.Dispose();
        foreach (var journal in _journals) journal.Dispose();
    }

    // What was reached is read next.
    private (CheckedPack Pack, int Position)? Find(ObjectId id)
    {
        if (_lastFound.Id != id) _lastFound = (id, Search(id));
        return _lastFound.Place;
    }

    private (CheckedPack Pack, int Position)? Search(ObjectId id)
    {
        if (_journalObjects.ContainsKey(id)) return null;
        foreach (var pack in Packs) pack.Pack.Index.Foresee(id);
        foreach (var pack in Packs)
            if (pack.Pack.Index.TryFindPosition(id, out var position)) return (pack, position);
        return null;
    }
}
