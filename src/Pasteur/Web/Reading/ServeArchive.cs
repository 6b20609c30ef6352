using System.Formats.Tar;
using System.IO.Compression;
using Pasteur.Pastes;
using Pasteur.Web.Answers;
using Pasteur.Web.Errors;
using Pasteur.Web.Guards;
using Pasteur.Web.Requests;

namespace Pasteur.Web.Reading;

/// <summary>GET /{id}.zip and /{id}.tar: all files, under the names that are safe on any disk. Written as it is sent.</summary>
internal sealed class ServeArchive(SiteContext site)
{
    public static bool IsArchive(string? ending) => ending is "zip" or "tar";

    public async Task GetAsync(HttpContext context, PasteTarget target)
    {
        if (await site.Pastes.FindAsync(target.Code, context.RequestAborted).ConfigureAwait(false) is not { } paste)
        {
            await site.Errors.AnswerAsync(context, ErrorKind.NotFound).ConfigureAwait(false);
            return;
        }
        var headers = context.Response.Headers;
        var tag = EntityTag.Of($"{paste.Tag[..20]}-{target.Ending}", ContentCoding.None);
        headers.ETag = tag;
        headers.CacheControl = CachePolicy.Revalidate;
        SecurityHeaders.Sandbox(headers);
        if (EntityTag.IsKnown(context.Request.Headers.IfNoneMatch, tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        headers.ContentType = target.Ending == "zip" ? "application/zip" : "application/x-tar";
        headers.ContentDisposition = $"attachment; filename=\"{paste.Code}.{target.Ending}\"";
        if (HttpMethods.IsHead(context.Request.Method)) return;
        if (target.Ending == "zip") await WriteZipAsync(paste, context.Response.Body, context.RequestAborted).ConfigureAwait(false);
        else await WriteTarAsync(paste, context.Response.Body, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Both formats want a time for each file; a paste without one gets the earliest that zip can say.</summary>
    private static DateTimeOffset TimeOf(Paste paste) =>
        paste.Created is { Year: >= 1980 and < 2107 } created ? created.ToUniversalTime() : new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static async Task WriteZipAsync(Paste paste, Stream output, CancellationToken cancellationToken)
    {
        var zip = await ZipArchive.CreateAsync(output, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken).ConfigureAwait(false);
        await using (zip.ConfigureAwait(false))
        {
            foreach (var file in paste.Files)
            {
                var entry = zip.CreateEntry($"{paste.Code}/{file.StoredName}", CompressionLevel.Fastest);
                entry.LastWriteTime = TimeOf(paste);
                var content = await entry.OpenAsync(cancellationToken).ConfigureAwait(false);
                await using (content.ConfigureAwait(false))
                {
                    await content.WriteAsync(file.Content, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    private static async Task WriteTarAsync(Paste paste, Stream output, CancellationToken cancellationToken)
    {
        var tar = new TarWriter(output, TarEntryFormat.Pax, leaveOpen: true);
        await using (tar.ConfigureAwait(false))
        {
            foreach (var file in paste.Files)
            {
                var entry = new PaxTarEntry(TarEntryType.RegularFile, $"{paste.Code}/{file.StoredName}")
                {
                    ModificationTime = TimeOf(paste),
                    Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
                    DataStream = new MemoryStream(file.Content.ToArray(), writable: false),
                };
                await tar.WriteEntryAsync(entry, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
