using Pasteur.Configuration;
using Pasteur.Pastes;
using Pasteur.Web.Pages;

namespace Pasteur.Web.Reading;

/// <summary>GET /, and with <c>?from=ID</c>, the text of that paste is the start of a new one.</summary>
internal sealed class ShowForm(SiteContext site)
{
    private static readonly (string Id, string Label)[] LanguageOptions = [.. Languages.All.Select(language => (language.Id, language.Label))];

    public async Task GetAsync(HttpContext context)
    {
        var from = context.Request.QueryString.HasValue ? context.Request.Query["from"].ToString() : "";
        var source = from.Length == 0 ? null : await site.Pastes.FindAsync(from, context.RequestAborted).ConfigureAwait(false);
        var text = source?.Files is [{ IsText: true } file] ? file : null;
        await PageAnswer.WriteAsync(context, FormPage.Create(new FormPageModel(site.Frame, Links.Absolute(context, site.Frame.BasePath + "/"))
        {
            MaxBytes = site.Settings.MaxPasteBytes,
            MaxSize = ByteCount.Text(site.Settings.MaxPasteBytes),
            MaxAuthorLength = Limits.MaxAuthorLength,
            MaxCommentLength = Limits.MaxCommentLength,
            Languages = LanguageOptions,
            Text = text is null ? default : TextHtml.Plain(text.Content.Span),
            Language = text is null ? null : source!.Language,
        })).ConfigureAwait(false);
    }
}
