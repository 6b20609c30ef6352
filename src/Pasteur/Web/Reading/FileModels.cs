using System.Globalization;
using Pasteur.Configuration;
using Pasteur.Pastes;
using Pasteur.Web.Answers;
using Pasteur.Web.Pages;
using Pasteur.Web.Wording;

namespace Pasteur.Web.Reading;

/// <summary>Says what stands on a paste's page of each file. All files together have a limit on what is shown, numbered and rendered.</summary>
internal sealed class FileModels(SiteContext site, ShownPaste shown, FileLanguages languages)
{
    private readonly Paste _paste = shown.Paste;

    /// <summary>With the revision, when one was asked for.</summary>
    private readonly string _code = shown.Key.Code;
    private readonly View _view = shown.Key.View;
    private readonly Words _words = shown.Words;
    private int _bytesLeft = Limits.MaxShownBytes;
    private int _numbersLeft = Limits.MaxNumberedLines;
    private int _renderedLeft = Limits.MaxRenderedBytes;

    public static string Summary(PasteFile file, Words words)
    {
        var size = words.Size(file.Content.Length);
        if (file.IsText) return $"{words.Count("paste.lines", TextHtml.CountLines(file.Content.Span))}, {size}";
        return file.IsImage
            ? $"{words.Fill("paste.image", ("type", file.MediaType["image/".Length..].ToUpperInvariant()))}, {size}"
            : $"{words["paste.binary"]}, {size}";
    }

    public FileModel[] Make() => [.. _paste.Files.Select(Make)];

    private FileModel Make(PasteFile file, int index)
    {
        var link = site.Links.File(_code, file.Name);
        var model = new FileModel(index + 1, file.Name)
        {
            Summary = Summary(file, _words),
            Raw = _paste.Files.Count == 1 ? site.Links.Raw(_code) : link,
            Download = link + "?download=true",
            Image = file.IsImage ? link : null,
        };
        if (!file.IsText) return model;
        return _view == View.RenderedPage && languages.IsMarkdown(file) ? Rendered(model, file) : WithText(model, file);
    }

    private FileModel Rendered(FileModel model, PasteFile file)
    {
        if (file.Content.Length > _renderedLeft)
            return WithText(model, file, _words.Fill("paste.unrendered", ("size", _words.Size(Limits.MaxRenderedBytes))));
        _renderedLeft -= file.Content.Length;
        return MarkdownHtml.Render(file.Content.Span, new MarkdownAddress(LinkOf, PictureOf), _words) is { } html
            ? model with { Rendered = html }
            : WithText(model, file, _words["paste.nested"]);
    }

    private string? LinkOf(string name) => _paste.Files.Any(file => file.Name == name) ? site.Links.File(_code, name) : null;

    private string? PictureOf(string name) => _paste.Files.Any(file => file.Name == name && file.IsImage) ? site.Links.File(_code, name) : null;

    private FileModel WithText(FileModel model, PasteFile file, string? remark = null)
    {
        var shown = file.Content.Span[..ShownLength(file.Content.Span, _bytesLeft)];
        _bytesLeft -= shown.Length;
        var isNumbered = _view == View.NumberedPage;
        var lines = TextHtml.CountLines(shown);
        var numbered = isNumbered && lines <= _numbersLeft ? lines : 0;
        _numbersLeft -= numbered;
        var html = numbered > 0 ? TextHtml.Numbered(shown, model.Number == 1 ? "L" : $"F{model.Number}L") : TextHtml.Plain(shown);
        return model with
        {
            Text = html,
            Language = languages.Of(file) is { } language ? (language.IsHighlighted ? language : Languages.Text).Id : null,
            NumberedLines = numbered,
            Remarks = [.. remark is null ? [] : new[] { remark }, .. Remarks(file, shown.Length, isNumbered && lines > numbered, html)],
        };
    }

    private IEnumerable<string> Remarks(PasteFile file, int shownBytes, bool lacksNumbers, EscapedText html)
    {
        if (shownBytes < file.Content.Length)
            yield return _words.Fill("paste.cut", ("shown", _words.Size(shownBytes)), ("size", _words.Size(file.Content.Length)));
        if (lacksNumbers) yield return _words.Fill("paste.unnumbered", ("lines", Limits.MaxNumberedLines.ToString(CultureInfo.InvariantCulture)));
        if (TextHtml.HasMarks(html))
            yield return _words["paste.marks"];
    }

    /// <summary>Whole lines, as many as there is room for; of a line that is longer than that, whole characters.</summary>
    private static int ShownLength(ReadOnlySpan<byte> text, int room)
    {
        if (text.Length <= room) return text.Length;
        if (text[..room].LastIndexOf((byte)'\n') is >= 0 and var end) return end + 1;
        while (room > 0 && (text[room] & 0xC0) == 0x80) room--;
        return room;
    }
}
