using System.Buffers;
using System.Text;

namespace Pasteur.Git.Commits;

/// <summary>
/// What a path may be (the rules of <c>git fsck --strict</c> and of a checkout): no part is empty, <c>.</c>, <c>..</c> or one of the names
/// that some file system takes for <c>.git</c>.
/// </summary>
internal static class TreePath
{
    // What HFS+ ignores within a name.
    private static readonly SearchValues<char> Invisible =
        SearchValues.Create("\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u206a\u206b\u206c\u206d\u206e\u206f\ufeff");

    /// <exception cref="ArgumentException">Git forbids the path.</exception>
    public static byte[] Encode(string path)
    {
        var depth = 0;
        foreach (var range in path.AsSpan().Split('/'))
        {
            var part = path.AsSpan()[range];
            if (!IsAllowed(part) || ++depth > GitLimits.MaxPathDepth) throw new ArgumentException($"\"{path}\" is not a path that Git allows.", nameof(path));
        }
        return Encoding.UTF8.GetBytes(path);
    }

    private static bool IsAllowed(ReadOnlySpan<char> part)
    {
        if (part.IsEmpty || part is "." or ".." || part.Contains('\0')) return false;
        if (Encoding.UTF8.GetByteCount(part) > GitLimits.MaxTreeNameBytes) return false;
        return !MeansDotGit(part) && (!part.ContainsAny(Invisible) || !MeansDotGit(Visible(part)));
    }

    // NTFS ignores dots and spaces at the end, and what follows a colon; git takes a backslash for a separator there.
    private static bool MeansDotGit(ReadOnlySpan<char> part)
    {
        var name = part.StartsWith(".git", StringComparison.OrdinalIgnoreCase) ? ".git".Length
            : part.StartsWith("git~1", StringComparison.OrdinalIgnoreCase) ? "git~1".Length : 0;
        if (name == 0) return false;
        var rest = part[name..].TrimStart(" .");
        return rest.IsEmpty || rest[0] is ':' or '\\';
    }

    private static string Visible(ReadOnlySpan<char> part)
    {
        var kept = new StringBuilder(part.Length);
        foreach (var c in part)
            if (!Invisible.Contains(c)) kept.Append(c);
        return kept.ToString();
    }
}
