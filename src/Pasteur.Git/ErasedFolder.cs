using System.Security.Cryptography;
using System.Text;

namespace Pasteur.Git;

/// <summary>A folder, or a file, that is to be taken out of all history. Its name is known by its SHA-256: whoever is told what is erased need not learn what it was called.</summary>
/// <param name="Parent">The path of the folder that it lies in; empty for the root.</param>
/// <param name="NameDigest">The SHA-256 of its name in UTF-8.</param>
public sealed record ErasedFolder(string Parent, ReadOnlyMemory<byte> NameDigest)
{
    public static ErasedFolder Of(string parent, string name) => new(parent, DigestOf(Encoding.UTF8.GetBytes(name)));

    internal static byte[] DigestOf(ReadOnlySpan<byte> name) => SHA256.HashData(name);
}

/// <summary>What is to be taken out of all history.</summary>
/// <param name="Branch">The branch, short, that tells of it.</param>
public sealed record EraseRequest(string Branch, IReadOnlyList<ErasedFolder> Folders)
{
    /// <summary>What the branch is to hold from then on, so that others know of it; none when that came from elsewhere.</summary>
    public IReadOnlyList<TreeEdit> Marks { get; init; } = [];

    /// <summary>Author and committer of the commit with the marks.</summary>
    public required Signature Author { get; init; }

    public string Message { get; init; } = "Erase from history";
}

/// <summary>What became of an <see cref="EraseRequest"/>.</summary>
public abstract record EraseOutcome
{
    private EraseOutcome() { }

    /// <summary>No ref reaches what was to be erased any more.</summary>
    /// <param name="Refs">Those that were moved for it; none when nothing held it.</param>
    /// <param name="Commits">So many were made again or left out.</param>
    public sealed record Erased(IReadOnlyList<MovedRef> Refs, int Commits) : EraseOutcome
    {
        /// <summary>The beginning of the history is not here: what was made is not what others make of it.</summary>
        public bool IsPartial { get; init; }

        /// <summary>Branches of a remote that were moved, by their full names; null where there is none.</summary>
        public IReadOnlyList<string>? Remote { get; init; }

        /// <summary>Other refs of the remote that hold it yet, by their full names.</summary>
        public IReadOnlyList<string> StillHeldBy { get; init; } = [];

        /// <summary>Other refs of the remote of which nothing is known here: they may.</summary>
        public IReadOnlyList<string> MayBeHeldBy { get; init; } = [];

        /// <summary>Why the remote's other refs are not known; null when they are.</summary>
        public string? OthersUnknown { get; init; }
    }

    /// <summary>No ref reaches, or ever reached, these. No ref was moved.</summary>
    public sealed record Unknown(IReadOnlyList<ErasedFolder> Folders) : EraseOutcome;

    /// <summary>A remote does not take it. No ref was moved, here or there.</summary>
    public sealed record Refused(string Reason) : EraseOutcome;

    /// <summary>A remote cannot be asked, or others push faster: try again later. No ref was moved here.</summary>
    public sealed record Away(string Reason) : EraseOutcome;

    /// <summary>The store takes no writes, or something that a ref needs cannot be read. No ref was moved.</summary>
    public sealed record Unavailable(string Reason) : EraseOutcome;
}

/// <summary>A ref before and after; zero where nothing is left of it.</summary>
public sealed record MovedRef(string Name, Objects.ObjectId Before, Objects.ObjectId After);

/// <param name="Tip">Of the branch, with the marks on top.</param>
/// <param name="Heads">Branches that would be moved, that one too: full names; zero for one of which nothing is left.</param>
/// <param name="Commits">So many were made again or left out.</param>
public sealed record ErasedTips(Objects.ObjectId Tip, IReadOnlyList<MovedRef> Heads, int Commits);
