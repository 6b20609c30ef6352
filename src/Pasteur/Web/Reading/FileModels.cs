using Pasteur.Configuration;
using Pasteur.Pastes;
using Pasteur.Web.Answers;
using Pasteur.Web.Pages;

namespace Pasteur.Web.Reading;

/// <summary>Says what stands on a paste's page of each file. All files together have a limit on what is shown, numbered and rendered.</summary>
internal sealed class FileModels(SiteContext site, Paste paste, View view, FileLanguages languages)
{
    private int _bytesLeft = Limits.MaxShownBytes;
    private int _numbersLeft = Limits.MaxNumberedLines;
    private int _renderedLeft = Limits.MaxRenderedBytes;

    public static string Summary(PasteFile file)
    {
        var size = ByteCount.Text(file.Content.Length);
        if (!file.IsText) return file.IsImage ? $"{file.MediaType["image/".Length..].ToUpperInvariant()} image, {size}" : $"binary, {size}";
        return TextHtml.CountLines(file.Content.Span) switch
        {
            1 => $"1 line, {size}",
            var lines => $"{lines} lines, {size}",
        };
    }

    public FileModel[] Make() => [.. paste.Files.Select(Make)];

    private FileModel Make(PasteFile file, int index)
    {
        var link = site.Links.File(paste.Code, file.Name);
        var model = new FileModel(index + 1, file.Name)
        {
            Summary = Summary(file),
            Raw = paste.Files.Count == 1 ? site.Links.Raw(paste.Code) : link,
            Download = link + "?download=true",
            Image = file.IsImage ? link : null,
        };
        if (!file.IsText) return model;
        return view == View.RenderedPage && languages.IsMarkdown(file) ? Rendered(model, file) : WithText(model, file);
    }

    private FileModel Rendered(FileModel model, PasteFile file)
    {
        if (file.Content.Length > _renderedLeft)
            return WithText(model, file, $"At most {ByteCount.Text(Limits.MaxRenderedBytes)} of Markdown are rendered: this is how it was written.");
        _renderedLeft -= file.Content.Length;
        return MarkdownHtml.Render(file.Content.Span, new MarkdownAddress(LinkOf, PictureOf)) is { } html
            ? model with { Rendered = html }
            : WithText(model, file, "This is nested too deeply to be rendered: this is how it was written.");
    }

    private string? LinkOf(string name) => paste.Files.Any(file => file.Name == name) ? site.Links.File(paste.Code, name) : null;

    private string? PictureOf(string name) => paste.Files.Any(file => file.Name == name && file.IsImage) ? site.Links.File(paste.Code, name) : null;

    private FileModel WithText(FileModel model, PasteFile file, string? remark = null)
    {
        var shown = file.Content.Span[..ShownLength(file.Content.Span, _bytesLeft)];
        _bytesLeft -= shown.Length;
        var isNumbered = view == View.NumberedPage;
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

    private static IEnumerable<string> Remarks(PasteFile file, int shownBytes, bool lacksNumbers, EscapedText html)
    {
        if (shownBytes < file.Content.Length)
            yield return $"{ByteCount.Text(shownBytes)} of {ByteCount.Text(file.Content.Length)} are shown. Raw and Download have it all.";
        if (lacksNumbers) yield return $"A page numbers at most {Limits.MaxNumberedLines} lines: these stand without.";
        if (TextHtml.HasMarks(html))
            yield return "\u2194 marks hidden characters that change the direction of text: elsewhere, this may read differently.";
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
