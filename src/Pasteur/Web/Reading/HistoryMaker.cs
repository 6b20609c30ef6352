using System.Globalization;
using Pasteur.Pastes;
using Pasteur.Web.Pages;

namespace Pasteur.Web.Reading;

/// <summary>Says what stands on the page of a paste of its revisions.</summary>
internal static class HistoryMaker
{
    /// <summary>Null when there is only the first.</summary>
    public static HistoryModel? Make(SiteContext site, Paste paste, Frame frame)
    {
        var newest = (paste.Newest ?? paste).Revision.Number;
        if (newest == 1) return null;
        var shown = paste.Revision.Number;
        var isOlder = shown < newest;
        var since = string.Create(CultureInfo.InvariantCulture, $"{site.Links.Comparison(paste.Code)}?from={shown}&to={newest}");
        return new HistoryModel(shown, newest, frame.Keep(site.Links.Revisions(paste.Code)))
        {
            Edited = paste.Edited?.ToUniversalTime(),
            Newest = isOlder ? frame.Keep(site.Links.Paste(paste.Code)) : null,
            Since = isOlder && !SealedPageMaker.IsSealed(paste) ? frame.Keep(since) : null,
        };
    }
}
