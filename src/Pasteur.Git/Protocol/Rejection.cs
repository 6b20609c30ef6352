namespace Pasteur.Git.Protocol;

/// <summary>Reads the kind of a rejection out of the words of the servers people run. The words themselves are always kept beside it.</summary>
internal static class Rejection
{
    // The words of git-receive-pack (builtin/receive-pack.c); hosting services use them or add to them.
    private static readonly (string Words, RejectionKind Kind)[] Known =
    [
        ("non-fast-forward", RejectionKind.NonFastForward),
        ("fetch first", RejectionKind.NonFastForward),
        ("stale info", RejectionKind.NonFastForward),
        ("failed to update ref", RejectionKind.Race),
        ("failed to lock", RejectionKind.Race),
        ("cannot lock ref", RejectionKind.Race),
        ("incorrect old value", RejectionKind.Race),
        ("already exists", RejectionKind.Race),
        ("atomic push failure", RejectionKind.Race),
        ("atomic transaction failed", RejectionKind.Race),
        ("hook declined", RejectionKind.Hook),
        ("shallow update not allowed", RejectionKind.Shallow),
        ("prohibited", RejectionKind.Policy),
        ("hidden ref", RejectionKind.Policy),
        ("checked out", RejectionKind.CheckedOut),
        ("protected branch", RejectionKind.Policy),
        ("unpacker error", RejectionKind.Unpack),
        ("missing necessary objects", RejectionKind.Unpack),
        ("bad pack", RejectionKind.Unpack),
    ];

    public static RejectionKind OfRef(string reason)
    {
        foreach (var (words, kind) in Known)
            if (reason.Contains(words, StringComparison.OrdinalIgnoreCase)) return kind;
        return RejectionKind.Other;
    }

    public static RejectionKind OfUnpack(string error) =>
        error.Contains("shallow", StringComparison.OrdinalIgnoreCase) ? RejectionKind.Shallow : RejectionKind.Unpack;
}
