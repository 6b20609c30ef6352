using Pasteur.Git.Journals;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;

namespace Pasteur.Git.Forgetting;

/// <summary>
/// Finds the journal's records in a pack, each of which names a commit: without that, <c>git fsck</c> would complain of the record. A pack
/// that is written again has none.
/// </summary>
internal static class RecordsOf
{
    public static bool Any(PackFile pack, IReadOnlySet<ObjectId> commits)
    {
        var order = new PackOrder(pack);
        var cursor = new PackCursor();
        cursor.Open(pack.Data, 0);
        for (var n = 0; n < order.Count; n++)
        {
            var offset = order.OffsetAt(n);
            cursor.Seek(offset);
            // One that is damaged is found by who reads it.
            if (cursor.ReadHeader(out var header) != ParseStatus.Complete || header.Type != PackEntryType.Tag) continue;
            if (RefRecord.TryParse(pack.ReadAt(offset).Bytes.Span, out var record) && commits.Contains(record.Target)) return true;
        }
        return false;
    }
}
