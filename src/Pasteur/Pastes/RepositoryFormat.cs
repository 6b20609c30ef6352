using Pasteur.Git;
using Pasteur.Git.Objects;

namespace Pasteur.Pastes;

/// <summary>Which format a repository is in: pasteur.json at the root says it, and the first paste writes it.</summary>
internal static class RepositoryFormat
{
    /// <summary>A repository without the file is new, or the OCaml Pasteur's.</summary>
    public static bool IsWritten(Snapshot snapshot, ObjectId tip) => snapshot.Find(tip, RepositoryJson.Path) is not null;

    /// <exception cref="UnknownFormatException">The format is not 1: serving it could lose what this program does not understand.</exception>
    public static void Check(Snapshot snapshot, ObjectId tip)
    {
        if (Problem(snapshot, tip) is { } problem) throw new UnknownFormatException(problem);
    }

    /// <summary>Why this program must neither serve nor write to what this commit holds, or null.</summary>
    public static string? Problem(Snapshot snapshot, ObjectId tip)
    {
        if (snapshot.Find(tip, RepositoryJson.Path) is not { } entry) return null;
        var format = entry.IsTree ? null : RepositoryJson.Parse(snapshot.ReadBlob(entry.Id));
        if (format is null) return $"{RepositoryJson.Path} in the repository is no JSON object with a format; restore it from an earlier commit.";
        return format.Format == PasteJson.CurrentFormat
            ? null
            : $"The repository is in format {format.Format}; this program knows format {PasteJson.CurrentFormat}. Use a newer Pasteur.";
    }
}

/// <summary>The repository is of a kind that this program must not write to. The message is for the owner.</summary>
internal sealed class UnknownFormatException(string message) : Exception(message);
