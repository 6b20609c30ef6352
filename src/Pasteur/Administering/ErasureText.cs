using System.Globalization;
using System.Text;
using Pasteur.Git;
using Pasteur.Pastes;

namespace Pasteur.Administering;

/// <summary>Says what an erasure has done.</summary>
internal static class ErasureText
{
    public static string Of(IReadOnlyList<PasteId> ids, EraseOutcome.Erased erased)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{string.Join(", ", ids)}: erased from all history; {erased.Commits} commits were made again or left out\n");
        foreach (var moved in erased.Refs) text.Append(CultureInfo.InvariantCulture, $"  {moved.Name}  {Short(moved.Before)} -> {(moved.After.IsZero ? "nothing left" : Short(moved.After))}\n");
        if (erased.Remote is { } branches) text.Append(CultureInfo.InvariantCulture, $"the remote has taken {string.Join(", ", branches)}\n");
        text.Append("The bytes go from the packs here within minutes; a Git host keeps unreachable objects until it cleans up. Clones that others have made still hold it.\n");
        return text.ToString();
    }

    private static string Short(Git.Objects.ObjectId id) => id.ToString()[..12];
}
