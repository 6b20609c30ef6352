using System.Text;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;

namespace Pasteur.Git.Journals;

/// <summary>
/// Finds the next ref record in bytes whose entries can no longer be told apart, by the line with the journal's mark. A record is
/// always stored:
/// <code>
/// header:1-4 (type 4)  78 01  0|1 LEN:2 ~LEN:2  "object " HEX LF … "journal " MARK LF …
/// </code>
/// </summary>
internal static class RecordSearch
{
    private const int StoredPrefix = 7;
    private const int MaxHeader = 4;
    private const int ChunkBytes = 1 << 20;

    /// <summary>The offset of the first record at or after <paramref name="from"/>, or null.</summary>
    public static long? Next(PackData data, long from, string mark)
    {
        var line = Encoding.ASCII.GetBytes(RefRecord.MarkLine(mark));
        var chunk = new byte[Math.Clamp(data.Length - from, line.Length, ChunkBytes)];
        for (var at = from; at < data.Length; at += chunk.Length - line.Length)
        {
            var part = chunk.AsSpan(0, data.ReadAt(at, chunk));
            for (var next = 0; part[next..].IndexOf(line) is >= 0 and var step; next += step + 1)
                if (RecordAt(data, at + next + step - RefRecord.MarkLineOffset, from) is { } found) return found;
            if (at + part.Length >= data.Length) return null;
        }
        return null;
    }

    private static long? RecordAt(PackData data, long text, long from)
    {
        for (var header = 1; header <= MaxHeader; header++)
        {
            var offset = text - StoredPrefix - header;
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
            // The record itself is damaged: the search goes on.
            return false;
        }
    }
}
