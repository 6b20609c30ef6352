using System.Buffers.Binary;
using System.Text;

namespace Pasteur.Git.Objects;

/// <summary>
/// Walks the entries of a tree without copying. What cannot be read as entries is refused; what git reads but would not
/// write (a wrong order, odd modes) passes here and is for fsck to report.
/// </summary>
/// <remarks>
/// Layout (as <c>git cat-file tree</c> shows it; gitformat documents it nowhere):
/// <code>| mode, octal ASCII | SP | name, bytes without NUL and '/' | NUL | id, 20 | ...  sorted by name, see <see cref="TreeOrder"/></code>
/// </remarks>
internal ref struct TreeReader
{
    // 6 octal digits; some old writers put a zero before "40000".
    private const int MaxModeDigits = 7;

    // "40000 a\0" and an id, and the eight bytes before it without the letter.
    private const int LetterFolderBytes = 8 + ObjectId.Size;
    private const int LetterAt = 6;
    private const ulong LetterFolder = 0x00_00_20_30_30_30_30_34, LetterMask = 0xFFUL << (8 * LetterAt);

    private readonly ReadOnlySpan<byte> _content;
    private readonly ObjectId _tree;
    private int _position;

    /// <summary>Reads a tree; <paramref name="tree"/> is what messages call it.</summary>
    public TreeReader(ReadOnlySpan<byte> content, ObjectId tree)
    {
        _content = content;
        _tree = tree;
    }

    public TreeMode Mode { get; private set; }

    public ReadOnlySpan<byte> Name { get; private set; }

    public readonly ObjectId Id => new(_content.Slice(_position - ObjectId.Size, ObjectId.Size));

    /// <summary>Where the entry begins in the tree.</summary>
    public int Start { get; private set; }

    /// <summary>Where the next one begins.</summary>
    public readonly int End => _position;

    /// <summary>Moves to the next entry. False at the end.</summary>
    public bool MoveNext()
    {
        if (_position == _content.Length) return false;
        Start = _position;
        var rest = _content[_position..];
        // Most entries of most trees here.
        if (rest.Length >= LetterFolderBytes && (BinaryPrimitives.ReadUInt64LittleEndian(rest) & ~LetterMask) == LetterFolder && rest[LetterAt] is not ((byte)'/' or 0))
        {
            Mode = TreeMode.Folder;
            Name = rest.Slice(LetterAt, 1);
            _position += LetterFolderBytes;
            return true;
        }

        var mode = 0;
        var digits = 0;
        for (; digits < rest.Length && rest[digits] is >= (byte)'0' and <= (byte)'7'; digits++)
        {
            if (digits == MaxModeDigits) throw Malformed("a mode has too many digits");
            mode = mode << 3 | rest[digits] - '0';
        }

        if (digits == 0 || digits == rest.Length || rest[digits] != ' ') throw Malformed("an entry does not begin with a mode");
        var name = rest[(digits + 1)..];
        var length = name.IndexOf((byte)0);
        if (length < 0) throw Malformed("it ends in a name");
        if (length == 0) throw Malformed("it has an empty name");
        if (length > GitLimits.MaxTreeNameBytes) throw Malformed($"it has a name of {length} bytes, more than {GitLimits.MaxTreeNameBytes}");
        name = name[..length];
        if (name.Contains((byte)'/')) throw Malformed("it has a name with a slash");
        var id = rest[(digits + 1 + length + 1)..];
        if (id.Length < ObjectId.Size) throw Malformed("it ends in an id");

        Mode = (TreeMode)mode;
        Name = name;
        _position += digits + 1 + length + 1 + ObjectId.Size;
        return true;
    }

    /// <summary>Moves to the entry of a name. False when there is none; the reader is then at the end.</summary>
    public bool MoveTo(ReadOnlySpan<byte> name)
    {
        while (MoveNext())
            if (Name.SequenceEqual(name)) return true;

        return false;
    }

    public readonly TreeEntry ToEntry() => new(Mode, Encoding.UTF8.GetString(Name), Id);

    private readonly GitDataException Malformed(string problem) => new($"Tree {_tree}", $"{problem} (at byte {Start})");
}
