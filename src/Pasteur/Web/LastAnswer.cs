namespace Pasteur.Web;

/// <summary>An answer after which the connection is of no more use.</summary>
internal static class LastAnswer
{
    /// <summary>HTTP/2 has no such header (RFC 9113, section 8.2.2): there a stream ends, and the connection carries others.</summary>
    public static void Announce(HttpContext context)
    {
        if (HttpProtocol.IsHttp11(context.Request.Protocol) || HttpProtocol.IsHttp10(context.Request.Protocol)) context.Response.Headers.Connection = "close";
    }
}
