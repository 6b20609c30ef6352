using Pasteur.Comparing;
using Pasteur.Configuration;
using Pasteur.Pastes;
using Pasteur.Web.Pages;
using Pasteur.Web.Wording;

namespace Pasteur.Web.Revisions;

/// <summary>Compares the files of two states of a paste, by their names. All together have a limit on what is compared and shown.</summary>
internal sealed class PasteComparison(Words words, bool isSideBySide)
{
    private int _bytesLeft = Limits.MaxShownBytes;
    private int _rowsLeft = Limits.MaxComparedRows;
    private bool _isCut;

    public ComparisonModel Between(IReadOnlyList<PasteFile> old, IReadOnlyList<PasteFile> @new)
    {
        var theirs = @new.ToDictionary(file => file.Name);
        var files = old.Select(file => Compare(file, theirs.GetValueOrDefault(file.Name)))
            .Concat(@new.ExceptBy(old.Select(file => file.Name), file => file.Name).Select(file => Compare(null, file)))
            .OfType<ComparedFile>().ToList();
        var remark = files.Count == 0 ? words["diff.none"] : _isCut ? words["diff.cut"] : null;
        return new ComparisonModel(files, isSideBySide) { Remark = remark };
    }

    /// <summary>Null when they are the same.</summary>
    private ComparedFile? Compare(PasteFile? old, PasteFile? @new)
    {
        if (old is not null && @new is not null && old.Content.Span.SequenceEqual(@new.Content.Span)) return null;
        var name = (@new ?? old)!.Name;
        if (old?.IsText == false || @new?.IsText == false) return new ComparedFile(name, Happened(old, @new) ?? words["diff.other-bytes"], null);
        var size = (old?.Content.Length ?? 0) + (@new?.Content.Length ?? 0);
        if (size > _bytesLeft)
        {
            _isCut = true;
            return new ComparedFile(name, Happened(old, @new) ?? words["diff.too-large"], null);
        }
        _bytesLeft -= size;
        return WithRows(name, old, @new);
    }

    private ComparedFile WithRows(string name, PasteFile? old, PasteFile? @new)
    {
        var (oldLines, newLines) = TextLines.Of(old?.Content ?? default, @new?.Content ?? default);
        var changes = LineDiff.Between(oldLines.Ids, newLines.Ids);
        var rows = isSideBySide
            ? DiffRows.SideBySide(changes, oldLines.Count, Limits.LinesAroundChange)
            : DiffRows.Unified(changes, oldLines.Count, Limits.LinesAroundChange);
        var shown = rows.Take(_rowsLeft + 1).ToList();
        _isCut |= shown.Count > _rowsLeft;
        if (shown.Count > _rowsLeft) shown.RemoveAt(shown.Count - 1);
        _rowsLeft -= shown.Count;
        var counts = words.Fill("diff.counts", ("come", Number(changes.Sum(change => change.NewCount))), ("gone", Number(changes.Sum(change => change.OldCount))));
        var note = Happened(old, @new) is { } happened ? $"{happened}, {counts}" : counts;
        return new ComparedFile(name, note, new DiffHtml(oldLines, newLines, words).Make(shown, isSideBySide));
    }

    private string? Happened(PasteFile? old, PasteFile? @new) => old is null ? words["diff.added"] : @new is null ? words["diff.removed"] : null;

    private static string Number(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
