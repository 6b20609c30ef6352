using System.Collections;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Packs;

/// <summary>The lines of a merged pack's index, taken from the indexes of its sources as they are asked for.</summary>
internal sealed class MergedIndex(MergeSource[] sources, int count) : IReadOnlyCollection<PackIndexEntry>
{
    public int Count => count;

    public IEnumerator<PackIndexEntry> GetEnumerator()
    {
        var next = new PriorityQueue<(MergeSource Source, int Position), (ObjectId Id, int Order)>();
        for (var n = 0; n < sources.Length; n++) Enqueue(next, n, 0);
        var before = ObjectId.Zero;
        while (next.TryDequeue(out var line, out var key))
        {
            Enqueue(next, key.Order, line.Position + 1);
            // Copies of an object all know where the one that was written stands.
            if (line.Source.PlaceOf(line.Position) is not { } place || key.Id == before) continue;
            before = key.Id;
            yield return new PackIndexEntry(key.Id, place.Offset, place.Crc32);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Enqueue(PriorityQueue<(MergeSource Source, int Position), (ObjectId Id, int Order)> next, int order, int position)
    {
        var source = sources[order];
        if (position < source.Pack.Count) next.Enqueue((source, position), (source.Pack.Index.IdAt(position), order));
    }
}
