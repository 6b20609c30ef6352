using Pasteur.Git.Objects;

namespace Pasteur.Git.Packs;

/// <summary>One line of a pack index. Ordered by id, as the index is.</summary>
internal readonly record struct PackIndexEntry(ObjectId Id, long Offset, uint Crc32) : IComparable<PackIndexEntry>
{
    public int CompareTo(PackIndexEntry other)
    {
        var order = Id.CompareTo(other.Id);
        return order != 0 ? order : Offset.CompareTo(other.Offset);
    }

    public static bool operator <(PackIndexEntry left, PackIndexEntry right) => left.CompareTo(right) < 0;

    public static bool operator >(PackIndexEntry left, PackIndexEntry right) => left.CompareTo(right) > 0;

    public static bool operator <=(PackIndexEntry left, PackIndexEntry right) => left.CompareTo(right) <= 0;

    public static bool operator >=(PackIndexEntry left, PackIndexEntry right) => left.CompareTo(right) >= 0;
}
