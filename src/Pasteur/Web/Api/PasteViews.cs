using System.Text;
using System.Text.Json;
using Pasteur.Pastes;
using Pasteur.Web.Answers;

namespace Pasteur.Web.Api;

/// <summary>Makes of a paste what programs are told of it.</summary>
internal static class PasteViews
{
    /// <param name="hasContent">With what is in its files.</param>
    public static PasteView Of(SiteContext site, HttpContext context, Paste paste, bool hasContent = true)
    {
        var code = paste.Newest is null ? paste.Code : $"{paste.Code}@{paste.Revision.Number}";
        return new PasteView(
            paste.Code,
            Links.Absolute(context, site.Links.Paste(code)),
            paste.Created,
            paste.Author,
            paste.Comment,
            paste.Language,
            paste.EnvelopeVersion is { } version ? $"v{version}" : null,
            paste.Revision.Number,
            paste.Edited,
            paste.Tag,
            paste.Origin,
            [.. paste.Files.Select(file => new FileView(
                file.Name,
                file.Content.Length,
                file.MediaType,
                Links.Absolute(context, site.Links.File(code, file.Name)),
                hasContent && file.IsText ? Encoding.UTF8.GetString(file.Content.Span) : null,
                !hasContent || file.IsText ? null : Convert.ToBase64String(file.Content.Span)))])
        {
            Expires = paste.Expires,
            InHistory = paste.InHistory,
            Reads = paste.Burns?.Reads,
            ReadsLeft = paste.Burns?.Left,
        };
    }

    /// <summary>What must not stay in any cache.</summary>
    public static Task WriteUnkeptAsync(HttpContext context, PasteView view)
    {
        context.Response.Headers.CacheControl = CachePolicy.Never;
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(view, ApiJson.Default.PasteView), context.RequestAborted).AsTask();
    }

    /// <summary>Of one that burns, what may be known before it is opened: nothing that anybody wrote.</summary>
    public static PasteView Unopened(SiteContext site, HttpContext context, Paste paste) => Of(site, context, paste, hasContent: false) with
    {
        Author = null, Comment = null, Language = null, Tag = "", Origin = null, Files = [],
    };
}
