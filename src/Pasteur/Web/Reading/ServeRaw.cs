using Microsoft.Net.Http.Headers;
using Pasteur.Pastes;
using Pasteur.Web.Answers;
using Pasteur.Web.Errors;
using Pasteur.Web.Haste;
using Pasteur.Web.Negotiation;
using Pasteur.Web.Requests;

namespace Pasteur.Web.Reading;

/// <summary>
/// GET /raw/{id}: the bytes of a paste's first file; /{id}/{file}: those of any. Text is text/plain whatever it says, a few kinds of
/// picture are what their bytes show, all else is for saving; and all of it is sandboxed: nothing pasted runs on this origin.
/// </summary>
internal sealed class ServeRaw(SiteContext site)
{
    private readonly string _cacheControl = site.Settings.Auth is null ? CachePolicy.RawOfOpenSite : CachePolicy.RawOfClosedSite;

    /// <summary>GET /raw/{id}</summary>
    public Task GetAsync(HttpContext context) => GetAsync(context, PasteTarget.Of(context).Code);

    public Task GetAsync(HttpContext context, string code) =>
        GetAsync(context, new AnswerKey(View.Raw, code, null, AcceptEncodingHeader.Best(context.Request), null, site.Lists.BlockedVersion));

    /// <summary>GET /{id}/{file}</summary>
    public Task GetFileAsync(HttpContext context)
    {
        var isDownload = context.Request.QueryString.HasValue && context.Request.Query.TryGetValue("download", out var download) && Truth.Of(download);
        return GetAsync(context, new AnswerKey(
            isDownload ? View.Download : View.File,
            (string)context.GetRouteValue("id")!,
            (string)context.GetRouteValue("file")!,
            AcceptEncodingHeader.Best(context.Request),
            null,
            site.Lists.BlockedVersion));
    }

    private Task GetAsync(HttpContext context, in AnswerKey key) =>
        site.Answers.Find(key, site.Pastes) is { } answer ? answer.WriteAsync(context) : MakeAsync(context, key);

    private async Task MakeAsync(HttpContext context, AnswerKey key)
    {
        var paste = await site.FindAsync(key.Code, context.RequestAborted).ConfigureAwait(false);
        var file = key.Part is null ? paste?.Files[0] : paste?.Files.FirstOrDefault(file => file.Name == key.Part);
        if (paste is null || file is null)
        {
            await MissAsync(context, key.View, paste is null ? site.Missing(key.Code) : ErrorKind.NotFound).ConfigureAwait(false);
            return;
        }
        var coding = file.IsText ? Compressor.Worthwhile(key.Coding, file.Content.Length) : ContentCoding.None;
        var answer = new PreparedAnswer(file.Tag, Compressor.Compress(file.Content, coding), coding)
        {
            Source = paste,
            ContentType = file.IsText ? "text/plain; charset=utf-8" : file.MediaType,
            CacheControl = CachePolicy.For(paste, _cacheControl),
            ContentDisposition = Disposition(file, key.View == View.Download),
            IsSandboxed = true,
        };
        if (paste.Newest is null) site.Answers.Keep(key, answer);
        await answer.WriteAsync(context).ConfigureAwait(false);
    }

    /// <summary>/raw/{id} is haste's too, and its clients are told in its words.</summary>
    private Task MissAsync(HttpContext context, View view, ErrorKind kind) =>
        view == View.Raw && kind == ErrorKind.NotFound && AcceptHeader.Form(context.Request) == AnswerForm.Text
            ? HasteDocuments.MissAsync(context, kind)
            : site.Errors.AnswerAsync(context, kind);

    /// <summary>The name goes out as RFC 6266 says: plain ASCII for old clients, and RFC 8187 for what is more.</summary>
    public static string? Disposition(PasteFile file, bool isDownload)
    {
        if (!isDownload && (file.IsText || file.IsImage)) return null;
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(file.Name);
        return disposition.ToString();
    }
}
