namespace Pasteur.Git.Packs;

/// <summary>Indexes whose maps are read until this is disposed. Those whose pack was merged away meanwhile are passed over.</summary>
internal sealed class MappedIndexes : IDisposable
{
    private readonly IReadOnlyList<PackIndex> _indexes;

    public MappedIndexes(IReadOnlyList<PackIndex> indexes)
    {
        _indexes = indexes;
        foreach (var index in indexes) index.IsMapRead = true;
    }

    public void Dispose()
    {
        foreach (var index in _indexes) index.IsMapRead = false;
    }
}
