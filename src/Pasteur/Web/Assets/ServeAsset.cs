using Pasteur.Web.Errors;
using Pasteur.Web.Negotiation;

namespace Pasteur.Web.Assets;

/// <summary>GET /assets/{name}</summary>
internal sealed class ServeAsset(SiteContext site)
{
    public Task GetAsync(HttpContext context)
    {
        var asset = site.Assets.Find((string)context.GetRouteValue("name")!);
        return asset is null
            ? site.Errors.AnswerAsync(context, ErrorKind.NotFound)
            : asset.In(AcceptEncodingHeader.Best(context.Request)).WriteAsync(context);
    }
}
