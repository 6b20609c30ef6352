using Microsoft.Extensions.Primitives;
using Pasteur.Pastes;
using Pasteur.Web.Guards;
using Pasteur.Web.Negotiation;

namespace Pasteur.Web.Answers;

/// <summary>
/// An answer made once and given many times: the bytes as they go on the wire, and every header ready. Giving it allocates nothing.
/// </summary>
internal sealed class PreparedAnswer
{
    private readonly string _entityTag;
    private readonly StringValues _entityTagHeader;
    private readonly byte[] _body;

    public PreparedAnswer(string tag, byte[] body, ContentCoding coding)
    {
        _entityTag = EntityTag.Of(tag, coding);
        _entityTagHeader = _entityTag;
        _body = body;
        ContentEncoding = coding switch
        {
            ContentCoding.None => default,
            ContentCoding.Gzip => "gzip",
            ContentCoding.Brotli => "br",
        };
    }

    /// <summary>What it was made of: the answer holds as long as the store still holds exactly this.</summary>
    public Paste? Source { get; init; }

    public required StringValues ContentType { get; init; }

    public required StringValues CacheControl { get; init; }

    /// <summary>Of which request headers the answer depends (RFC 9110 section 12.5.5).</summary>
    public StringValues Vary { get; init; } = SecurityHeaders.VaryByEncoding;

    /// <summary>Set when the browser must treat the bytes as a stranger's.</summary>
    public bool IsSandboxed { get; init; }

    public StringValues ContentDisposition { get; init; }

    public StringValues ContentEncoding { get; }

    public int Bytes => _body.Length;

    public Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        var headers = response.Headers;
        headers.ETag = _entityTagHeader;
        headers.CacheControl = CacheControl;
        headers.Vary = Vary;
        if (IsSandboxed) SecurityHeaders.Sandbox(headers);
        if (EntityTag.IsKnown(context.Request.Headers.IfNoneMatch, _entityTag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        headers.ContentType = ContentType;
        if (ContentEncoding.Count > 0) headers.ContentEncoding = ContentEncoding;
        if (ContentDisposition.Count > 0) headers.ContentDisposition = ContentDisposition;
        headers.ContentLength = _body.Length;
        // To HEAD the same headers without the body (RFC 9110 section 9.3.2).
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(_body, 0, _body.Length, context.RequestAborted);
    }
}
