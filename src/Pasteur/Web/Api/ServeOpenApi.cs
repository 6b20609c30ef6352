using Pasteur.Resources;
using Pasteur.Web.Answers;
using Pasteur.Web.Negotiation;

namespace Pasteur.Web.Api;

/// <summary>GET /openapi.json: written by hand, embedded, and held to the route table by a test.</summary>
internal sealed class ServeOpenApi(SiteContext site)
{
    private readonly Lazy<PreparedAnswer> _answer = new(() =>
    {
        var json = Read(site.Frame.BasePath);
        return new PreparedAnswer(site.Frame.Version, json, ContentCoding.None)
        {
            ContentType = "application/json",
            CacheControl = CachePolicy.Revalidate,
        };
    });

    public Task GetAsync(HttpContext context) => _answer.Value.WriteAsync(context);

    /// <summary>Paths in the document are relative to its server entry, which is where this site is mounted.</summary>
    private static byte[] Read(string basePath)
    {
        using var reader = EmbeddedText.Open("openapi.json");
        var text = reader.ReadToEnd().Replace("\"url\": \"/\"", $"\"url\": \"{basePath}/\"", StringComparison.Ordinal);
        return System.Text.Encoding.UTF8.GetBytes(text);
    }
}
