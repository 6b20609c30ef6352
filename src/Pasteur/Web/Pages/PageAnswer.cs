using System.Security.Cryptography;
using Pasteur.Pastes;
using Pasteur.Web.Answers;
using Pasteur.Web.Guards;
using Pasteur.Web.Negotiation;
using RazorSlices;

namespace Pasteur.Web.Pages;

/// <summary>Answers with a page that depends on the request, and so is made each time.</summary>
internal static class PageAnswer
{
    /// <summary>What must not stay in any cache.</summary>
    public static async Task WriteUnkeptAsync(HttpContext context, RazorSlice page)
    {
        context.Response.Headers.CacheControl = CachePolicy.Never;
        context.Response.ContentType = PageRenderer.ContentType;
        var html = await PageRenderer.RenderAsync(page).ConfigureAwait(false);
        await context.Response.Body.WriteAsync(html, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>What shows something of a paste: kept by nobody when it ends.</summary>
    public static Task WriteAsync(HttpContext context, RazorSlice page, Paste paste) =>
        paste.Expires is null ? WriteAsync(context, page) : WriteUnkeptAsync(context, page);

    public static async Task WriteAsync(HttpContext context, RazorSlice page)
    {
        var html = await PageRenderer.RenderAsync(page).ConfigureAwait(false);
        var coding = Compressor.Worthwhile(AcceptEncodingHeader.Best(context.Request), html.Length);
        var tag = Convert.ToHexStringLower(SHA256.HashData(html).AsSpan(0, 8));
        var answer = new PreparedAnswer(tag, Compressor.Compress(html, coding), coding)
        {
            ContentType = PageRenderer.ContentType,
            CacheControl = CachePolicy.Revalidate,
            Vary = SecurityHeaders.VaryByLanguage,
        };
        await answer.WriteAsync(context).ConfigureAwait(false);
    }
}
