using Pasteur.Git.Objects;

namespace Pasteur.Git.Packs;

/// <summary>What a pack entry holds (gitformat-pack, "Object types"); 0 and 5 are not in use.</summary>
internal enum PackEntryType : byte
{
    Commit = 1,
    Tree = 2,
    Blob = 3,
    Tag = 4,

    /// <summary>A delta whose base stands earlier in the same pack.</summary>
    OffsetDelta = 6,

    /// <summary>A delta whose base is named by its id.</summary>
    ReferenceDelta = 7,
}

internal static class PackEntryTypes
{
    public static bool IsDelta(this PackEntryType type) => type is PackEntryType.OffsetDelta or PackEntryType.ReferenceDelta;

    /// <summary>The kind of an entry that is not a delta.</summary>
    public static ObjectKind ToKind(this PackEntryType type) =>
        type.IsDelta() ? throw new ArgumentException("The kind of a delta is its base's.", nameof(type)) : (ObjectKind)type;

    public static PackEntryType ToEntryType(this ObjectKind kind) => (PackEntryType)kind;
}
