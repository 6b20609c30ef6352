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

    /// <summary>Null when they are larger together than <paramref name="most"/> bytes: their pages would be memory of this process.</summary>
    public static MappedIndexes? Unless(IReadOnlyList<PackIndex> indexes, long most) => indexes.Sum(static index => index.Length) > most ? null : new MappedIndexes(indexes);

    public void Dispose()
    {
        foreach (var index in _indexes) index.IsMapRead = false;
    }
}
