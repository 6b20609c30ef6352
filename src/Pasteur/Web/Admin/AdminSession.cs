using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pasteur.Configuration;

namespace Pasteur.Web.Admin;

/// <summary>
/// Who has shown the token gets a cookie, and each form a proof that it is one of our own pages':
/// <code>
/// cookie  pasteur-admin = EXPIRY.HMAC(key, "session" EXPIRY)     SameSite=Strict, HttpOnly, Secure over https
/// proof   HMAC(key, "form" cookie)
/// </code>
/// The key is drawn at start: sessions end with the program.
/// </summary>
internal sealed class AdminSession(TimeProvider time)
{
    private const string Name = "pasteur-admin";

    // Drawn when somebody comes: most sites have nobody who does.
    private readonly Lazy<byte[]> _key = new(() => RandomNumberGenerator.GetBytes(32));

    public void Begin(HttpContext context, string path)
    {
        var expiry = (time.GetUtcNow() + Limits.AdminSession).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        SetCookie(context, path, $"{expiry}.{Sign("session", expiry)}", (long)Limits.AdminSession.TotalSeconds);
    }

    public static void End(HttpContext context, string path) => SetCookie(context, path, "", 0);

    /// <summary>What the forms of this session carry; null when there is none.</summary>
    public string? ProofOf(HttpRequest request)
    {
        if (CookieOf(request) is not { } cookie) return null;
        var dot = cookie.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0 || !IsSame(cookie[(dot + 1)..], Sign("session", cookie[..dot]))) return null;
        var isOver = !long.TryParse(cookie.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var expiry) || expiry <= time.GetUtcNow().ToUnixTimeSeconds();
        return isOver ? null : Sign("form", cookie);
    }

    public static bool IsSame(string given, string expected) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));

    private static string? CookieOf(HttpRequest request)
    {
        foreach (var pair in request.Headers.Cookie.ToString().Split(';', StringSplitOptions.TrimEntries))
        {
            if (pair.StartsWith(Name + "=", StringComparison.Ordinal)) return pair[(Name.Length + 1)..];
        }
        return null;
    }

    // By hand: the framework's cookies bring a good deal with them.
    private static void SetCookie(HttpContext context, string path, string value, long seconds) => context.Response.Headers.SetCookie =
        string.Create(CultureInfo.InvariantCulture, $"{Name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Strict{(context.Request.IsHttps ? "; Secure" : "")}");

    private string Sign(string purpose, string text) => Convert.ToHexStringLower(HMACSHA256.HashData(_key.Value, Encoding.UTF8.GetBytes($"{purpose} {text}")));
}
