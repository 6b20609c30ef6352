using System.Buffers;

namespace Pasteur.Git.Refs;

/// <summary>The rules of <c>git check-ref-format</c>, for names under <c>refs/</c>.</summary>
internal static class RefName
{
    private const int MaxLength = 1024;

    private static readonly SearchValues<char> Forbidden = SearchValues.Create(" ~^:?*[\\\x7F");

    public static bool IsValid(ReadOnlySpan<char> name)
    {
        if (!name.StartsWith("refs/") || name.Length > MaxLength || name.EndsWith(".") || name.Contains("..", StringComparison.Ordinal) || name.Contains("@{", StringComparison.Ordinal)) return false;
        if (name.ContainsAny(Forbidden)) return false;
        foreach (var c in name)
            if (char.IsControl(c)) return false;
        foreach (var part in name.Split('/'))
        {
            var component = name[part];
            if (component.IsEmpty || component[0] == '.' || component.EndsWith(".lock", StringComparison.Ordinal)) return false;
        }
        return true;
    }

    /// <summary>True for a short branch name: what may follow <c>refs/heads/</c>.</summary>
    public static bool IsValidBranch(ReadOnlySpan<char> branch) => !branch.StartsWith("-") && IsValid($"refs/heads/{branch}");
}
