using Pasteur.Configuration;
using Pasteur.Pastes;
using Pasteur.Web.Answers;
using Pasteur.Web.Pages;

namespace Pasteur.Web.Reading;

/// <summary>Says what stands on the page of a paste.</summary>
internal static class PastePageMaker
{
    public static PastePageModel Make(SiteContext site, Paste paste, in AnswerKey key)
    {
        var isNumbered = key.View == View.NumberedPage;
        var single = paste.Files.Count == 1 ? paste.Files[0] : null;
        var language = Languages.Find(key.Part ?? paste.Language) ?? (single is null ? null : Languages.OfFile(single.Name));
        return new PastePageModel(site.Frame)
        {
            Heading = single?.Name ?? $"{paste.Files.Count} files",
            Language = single?.IsText == false ? null : language?.Label,
            Summary = single is null ? ByteCount.Text(paste.Size) : Summary(single),
            Author = paste.Author,
            Created = paste.Created?.ToUniversalTime(),
            Comment = paste.Comment,
            IsNumbered = isNumbered,
            OtherNumbering = site.Links.Paste(paste.Code) + (isNumbered ? "" : "?ln=true"),
            Archive = site.Links.Archive(paste.Code),
            EditAsNew = single?.IsText == true ? $"{site.Frame.BasePath}/?from={paste.Code}" : null,
            Files = Files(site, paste, isNumbered),
        };
    }

    private static FileModel[] Files(SiteContext site, Paste paste, bool isNumbered)
    {
        var models = new FileModel[paste.Files.Count];
        var room = Limits.MaxShownBytes;
        var numbers = Limits.MaxNumberedLines;
        for (var i = 0; i < models.Length; i++)
        {
            var file = paste.Files[i];
            var link = site.Links.File(paste.Code, file.Name);
            var model = new FileModel(i + 1, file.Name)
            {
                Summary = Summary(file),
                Raw = models.Length == 1 ? site.Links.Raw(paste.Code) : link,
                Download = link + "?download=true",
                Image = file.IsImage ? link : null,
            };
            models[i] = file.IsText ? WithText(model, file, isNumbered, ref room, ref numbers) : model;
        }
        return models;
    }

    /// <param name="room">How many bytes the page has left to show.</param>
    /// <param name="numbers">How many lines it has left to number.</param>
    private static FileModel WithText(FileModel model, PasteFile file, bool isNumbered, ref int room, ref int numbers)
    {
        var shown = file.Content.Span[..ShownLength(file.Content.Span, room)];
        room -= shown.Length;
        var lines = TextHtml.CountLines(shown);
        var numbered = isNumbered && lines <= numbers ? lines : 0;
        numbers -= numbered;
        var html = numbered > 0 ? TextHtml.Numbered(shown, model.Number == 1 ? "L" : $"F{model.Number}L") : TextHtml.Plain(shown);
        return model with { Text = html, NumberedLines = numbered, Remarks = [.. Remarks(file, shown.Length, isNumbered && lines > numbered, html)] };
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

    private static string Summary(PasteFile file)
    {
        var size = ByteCount.Text(file.Content.Length);
        if (!file.IsText) return file.IsImage ? $"{file.MediaType["image/".Length..].ToUpperInvariant()} image, {size}" : $"binary, {size}";
        return TextHtml.CountLines(file.Content.Span) switch
        {
            1 => $"1 line, {size}",
            var lines => $"{lines} lines, {size}",
        };
    }
}
