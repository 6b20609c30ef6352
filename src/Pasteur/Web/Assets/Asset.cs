using Pasteur.Web.Answers;
using Pasteur.Web.Negotiation;

namespace Pasteur.Web.Assets;

/// <summary>One embedded file in the codings that browsers take.</summary>
internal sealed class Asset(string contentType, byte[] plain, byte[] brotli, byte[] gzip)
{
    private readonly PreparedAnswer _plain = Prepare(contentType, plain, ContentCoding.None);
    private readonly PreparedAnswer _brotli = Prepare(contentType, brotli, ContentCoding.Brotli);
    private readonly PreparedAnswer _gzip = Prepare(contentType, gzip, ContentCoding.Gzip);

    public PreparedAnswer In(ContentCoding coding) => coding switch
    {
        ContentCoding.None => _plain,
        ContentCoding.Gzip => _gzip,
        ContentCoding.Brotli => _brotli,
    };

    private static PreparedAnswer Prepare(string contentType, byte[] body, ContentCoding coding) =>
        new(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(body)[..8]), body, coding)
        {
            ContentType = contentType,
            CacheControl = CachePolicy.Immutable,
        };
}
