using Pasteur.Web.Answers;
using Pasteur.Web.Negotiation;

namespace Pasteur.Web.Reading;

/// <summary>GET /robots.txt: the site may be found, what was pasted may not.</summary>
internal static class Robots
{
    private static readonly PreparedAnswer Answer = new("robots", "User-agent: *\nAllow: /$\nAllow: /about\nAllow: /api\nDisallow: /\n"u8.ToArray(), ContentCoding.None)
    {
        ContentType = "text/plain; charset=utf-8",
        CacheControl = CachePolicy.Revalidate,
    };

    public static Task GetAsync(HttpContext context) => Answer.WriteAsync(context);
}
