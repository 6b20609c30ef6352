using Pasteur.Git.Objects;
using Pasteur.Git.Packs;

namespace Pasteur.Tests.Packs;

public sealed class IndexedEntriesTests
{
    private const int Many = 100_000;

    [Fact]
    public void Every_entry_is_found_by_its_number_and_deltas_by_their_base_however_many_there_are()
    {
        var entries = Fill();
        Assert.Equal(Many, entries.Count);
        for (var n = 0; n < Many; n++)
        {
            Assert.Equal(n * 10, entries[n].Offset);
            Assert.Equal(n % 2 == 0 ? IndexedEntry.None : n - 1, entries[n].Base);
            if (n % 2 == 0) Assert.Equal(n + 1, entries[n].FirstChild);
        }
        Assert.False(entries.TryAdd(Many * 10, Delta(distance: 5)));
        Assert.Equal(Many, entries.Count);
    }

    [Fact]
    public void Memory_grows_with_the_entries_and_not_by_doubling()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var entries = Fill();
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / entries.Count, 40, 64);
    }

    private static IndexedEntries Fill()
    {
        var entries = new IndexedEntries();
        for (var n = 0; n < Many; n++)
            Assert.True(entries.TryAdd(n * 10, n % 2 == 0 ? Whole() : Delta(distance: 10)));
        return entries;
    }

    private static PackEntryHeader Whole() => PackEntryHeader.ForObject(ObjectKind.Blob, 5);

    private static PackEntryHeader Delta(int distance) => PackEntryHeader.ForOffsetDelta(5, distance);
}
