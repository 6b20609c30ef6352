using System.Globalization;
using System.Text.Json;
using Pasteur.Health;
using Pasteur.Web.Answers;
using Pasteur.Web.Guards;
using Pasteur.Web.Negotiation;
using Pasteur.Web.Pages;
using Pasteur.Web.Requests;
using RazorSlices;

namespace Pasteur.Web.Errors;

/// <summary>
/// Answers what went wrong, in the form that the client takes: a page, problem details (RFC 9457), or a line of text. What it says
/// comes from this program's own words: never from an exception, and from a request or a remote nothing but what a page encodes.
/// </summary>
internal sealed class ErrorAnswers(Frame frame, FormPageMaker form, SiteMetrics metrics)
{
    /// <param name="draft">What a browser's form had in it: the page is then the form, with that in it still.</param>
    public Task AnswerAsync(HttpContext context, ErrorKind kind, string? detail = null, FormDraft? draft = null)
    {
        var meaning = ErrorMeaning.Of(kind);
        metrics.Refused(meaning.Word);
        var response = context.Response;
        response.StatusCode = meaning.Status;
        response.Headers.CacheControl = CachePolicy.Never;
        if (meaning.RetryAfterSeconds is { } seconds) response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (kind == ErrorKind.Unauthorized) response.Headers.WWWAuthenticate = BasicAuthentication.Challenge;
        return AcceptHeader.Form(context.Request) switch
        {
            AnswerForm.Page => WritePageAsync(context, draft is null
                ? ErrorPage.Create(new ErrorPageModel(frame, meaning.Title, detail ?? meaning.Detail))
                : FormPage.Create(form.Make(context, draft, new FormRefusal(meaning.Title, detail ?? meaning.Detail)))),
            AnswerForm.Json => WriteProblemAsync(context, meaning, detail ?? meaning.Detail),
            AnswerForm.Text => WriteLineAsync(context, detail ?? meaning.Detail),
        };
    }

    private static Task WriteLineAsync(HttpContext context, string detail)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(detail + "\n", context.RequestAborted);
    }

    private static Task WriteProblemAsync(HttpContext context, ErrorMeaning meaning, string detail)
    {
        context.Response.ContentType = "application/problem+json";
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("type", "about:blank");
            json.WriteString("title", meaning.Title);
            json.WriteNumber("status", meaning.Status);
            json.WriteString("detail", detail);
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
