using Pasteur.Pastes;
using Pasteur.Web.Answers;
using Pasteur.Web.Pages;

namespace Pasteur.Web.Reading;

/// <summary>Says what stands on the page of a paste.</summary>
internal static class PastePageMaker
{
    public static PastePageModel Make(SiteContext site, ShownPaste shown)
    {
        var (paste, key, frame) = shown;
        var single = paste.Files.Count == 1 ? paste.Files[0] : null;
        var said = Languages.Find(key.Part ?? paste.Language);
        var languages = new FileLanguages(paste, said);
        var language = single is null ? said : languages.Of(single);
        // With the revision, when one was asked for.
        var link = site.Links.Paste(key.Code);
        var isNumbered = key.View == View.NumberedPage;
        var isRendered = key.View == View.RenderedPage;
        return new PastePageModel(frame)
        {
            Heading = single?.Name ?? shown.Words.Count("paste.files", paste.Files.Count),
            Language = single?.IsText == false ? null : language?.Label,
            Summary = single is null ? shown.Words.Size(paste.Size) : FileModels.Summary(single, shown.Words),
            Author = paste.Author,
            Created = paste.Created?.ToUniversalTime(),
            Expires = paste.Expires,
            Comment = paste.Comment,
            IsNumbered = isNumbered,
            OtherNumbering = frame.Keep(link + (isNumbered ? "" : "?ln=true")),
            IsRendered = isRendered,
            OtherRendering = languages.AreAnyMarkdown ? frame.Keep(link + (isRendered ? "" : "?rendered=true")) : null,
            Archive = site.Links.Archive(key.Code),
            Edit = paste.OwnerTokenHash is null || paste.Newest is not null || site.Settings.IsReadOnly ? null : frame.To($"/edit/{paste.Code}"),
            Report = frame.Keep(site.Links.Report(paste.Code)),
            Origin = paste.Origin is { } origin ? new PasteLinkModel(origin, frame.Keep(site.Links.Paste(origin))) : null,
            History = HistoryMaker.Make(site, paste, frame),
            EditAsNew = single?.IsText == true && !site.Settings.IsReadOnly ? frame.To($"/?from={key.Code}") : null,
            Files = new FileModels(site, shown, languages).Make(),
        };
    }
}
