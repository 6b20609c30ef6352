using System.Globalization;

namespace Pasteur.Git;

/// <summary>
/// Branches that take commits while the lasting branch is too large to be pushed for each: <c>inbox/SERVER-NUMBER</c>. Each begins without
/// a parent, is merged as a whole, and goes. A number is the second in which it was begun, and no server uses one twice.
/// </summary>
public static class InboxRef
{
    /// <summary>How the short names of these branches begin.</summary>
    public const string Branches = "inbox/";

    internal const string Heads = "refs/heads/" + Branches;

    private const string MergedPrefix = "refs/pasteur/merged/";

    public static string NameOf(string server, long number) => string.Create(CultureInfo.InvariantCulture, $"{Branches}{server}-{number}");

    /// <summary>Reads a short name. What somebody else has put below <c>inbox/</c> is none, and is left alone.</summary>
    public static bool TryParse(string branch, out string server, out long number)
    {
        (server, number) = ("", 0);
        var dash = branch.LastIndexOf('-');
        if (dash <= Branches.Length || !branch.StartsWith(Branches, StringComparison.Ordinal)) return false;
        server = branch[Branches.Length..dash];
        return !server.Contains('/', StringComparison.Ordinal) && branch.Length - dash <= 16 && long.TryParse(branch.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>
    /// Beside an inbox that was taken in: as far as it was. It goes when the remote's is gone. Until then the inbox is not shown again, and what
    /// others have put on it since is taken in too.
    /// </summary>
    internal static string MergedOf(string branch) => MergedPrefix + branch;

    internal static string? EndedOf(string name) => name.StartsWith(MergedPrefix, StringComparison.Ordinal) ? name[MergedPrefix.Length..] : null;
}
