using Pasteur.Git.Objects;
using Pasteur.Git.Packs;

namespace Pasteur.Git.Journals;

/// <summary>
/// Finds the next ref record in bytes whose entries can no longer be told apart. A record is always a stored block:
/// <code>
/// header:1-3 (type 4)  78 01  01 LEN:2 ~LEN:2  "object " …
/// </code>
/// </summary>
internal static class RecordSearch
{
    private const int BeforeText = 7;
    private const int ChunkBytes = 1 << 20;

    private static ReadOnlySpan<byte> Text => "object "u8;

    /// <summary>The offset of the first record at or after <paramref name="from"/>, or null.</summary>
    public static long? Next(PackData data, long from)
    {
        var chunk = new byte[ChunkBytes];
        var overlap = Text.Length + BeforeText + PackEntryHeader.MaxLength;
        for (var at = from; at < data.Length; at += ChunkBytes - overlap)
        {
            var part = chunk.AsSpan(0, data.ReadAt(at, chunk));
            for (var next = 0; part[next..].IndexOf(Text) is >= 0 and var step; next += step + 1)
                if (RecordAt(data, at + next + step, from) is { } found) return found;
            if (part.Length < ChunkBytes) return null;
        }
        return null;
    }

    private static long? RecordAt(PackData data, long text, long from)
    {
        for (var headerBytes = 1; headerBytes <= 3; headerBytes++)
        {
            var offset = text - BeforeText - headerBytes;
            if (offset >= from && IsRecord(data, offset)) return offset;
        }
        return null;
    }

    private static bool IsRecord(PackData data, long offset)
    {
        try
        {
            var entry = PackReader.ReadHeader(data, offset).Type == PackEntryType.Tag ? PackReader.Read(data, offset) : default;
            return entry.Kind == ObjectKind.Tag && RefRecord.TryParse(entry.Bytes.Span, out _);
        }
        catch (GitDataException)
        {
            // The words stand in somebody's text, or the record itself is damaged: the search goes on.
            return false;
        }
    }
}
