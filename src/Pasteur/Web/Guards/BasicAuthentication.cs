using System.Text;
using Pasteur.Configuration;

namespace Pasteur.Web.Guards;

/// <summary>The Basic scheme (RFC 7617): <c>Authorization: Basic base64(user:password)</c>, in UTF-8.</summary>
internal static class BasicAuthentication
{
    public const string Challenge = "Basic realm=\"Pasteur\", charset=\"UTF-8\"";

    private const string Scheme = "Basic ";

    public static bool IsGiven(HttpRequest request, BasicCredentials expected)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.Length is 0 or > Limits.MaxAuthorizationLength || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return false;
        Span<byte> bytes = stackalloc byte[Limits.MaxAuthorizationLength];
        return Convert.TryFromBase64Chars(header.AsSpan(Scheme.Length).Trim(), bytes, out var length) && expected.Match(Encoding.UTF8.GetString(bytes[..length]));
    }
}
