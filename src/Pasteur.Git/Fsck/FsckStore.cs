using Pasteur.Git.Objects;
using Pasteur.Git.Packs;

namespace Pasteur.Git.Fsck;

/// <summary>What could be opened of a repository, so that one damaged pack does not hide the others.</summary>
internal sealed class FsckStore(LooseObjects loose) : IDisposable
{
    private readonly List<PackData> _journals = [];
    private readonly Dictionary<ObjectId, (PackData Data, long Offset)> _journalObjects = [];

    public List<PackFile> Packs { get; } = [];

    public LooseObjects Loose => loose;

    public void Add(PackData journal) => _journals.Add(journal);

    public void Add(PackData journal, IReadOnlyList<(ObjectId Id, long Offset)> entries)
    {
        foreach (var (id, offset) in entries) _journalObjects.TryAdd(id, (journal, offset));
    }

    public bool TryReadKind(ObjectId id, out ObjectKind kind)
    {
        if (_journalObjects.TryGetValue(id, out var place))
        {
            kind = PackReader.ReadKind(place.Data, place.Offset);
            return true;
        }

        foreach (var pack in Packs)
            if (pack.TryReadKind(id, out kind)) return true;

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

        foreach (var pack in Packs)
            if (pack.TryRead(id, out content)) return true;

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
}
