using Pasteur.Web.Answers;
using Pasteur.Web.Errors;
using Pasteur.Web.Negotiation;

namespace Pasteur.Web.Reading;

/// <summary>GET /{id}.zip and /{id}.tar: all files of a paste.</summary>
internal sealed class ServeArchive(SiteContext site)
{
    /// <summary>The archive that an ending asks for; null when it asks for none.</summary>
    public static View? ViewOf(string? ending) => ending switch
    {
        "zip" => View.Zip,
        "tar" => View.Tar,
        _ => null,
    };

    public async Task GetAsync(HttpContext context, string code, View view)
    {
        var key = new AnswerKey(view, code, null, ContentCoding.None, null, site.Lists.BlockedVersion);
        if (site.Answers.Find(key, site.Pastes) is not { } answer)
        {
            if (await site.FindAsync(code, context.RequestAborted).ConfigureAwait(false) is not { } paste)
            {
                await site.Errors.AnswerAsync(context, site.Missing(code)).ConfigureAwait(false);
                return;
            }
            var isZip = view == View.Zip;
            answer = new PreparedAnswer($"{paste.Tag[..20]}-{view}", isZip ? ArchiveWriter.Zip(paste) : ArchiveWriter.Tar(paste), ContentCoding.None)
            {
                Source = paste,
                ContentType = isZip ? "application/zip" : "application/x-tar",
                CacheControl = CachePolicy.For(paste, CachePolicy.Revalidate),
                ContentDisposition = $"attachment; filename=\"{code}.{(isZip ? "zip" : "tar")}\"",
                IsSandboxed = true,
            };
            if (paste.Newest is null) site.Answers.Keep(key, answer);
        }
        await answer.WriteAsync(context).ConfigureAwait(false);
    }
}
