using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Pasteur.Pastes;
using Pasteur.Web.Answers;
using Pasteur.Web.Creating;
using Pasteur.Web.Errors;
using Pasteur.Web.Requests;
using Pasteur.Web.Wording;

namespace Pasteur.Web.Haste;

/// <summary>
/// The protocol of haste-server, word for word, for the clients that people have:
/// <code>
/// POST /documents        raw body, or multipart with a field "data"    → 200 {"key": …}
/// GET  /documents/{key}  what follows a dot is ignored                 → 200 {"data": …, "key": …}
/// GET  /raw/{key}                                                      → 200 the text
/// errors: {"message": …}, 400 for a document that is too long, 404 for one that isn't there
/// </code>
/// curl sends the type of a form with a raw body; haste-server never looked at it, and neither does this.
/// </summary>
internal sealed class HasteDocuments(SiteContext site)
{
    public const string NotFound = "Document not found.";
    private const string TooLong = "Document exceeds maximum length.";
    private const string Failed = "Error adding document.";

    public async Task PostAsync(HttpContext context)
    {
        var isMultipart = MultipartForm.Boundary(context.Request.ContentType) is not null;
        var incoming = isMultipart
            ? await site.Incoming.ReadAsync(context).ConfigureAwait(false)
            : await site.Incoming.ReadBareAsync(context, name: null).ConfigureAwait(false);
        switch (incoming)
        {
            case Incoming.Accepted accepted:
                using (accepted)
                {
                    await StoreAsync(context, accepted.Form.ToPaste()).ConfigureAwait(false);
                }
                return;
            case Incoming.Refused { Kind: ErrorKind.TooLarge }:
                await WriteMessageAsync(context, StatusCodes.Status400BadRequest, TooLong).ConfigureAwait(false);
                return;
            case Incoming.Refused refused:
                var meaning = ErrorMeaning.Of(refused.Kind);
                var said = refused.Detail is { } detail ? detail(Words.English) : meaning.Detail(Words.English);
                await WriteMessageAsync(context, meaning.Status, said).ConfigureAwait(false);
                return;
            default:
                throw new UnreachableException();
        }
    }

    public async Task GetAsync(HttpContext context)
    {
        var code = PasteTarget.Of(context).Code;
        if (await site.FindAsync(code, context.RequestAborted).ConfigureAwait(false) is not { } paste)
        {
            await MissAsync(context, site.Missing(code)).ConfigureAwait(false);
            return;
        }
        context.Response.Headers.CacheControl = CachePolicy.For(paste, CachePolicy.Revalidate);
        await WriteAsync(context, ("data", Encoding.UTF8.GetString(paste.Files[0].Content.Span)), ("key", code)).ConfigureAwait(false);
    }

    public static Task MissAsync(HttpContext context, ErrorKind kind)
    {
        var meaning = ErrorMeaning.Of(kind);
        return WriteMessageAsync(context, meaning.Status, kind is ErrorKind.Withheld or ErrorKind.Burns or ErrorKind.Burnt ? meaning.Detail(Words.English) : NotFound);
    }

    /// <summary>haste-server's way to say that something went wrong.</summary>
    public static Task WriteMessageAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = CachePolicy.Never;
        return WriteAsync(context, ("message", message));
    }

    private async Task StoreAsync(HttpContext context, NewPaste paste)
    {
        switch (await site.StoreAsync(paste, context.RequestAborted).ConfigureAwait(false))
        {
            case CreateOutcome.Created created:
                CreatedAnswers.TellToken(context, created.Token);
                CreatedAnswers.TellExpiry(context, created.Expires);
                context.Response.Headers.CacheControl = CachePolicy.Never;
                await WriteAsync(context, ("key", created.Id.ToString())).ConfigureAwait(false);
                return;
            case CreateOutcome.Undecided undecided:
                await WriteMessageAsync(context, ErrorMeaning.Of(ErrorKind.Undecided).Status, ErrorMeaning.Undecided(Words.English, undecided.Reason)).ConfigureAwait(false);
                return;
            case CreateOutcome.Full:
                await WriteMessageAsync(context, ErrorMeaning.Of(ErrorKind.Full).Status, ErrorMeaning.Of(ErrorKind.Full).Detail(Words.English)).ConfigureAwait(false);
                return;
            case CreateOutcome.Blocked:
                await WriteMessageAsync(context, ErrorMeaning.Of(ErrorKind.Blocked).Status, ErrorMeaning.Of(ErrorKind.Blocked).Detail(Words.English)).ConfigureAwait(false);
                return;
            default:
                await WriteMessageAsync(context, StatusCodes.Status503ServiceUnavailable, Failed).ConfigureAwait(false);
                return;
        }
    }

    private static Task WriteAsync(HttpContext context, params ReadOnlySpan<(string Name, string Value)> members)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            foreach (var (name, value) in members) json.WriteString(name, value);
            json.WriteEndObject();
        }
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(bytes.WrittenMemory, context.RequestAborted).AsTask();
    }
}
