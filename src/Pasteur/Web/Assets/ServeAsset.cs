using Pasteur.Web.Errors;
using Pasteur.Web.Negotiation;

namespace Pasteur.Web.Assets;

/// <summary>GET /assets/{name} and /assets/{folder}/{name}</summary>
internal sealed class ServeAsset(SiteContext site)
{
    public Task GetAsync(HttpContext context)
    {
        var name = (string)context.GetRouteValue("name")!;
        var asset = site.Assets.Find(context.GetRouteValue("folder") is string folder ? $"{folder}/{name}" : name);
        return asset is null
            ? site.Errors.AnswerAsync(context, ErrorKind.NotFound)
            : asset.In(AcceptEncodingHeader.Best(context.Request)).WriteAsync(context);
    }
}
