using Pasteur.Git.Objects;

namespace Pasteur.Git.Packs;

/// <summary>What is known of an entry while its pack is being indexed. Entries are named by their number; -1 is none.</summary>
internal struct IndexedEntry
{
    public const int None = -1;

    public long Offset;

    /// <summary>Zero until the object has been made.</summary>
    public ObjectId Id;

    public uint Crc32;

    /// <summary>Of the plain bytes of the entry (for a delta: of the delta).</summary>
    public int Size;

    /// <summary>The entry that this one is a delta of.</summary>
    public int Base;

    /// <summary>Deltas of this one, as a list through <see cref="NextSibling"/>.</summary>
    public int FirstChild;
    public int NextSibling;

    /// <summary>Deltas between this one and the whole object.</summary>
    public short Depth;

    public byte HeaderLength;

    public PackEntryType Type;

    /// <summary>Where the zlib stream begins.</summary>
    public readonly long DataOffset => Offset + HeaderLength;
}
