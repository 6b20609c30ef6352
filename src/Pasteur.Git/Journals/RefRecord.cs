using System.Globalization;
using System.Text;
using Pasteur.Git.Objects;
using Pasteur.Git.Refs;

namespace Pasteur.Git.Journals;

/// <summary>A ref as the journal knows it: what stood on the disk when it was last written there, and what it is now.</summary>
internal sealed record RefState(string Name, ObjectId OnDisk, ObjectId Current);

/// <summary>
/// The last entry of every batch: a tag object that no ref names. It holds every ref that differs from the disk, and vouches for the
/// batch; the newest intact record of the newest journal is the truth.
/// <code>
/// object HEX                          a commit that a ref holds
/// type commit
/// tag pasteur.ref-record
/// tagger Pasteur &lt;pasteur@pasteur.invalid&gt; 0 +0000
///
/// journal MARK                        the random part of the journal's file name
/// sequence DECIMAL                    grows by one a batch, through all journals
/// batch DECIMAL HEX8                  where in the file the batch begins, and the CRC-32 of its bytes up to this entry
/// ref NAME OLD-HEX NEW-HEX            on disk, now; any number of lines
/// </code>
/// What people paste stands in the same file, some of it byte for byte. It can never be taken for a record: read from the beginning
/// it is a blob, and a search behind damage asks for the mark, which nobody outside knows.
/// </summary>
internal sealed record RefRecord(ObjectId Target, BatchSeal Seal, long Sequence, IReadOnlyList<RefState> Refs)
{
    public const string TagName = "pasteur.ref-record";

    private const string ObjectWord = "object ";

    private static readonly string Fixed = $"type commit\ntag {TagName}\ntagger Pasteur <pasteur@pasteur.invalid> 0 +0000\n\n";

    /// <summary>Where in the text the line with the mark begins.</summary>
    public static int MarkLineOffset => ObjectWord.Length + ObjectId.HexLength + 1 + Fixed.Length;

    /// <summary>The line that a search looks for.</summary>
    public static string MarkLine(string mark) => $"journal {mark}\n";

    public byte[] Write()
    {
        var text = new StringBuilder(512);
        text.Append(ObjectWord).Append(Target.ToString()).Append('\n').Append(Fixed).Append(MarkLine(Seal.Mark));
        text.Append(CultureInfo.InvariantCulture, $"sequence {Sequence}\nbatch {Seal.Start} {Seal.Checksum:x8}\n");
        foreach (var state in Refs)
            text.Append("ref ").Append(state.Name).Append(' ').Append(state.OnDisk.ToString()).Append(' ').Append(state.Current.ToString()).Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>False when the tag is somebody else's or its text is not exactly what <see cref="Write"/> makes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> content, out RefRecord record)
    {
        record = null!;
        var rest = Encoding.UTF8.GetString(content).AsSpan();
        if (!TryTakeLine(ref rest, ObjectWord, out var target) || !ObjectId.TryParse(target, out var id) || !rest.StartsWith(Fixed)) return false;
        rest = rest[Fixed.Length..];
        if (!TryTakeLine(ref rest, "journal ", out var mark) || !TryTakeLine(ref rest, "sequence ", out var sequence) || !TryTakeLine(ref rest, "batch ", out var batch)) return false;
        if (!TryParseNumber(sequence, out var number) || !TryParseBatch(batch, out var start, out var checksum)) return false;

        var refs = new List<RefState>();
        while (!rest.IsEmpty)
        {
            if (!TryTakeLine(ref rest, "ref ", out var line) || !TryParseRef(line, out var state)) return false;
            refs.Add(state);
        }
        record = new RefRecord(id, new BatchSeal(mark.ToString(), start, checksum), number, refs);
        // Upper case, leading zeros, bytes that are not UTF-8: whatever was read with lenience is caught here.
        return record.Write().AsSpan().SequenceEqual(content);
    }

    private static bool TryParseBatch(ReadOnlySpan<char> line, out long start, out uint checksum)
    {
        checksum = 0;
        start = 0;
        var space = line.IndexOf(' ');
        return space > 0 && TryParseNumber(line[..space], out start)
            && uint.TryParse(line[(space + 1)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out checksum);
    }

    private static bool TryParseRef(ReadOnlySpan<char> line, out RefState state)
    {
        state = null!;
        const int Ids = 2 * (1 + ObjectId.HexLength);
        if (line.Length <= Ids) return false;
        var name = line[..^Ids];
        if (!ObjectId.TryParse(line[(name.Length + 1)..^(1 + ObjectId.HexLength)], out var onDisk)) return false;
        if (!ObjectId.TryParse(line[^ObjectId.HexLength..], out var current)) return false;
        state = new RefState(name.ToString(), onDisk, current);
        return RefName.IsValid(name);
    }

    private static bool TryParseNumber(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static bool TryTakeLine(ref ReadOnlySpan<char> text, string word, out ReadOnlySpan<char> line)
    {
        line = default;
        var end = text.IndexOf('\n');
        if (end < 0 || !text.StartsWith(word)) return false;
        line = text[word.Length..end];
        text = text[(end + 1)..];
        return true;
    }
}
