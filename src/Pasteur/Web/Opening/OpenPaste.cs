using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Pasteur.Configuration;
using Pasteur.Pastes;
using Pasteur.Web.Answers;
using Pasteur.Web.Api;
using Pasteur.Web.Errors;
using Pasteur.Web.Guards;
using Pasteur.Web.Negotiation;
using Pasteur.Web.Owning;
using Pasteur.Web.Pages;
using Pasteur.Web.Reading;
using Pasteur.Web.Requests;

namespace Pasteur.Web.Opening;

/// <summary>Opens pastes that burn. Only by POST: what fetches addresses by itself sends none.</summary>
internal sealed class OpenPaste(SiteContext site, EditPaste edit)
{
    /// <summary>GET /open/{id}: where a browser is after it has opened one. Loaded anew, it leads back to the paste.</summary>
    public Task GetAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.CacheControl = CachePolicy.Never;
        context.Response.Headers.Location = site.Frames.Of(context.Request).Keep(site.Links.Paste(Uri.EscapeDataString(CodeOf(context))));
        return Task.CompletedTask;
    }

    /// <summary>POST /{id}: an edit, or without a body, as <c>curl -X POST</c> sends it, the wish to open it.</summary>
    public Task PostAsync(HttpContext context) => IsWithoutBody(context) ? OpenAsync(context, null, AcceptHeader.Form(context.Request)) : edit.PostAsync(context);

    /// <summary>POST /open/{id}, with a field "proof" when it is encrypted.</summary>
    public async Task PostFormAsync(HttpContext context)
    {
        if (await SmallForm.ReadAsync(context).ConfigureAwait(false) is { } form) await OpenAsync(context, form["proof"], AcceptHeader.Form(context.Request)).ConfigureAwait(false);
        else await site.Errors.AnswerAsync(context, ErrorKind.TooLarge).ConfigureAwait(false);
    }

    /// <summary>POST /api/v1/pastes/{id}/open, with <c>{"proof": …}</c> when it is encrypted.</summary>
    public async Task PostJsonAsync(HttpContext context)
    {
        if (IsWithoutBody(context)) await OpenAsync(context, null, AnswerForm.Json).ConfigureAwait(false);
        else if (!context.Request.HasJsonContentType()) await site.Errors.AnswerAsync(context, ErrorKind.UnsupportedMedia).ConfigureAwait(false);
        else if (await SmallForm.ReadBytesAsync(context).ConfigureAwait(false) is not { } body) await site.Errors.AnswerAsync(context, ErrorKind.TooLarge).ConfigureAwait(false);
        else if (NewPasteReader.TryParse(body, out var json)) await OpenAsync(context, json.Proof, AnswerForm.Json).ConfigureAwait(false);
        else await site.Errors.AnswerAsync(context, ErrorKind.Malformed).ConfigureAwait(false);
    }

    private static string CodeOf(HttpContext context) => (string)context.GetRouteValue("id")!;

    // Over HTTP/2 a body need not announce itself.
    private static bool IsWithoutBody(HttpContext context) => context.Request.ContentLength == 0 || context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false };

    private async Task OpenAsync(HttpContext context, string? proof, AnswerForm form)
    {
        var code = CodeOf(context);
        if (await site.Pastes.FindAnyAsync(code, context.RequestAborted).ConfigureAwait(false) is { Burns: not null } paste && WhyNotOpened(paste, form) is { } error)
        {
            await site.Errors.AnswerAsync(context, error).ConfigureAwait(false);
            return;
        }
        var outcome = await site.Pastes.OpenAsync(code, proof, context.RequestAborted).ConfigureAwait(false);
        await (outcome switch
        {
            OpenOutcome.Opened opened => AnswerAsync(context, opened, form),
            OpenOutcome.NotThere => site.Errors.AnswerAsync(context, await KindOfMissingAsync(context, code).ConfigureAwait(false)),
            OpenOutcome.WrongProof => site.Errors.AnswerAsync(context, ErrorKind.WrongProof),
            OpenOutcome.Busy => site.Errors.AnswerAsync(context, ErrorKind.Busy, words => words["error.busy.open"]),
            OpenOutcome.Unavailable => site.Errors.AnswerAsync(context, ErrorKind.Unavailable, words => words["error.unavailable.open"]),
            OpenOutcome.Undecided undecided => site.Errors.AnswerAsync(context, ErrorKind.Undecided, words => words.Fill("error.undecided.open", ("reason", undecided.Reason))),
            _ => throw new UnreachableException(),
        }).ConfigureAwait(false);
    }

    // Of a page: it could not show what is encrypted, which the script of the page that asks opens.
    private SiteError? WhyNotOpened(Paste paste, AnswerForm form) =>
        site.IsWithheld(paste) ? new SiteError(ErrorKind.Withheld)
        : form == AnswerForm.Page && SealedPageMaker.IsSealed(paste) ? new SiteError(ErrorKind.Burns) { Detail = words => words["error.burns.sealed"] }
        : null;

    // A paste that is there and does not burn is opened by GET.
    private async ValueTask<ErrorKind> KindOfMissingAsync(HttpContext context, string code) =>
        await site.Pastes.FindAsync(code, context.RequestAborted).ConfigureAwait(false) is not null ? ErrorKind.MethodNotAllowed : site.Missing(code) is ErrorKind.Burns ? ErrorKind.Busy : site.Missing(code);

    private Task AnswerAsync(HttpContext context, OpenOutcome.Opened opened, AnswerForm form)
    {
        var (paste, left) = opened;
        context.Response.Headers.CacheControl = CachePolicy.Never;
        context.Response.Headers["X-Reads-Left"] = left.ToString(CultureInfo.InvariantCulture);
        if (form == AnswerForm.Page) return WritePageAsync(context, opened);
        // A client that takes one body gets all files of several only so.
        if (form == AnswerForm.Json || paste.Files.Count > 1) return PasteViews.WriteUnkeptAsync(context, PasteViews.Of(site, context, paste) with { ReadsLeft = left });
        var file = paste.Files[0];
        SecurityHeaders.Sandbox(context.Response.Headers);
        context.Response.ContentType = file.IsText ? "text/plain; charset=utf-8" : file.MediaType;
        context.Response.Headers.ContentDisposition = ServeRaw.Disposition(file, isDownload: false);
        context.Response.ContentLength = file.Content.Length;
        return context.Response.Body.WriteAsync(file.Content, context.RequestAborted).AsTask();
    }

    private Task WritePageAsync(HttpContext context, OpenOutcome.Opened opened)
    {
        var paste = opened.Paste;
        var frame = site.Frames.Of(context.Request);
        var key = new AnswerKey(View.Page, paste.Code, null, ContentCoding.None, frame.Version, site.Lists.BlockedVersion);
        var model = PastePageMaker.Make(site, new ShownPaste(paste, key, frame));
        SecurityHeaders.AllowPicturesInside(context.Response.Headers);
        return PageAnswer.WriteUnkeptAsync(context, PastePage.Create(model with
        {
            Opened = opened.Left == 0 ? frame.Words["opened.left.none"] : frame.Words.Count("opened.left", opened.Left),
            Edit = null,
            EditAsNew = null,
            History = null,
            OtherRendering = null,
            Files = [.. model.Files.Select((file, i) => WithBytes(file, paste.Files[i]))],
        }));
    }

    // No address will give the bytes out again: they are in the page.
    private static FileModel WithBytes(FileModel model, PasteFile file)
    {
        var data = $"data:{(file.IsImage ? file.MediaType : "application/octet-stream")};base64,{Convert.ToBase64String(file.Content.Span)}";
        return model with { Raw = null, Download = data, Image = file.IsImage ? data : null };
    }
}
