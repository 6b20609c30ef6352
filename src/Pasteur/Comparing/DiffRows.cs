namespace Pasteur.Comparing;

/// <summary>A row of a comparison: a line of either text, or of both.</summary>
/// <param name="Old">The line's place in the old text, from 0; null when the row has none.</param>
/// <param name="IsChange">The line is gone, come, or another one now.</param>
/// <param name="Skipped">Not a line but so many that are the same and left out.</param>
internal readonly record struct DiffRow(int? Old, int? New, bool IsChange, int Skipped = 0);

/// <summary>Lays changes out for reading, with a few lines around each.</summary>
internal static class DiffRows
{
    /// <summary>What is gone above what has come.</summary>
    public static IEnumerable<DiffRow> Unified(IReadOnlyList<LineChange> changes, int oldCount, int around) =>
        Lay(changes, oldCount, around, static change => Enumerable.Range(0, change.OldCount).Select(i => new DiffRow(change.OldStart + i, null, true))
            .Concat(Enumerable.Range(0, change.NewCount).Select(i => new DiffRow(null, change.NewStart + i, true))));

    /// <summary>What is gone beside what has come.</summary>
    public static IEnumerable<DiffRow> SideBySide(IReadOnlyList<LineChange> changes, int oldCount, int around) =>
        Lay(changes, oldCount, around, static change => Enumerable.Range(0, Math.Max(change.OldCount, change.NewCount)).Select(i =>
            new DiffRow(i < change.OldCount ? change.OldStart + i : null, i < change.NewCount ? change.NewStart + i : null, true)));

    private static IEnumerable<DiffRow> Lay(IReadOnlyList<LineChange> changes, int oldCount, int around, Func<LineChange, IEnumerable<DiffRow>> rows)
    {
        var (oldAt, newAt) = (0, 0);
        for (var i = 0; i <= changes.Count; i++)
        {
            var (oldNext, same) = i < changes.Count ? (changes[i].OldStart, changes[i].OldStart - oldAt) : (oldCount, oldCount - oldAt);
            var before = i == 0 ? 0 : around;
            var after = i == changes.Count ? 0 : around;
            // A gap that would take a row itself is no gap.
            var skipped = same - before - after;
            if (skipped <= 1) (before, after, skipped) = (same, 0, 0);
            for (var n = 0; n < before; n++) yield return new DiffRow(oldAt + n, newAt + n, false);
            if (skipped > 0) yield return new DiffRow(null, null, false, skipped);
            for (var n = same - after; n < same; n++) yield return new DiffRow(oldAt + n, newAt + n, false);
            if (i == changes.Count) yield break;
            foreach (var row in rows(changes[i])) yield return row;
            (oldAt, newAt) = (oldNext + changes[i].OldCount, changes[i].NewStart + changes[i].NewCount);
        }
    }
}
