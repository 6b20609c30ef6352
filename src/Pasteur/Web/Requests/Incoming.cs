using System.Diagnostics;
using Pasteur.Configuration;
using Pasteur.Limiting;
using Pasteur.Web.Errors;
using Pasteur.Web.Negotiation;
using Pasteur.Web.Pages;
using Pasteur.Web.Wording;

namespace Pasteur.Web.Requests;

/// <summary>What a request that wants to paste brought.</summary>
internal abstract record Incoming
{
    private Incoming() { }

    /// <summary>A paste to be stored. Its files are slices of the body, which is to be disposed once it is stored.</summary>
    public sealed record Accepted(PasteForm Form, RequestBody Body) : Incoming, IDisposable
    {
        public void Dispose() => Body.Dispose();
    }

    /// <param name="Draft">What a browser sent, to be shown again: nobody should have to type it twice.</param>
    public sealed record Refused(ErrorKind Kind, Phrase? Detail = null, FormDraft? Draft = null) : Incoming
    {
        /// <summary>What it was read into: the texts in it are copies, as the body is gone.</summary>
        public PasteForm? Form { get; init; }
    }
}

/// <summary>Reads requests that want to paste, within bounds: forms of both encodings, and bodies that are the bare text.</summary>
internal sealed class IncomingReader(FormRules rules, MemoryBudget budget, ClientLimits clients)
{
    /// <summary>POST /: a form when it is one, else the bare text.</summary>
    public ValueTask<Incoming> ReadAsync(HttpContext context, FormPurpose purpose = FormPurpose.NewPaste)
    {
        var contentType = context.Request.ContentType;
        if (HasType(contentType, "multipart/form-data"))
            return ReadAsync(context, (FormLimit, purpose), (body, form) => ReadMultipart(contentType, body, form));
        if (HasType(contentType, "application/x-www-form-urlencoded"))
            return ReadAsync(context, (FormLimit, purpose), (body, form) => ReadUrlEncoded(context, body, form));
        return ReadBareAsync(context, name: null, purpose);
    }

    /// <summary>PUT, and the haste protocol: the bare text, whatever its type is said to be.</summary>
    public ValueTask<Incoming> ReadBareAsync(HttpContext context, string? name, FormPurpose purpose = FormPurpose.NewPaste) =>
        ReadAsync(context, (rules.MaxPasteBytes, purpose), (body, form) => AddBare(context, name, body, form));

    /// <summary>A body in a notation of its own, which <paramref name="parse"/> knows.</summary>
    public ValueTask<Incoming> ReadJsonAsync(HttpContext context, Action<ReadOnlySpan<byte>, PasteForm> parse, FormPurpose purpose = FormPurpose.NewPaste) =>
        ReadAsync(context, (FormLimit, purpose), (body, form) => parse(body.Bytes.Span, form));

    private long FormLimit => Limits.MaxRequestBodyBytes(rules.MaxPasteBytes);

    private async ValueTask<Incoming> ReadAsync(HttpContext context, (long MaxBytes, FormPurpose Purpose) expected, Action<RequestBody, PasteForm> read)
    {
        switch (await RequestBody.ReadAsync(context, expected.MaxBytes, budget).ConfigureAwait(false))
        {
            case BodyOutcome.Whole(var body):
                clients.AddBytes(context.Connection.RemoteIpAddress, body.Bytes.Length);
                return Parse(body, new PasteForm(rules, LineEndsOf(context.Request), expected.Purpose), read);
            case BodyOutcome.TooLong:
                return new Incoming.Refused(ErrorKind.TooLarge, PasteForm.TooLarge(rules.MaxPasteBytes));
            case BodyOutcome.Stopped:
                return new Incoming.Refused(ErrorKind.TooSlow);
            case BodyOutcome.Busy:
                return new Incoming.Refused(ErrorKind.Busy);
            default:
                throw new UnreachableException();
        }
    }

    private static Incoming Parse(RequestBody body, PasteForm form, Action<RequestBody, PasteForm> read)
    {
        var isAccepted = false;
        try
        {
            read(body, form);
            form.Complete();
            isAccepted = form.Problem is null;
            if (isAccepted) return new Incoming.Accepted(form, body);
            form.Detach();
            return new Incoming.Refused(form.Problem!.Kind, form.Problem.Detail, form.ToDraft()) { Form = form };
        }
        finally
        {
            if (!isAccepted) body.Dispose();
        }
    }

    private static bool HasType(string? contentType, string mediaType) =>
        contentType is not null && contentType.StartsWith(mediaType, StringComparison.OrdinalIgnoreCase) &&
        (contentType.Length == mediaType.Length || contentType[mediaType.Length] is ';' or ' ');

    private static void ReadMultipart(string? contentType, RequestBody body, PasteForm form)
    {
        if (MultipartForm.Boundary(contentType) is { } boundary) MultipartForm.Read(body.Bytes, boundary, form);
        else form.Refuse(words => words["refused.no-boundary"]);
    }

    private static void ReadUrlEncoded(HttpContext context, RequestBody body, PasteForm form)
    {
        if (UrlEncodedForm.LooksLikeForm(body.Bytes.Span)) UrlEncodedForm.Read(body.Bytes, form);
        else AddBare(context, name: null, body, form);
    }

    /// <summary>With a bare body the options of a form may stand in the address: PUT /a.ml?hl=ocaml&amp;comment=…</summary>
    private static void AddBare(HttpContext context, string? name, RequestBody body, PasteForm form)
    {
        foreach (var (key, values) in context.Request.Query)
        {
            foreach (var value in values) form.AddOption(key, value ?? "");
        }
        form.AddFile(name, body.Bytes);
    }

    private static LineEnds LineEndsOf(HttpRequest request) =>
        AcceptHeader.Form(request) == AnswerForm.Page ? LineEnds.OfBrowserForm : LineEnds.AsSent;
}
