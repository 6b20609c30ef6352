namespace Pasteur.Git.Objects;

/// <summary>The names of the kinds, as in "blob 12\0" and in tags.</summary>
internal static class ObjectKinds
{
    public static ReadOnlySpan<byte> Name(this ObjectKind kind) => kind switch
    {
        ObjectKind.Commit => "commit"u8,
        ObjectKind.Tree => "tree"u8,
        ObjectKind.Blob => "blob"u8,
        ObjectKind.Tag => "tag"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Git has four kinds of object."),
    };

    public static bool TryParse(ReadOnlySpan<byte> name, out ObjectKind kind)
    {
        for (kind = ObjectKind.Commit; kind <= ObjectKind.Tag; kind++)
            if (name.SequenceEqual(kind.Name())) return true;

        return false;
    }
}
