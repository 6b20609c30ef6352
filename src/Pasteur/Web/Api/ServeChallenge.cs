using System.Buffers;
using System.Text.Json;
using Pasteur.Configuration;
using Pasteur.Web.Answers;

namespace Pasteur.Web.Api;

/// <summary>GET /api/v1/challenge: what to work on before the next paste; 204 where nothing is asked.</summary>
internal sealed class ServeChallenge(SiteContext site)
{
    public Task GetAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = CachePolicy.Never;
        if (site.Work is not { } work)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("challenge", WorkGuard.Ask(context, work));
            json.WriteNumber("bits", work.Bits);
            json.WriteNumber("seconds", (int)Limits.ProofLife.TotalSeconds);
            json.WriteEndObject();
        }
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(bytes.WrittenMemory, context.RequestAborted).AsTask();
    }
}
