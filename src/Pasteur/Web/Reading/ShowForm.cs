using Pasteur.Web.Pages;

namespace Pasteur.Web.Reading;

/// <summary>GET /, and with <c>?from=ID</c>, the text of that paste is the start of a new one.</summary>
internal sealed class ShowForm(SiteContext site)
{
    public async Task GetAsync(HttpContext context)
    {
        var from = context.Request.QueryString.HasValue ? context.Request.Query["from"].ToString() : "";
        var source = from.Length == 0 ? null : await site.FindAsync(from, context.RequestAborted).ConfigureAwait(false);
        if (source is null && from.Length > 0) site.Clients.AddMiss(context.Connection.RemoteIpAddress);
        var draft = source?.Files is [{ IsText: true } file]
            ? new FormDraft { Text = TextHtml.ForTextArea(file.Content.Span), Language = source.Language, Origin = source.Code }
            : FormDraft.Empty;
        await PageAnswer.WriteAsync(context, FormPage.Create(site.Form.Make(context, draft))).ConfigureAwait(false);
    }
}
