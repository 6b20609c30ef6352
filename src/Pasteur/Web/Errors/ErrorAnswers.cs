using System.Globalization;
using System.Text.Json;
using Pasteur.Health;
using Pasteur.Web.Answers;
using Pasteur.Web.Guards;
using Pasteur.Web.Negotiation;
using Pasteur.Web.Pages;
using Pasteur.Web.Requests;
using Pasteur.Web.Wording;
using RazorSlices;

namespace Pasteur.Web.Errors;

/// <summary>
/// Answers what went wrong, in the form that the client takes: a page, problem details (RFC 9457), or a line of text. What it says
/// comes from this program's own words: never from an exception, and from a request or a remote nothing but what a page encodes.
/// </summary>
internal sealed class ErrorAnswers(Frames frames, FormPageMaker form, SiteMetrics metrics)
{
    /// <summary>What a request was answered with, if that was an error.</summary>
    public static ErrorKind? KindOf(HttpContext context) => context.Items.TryGetValue(typeof(ErrorKind), out var kind) ? (ErrorKind)kind! : null;

    /// <param name="draft">What a browser's form had in it: the page is then the form, with that in it still.</param>
    public Task AnswerAsync(HttpContext context, ErrorKind kind, Phrase? detail = null, FormDraft? draft = null) =>
        AnswerAsync(context, new SiteError(kind)
        {
            Detail = detail,
            Page = draft is null ? null : (_, refusal) => FormPage.Create(form.Make(context, draft, refusal)),
        });

    public Task AnswerAsync(HttpContext context, SiteError error)
    {
        var kind = error.Kind;
        var meaning = ErrorMeaning.Of(kind);
        context.Items[typeof(ErrorKind)] = kind;
        metrics.Refused(meaning.Word);
        var response = context.Response;
        response.StatusCode = meaning.Status;
        response.Headers.CacheControl = CachePolicy.Never;
        if ((error.RetryAfterSeconds ?? meaning.RetryAfterSeconds) is { } seconds) response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (kind == ErrorKind.Unauthorized) response.Headers.WWWAuthenticate = BasicAuthentication.Challenge;
        var answerForm = AcceptHeader.Form(context.Request);
        var frame = answerForm == AnswerForm.Page ? frames.Of(context.Request) : frames.Asked(context.Request) ?? frames.English;
        var title = meaning.Title(frame.Words);
        var said = error.Detail is null ? meaning.Detail(frame.Words) : error.Detail(frame.Words);
        return answerForm switch
        {
            AnswerForm.Page => WritePageAsync(context, error.Page is { } page ? page(frame, new FormRefusal(title, said)) : ErrorPage.Create(new ErrorPageModel(frame, title, said))),
            AnswerForm.Json => WriteProblemAsync(context, new FormRefusal(title, said), error.Members),
            AnswerForm.Text => WriteLineAsync(context, said),
        };
    }

    private static Task WriteLineAsync(HttpContext context, string detail)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(detail + "\n", context.RequestAborted);
    }

    private static Task WriteProblemAsync(HttpContext context, FormRefusal said, Action<Utf8JsonWriter>? members)
    {
        context.Response.ContentType = "application/problem+json";
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("type", "about:blank");
            json.WriteString("title", said.Heading);
            json.WriteNumber("status", context.Response.StatusCode);
            json.WriteString("detail", said.Detail);
            members?.Invoke(json);
            json.WriteEndObject();
        }
        return context.Response.Body.WriteAsync(bytes.WrittenMemory, context.RequestAborted).AsTask();
    }

    private static async Task WritePageAsync(HttpContext context, RazorSlice page)
    {
        context.Response.ContentType = PageRenderer.ContentType;
        var html = await PageRenderer.RenderAsync(page).ConfigureAwait(false);
        await context.Response.Body.WriteAsync(html, context.RequestAborted).ConfigureAwait(false);
    }
}
