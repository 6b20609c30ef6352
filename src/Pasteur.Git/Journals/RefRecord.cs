using System.Globalization;
using System.Text;
using Pasteur.Git.Objects;
using Pasteur.Git.Refs;

namespace Pasteur.Git.Journals;

/// <summary>A ref as the journal knows it: what stood on the disk when it was last written there, and what it is now.</summary>
internal sealed record RefState(string Name, ObjectId OnDisk, ObjectId Current);

/// <summary>
/// The last entry of every batch: a tag object that no ref names, so that what a user pastes (always a blob) can never be taken for
/// one. It holds every ref that differs from the disk; the newest intact record of the newest journal is the truth.
/// <code>
/// object HEX                          a commit of the list below
/// type commit
/// tag pasteur.ref-record
/// tagger Pasteur &lt;pasteur@pasteur.invalid&gt; 0 +0000
///
/// sequence DECIMAL                    grows by one a batch, through all journals
/// start DECIMAL                       where in the file the batch's first entry begins
/// ref NAME OLD-HEX NEW-HEX            on disk, now; any number of lines
/// </code>
/// </summary>
internal sealed record RefRecord(long Sequence, long BatchStart, IReadOnlyList<RefState> Refs)
{
    public const string TagName = "pasteur.ref-record";

    private static readonly string Fixed = $"type commit\ntag {TagName}\ntagger Pasteur <pasteur@pasteur.invalid> 0 +0000\n\n";

    public byte[] Write()
    {
        var text = new StringBuilder(512);
        text.Append("object ").Append(Refs[0].Current.ToString()).Append('\n').Append(Fixed);
        text.Append(CultureInfo.InvariantCulture, $"sequence {Sequence}\nstart {BatchStart}\n");
        foreach (var state in Refs)
            text.Append("ref ").Append(state.Name).Append(' ').Append(state.OnDisk.ToString()).Append(' ').Append(state.Current.ToString()).Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>False when the tag is somebody else's or its text is not exactly of this form.</summary>
    public static bool TryParse(ReadOnlySpan<byte> content, out RefRecord record)
    {
        record = null!;
        var text = Encoding.UTF8.GetString(content);
        if (!text.StartsWith("object ", StringComparison.Ordinal) || text.IndexOf('\n') != 7 + ObjectId.HexLength) return false;
        var rest = text.AsSpan(8 + ObjectId.HexLength);
        if (!rest.StartsWith(Fixed)) return false;
        rest = rest[Fixed.Length..];

        if (!TryTakeNumber(ref rest, "sequence ", out var sequence) || !TryTakeNumber(ref rest, "start ", out var start)) return false;
        var refs = new List<RefState>();
        while (!rest.IsEmpty)
        {
            if (!TryTakeLine(ref rest, "ref ", out var line) || !TryParseRef(line, out var state)) return false;
            refs.Add(state);
        }
        record = new RefRecord(sequence, start, refs);
        return refs.Count > 0;
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

    private static bool TryTakeNumber(ref ReadOnlySpan<char> text, string word, out long number)
    {
        number = 0;
        return TryTakeLine(ref text, word, out var line) && long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

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
