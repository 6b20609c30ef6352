using System.Globalization;
using System.Text;
using Pasteur.Git;
using Pasteur.Pastes;

namespace Pasteur.Administering;

/// <summary>Says what an erasure has done.</summary>
internal static class ErasureText
{
    private const int MaxNames = 50;

    public static string Of(IReadOnlyList<PasteId> ids, EraseOutcome.Erased erased)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{string.Join(", ", ids)}: erased from all history; {erased.Commits} commits were made again or left out\n");
        foreach (var moved in erased.Refs) text.Append(CultureInfo.InvariantCulture, $"  {moved.Name}  {Short(moved.Before)} -> {(moved.After.IsZero ? "nothing left" : Short(moved.After))}\n");
        if (erased.Remote is { } branches) text.Append(CultureInfo.InvariantCulture, $"the remote has taken {string.Join(", ", branches)}\n");
        Append(text, "still held there by, which this server does not follow", erased.StillHeldBy);
        Append(text, "perhaps held there by, which this server does not know", erased.MayBeHeldBy);
        if (erased.OthersUnknown is { } reason) text.Append(CultureInfo.InvariantCulture, $"{reason}: they may still hold it\n");
        if (erased.StillHeldBy.Count + erased.MayBeHeldBy.Count > 0) text.Append("Delete those on the remote, or take it out of them there.\n");
        text.Append("The bytes go from the packs here within minutes; a Git host keeps unreachable objects until it cleans up. Clones that others have made still hold it.\n");
        return text.ToString();
    }

    private static void Append(StringBuilder text, string what, IReadOnlyList<string> names)
    {
        if (names.Count == 0) return;
        text.Append(CultureInfo.InvariantCulture, $"{what}: {string.Join(", ", names.Take(MaxNames).Select(CleanText.Line))}{(names.Count > MaxNames ? $" and {names.Count - MaxNames} more" : "")}\n");
    }

    private static string Short(Git.Objects.ObjectId id) => id.ToString()[..12];
}
