using System.Globalization;

namespace Pasteur.Configuration;

/// <summary>What the settings of the terminal's client accept.</summary>
internal static class ClientValues
{
    /// <summary>The site's address, with a slash at its end.</summary>
    public static Parsed<Uri> Server(string text)
    {
        if (!text.Contains("://", StringComparison.Ordinal)) return Parsed.Bad<Uri>("is not the URL of a site; give one such as https://paste.example.org");
        if (!TryHttp(text, out var url)) return Parsed.Bad<Uri>("is not an http or https URL; give one such as https://paste.example.org");
        if (url.UserInfo.Length > 0) return Parsed.Bad<Uri>("has a user in it; give that with --auth, or better as PASTEUR_AUTH");
        if (url.Query.Length + url.Fragment.Length > 0) return Parsed.Bad<Uri>("has a ? or # in it; give the address of the site alone");
        return Parsed.Ok(new Uri(url.AbsoluteUri.TrimEnd('/') + "/"));
    }

    /// <summary>It goes into a header.</summary>
    public static Parsed<string> Token(string text) => text.Length is > 0 and <= Limits.MaxTokenFieldBytes && text.All(char.IsAsciiLetterOrDigit)
        ? Parsed.Ok(text)
        : Parsed.Bad<string>("is no owner's token; give the letters and digits that put printed behind \"token:\"");

    public static Parsed<int> Reads(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= Limits.MaxReads
        ? Parsed.Ok(count)
        : Parsed.Bad<int>($"is no number of readings; give one from 1 to {Limits.MaxReads}");

    public static bool TryHttp(string text, out Uri url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url!) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) && url.Host.Length > 0;
}
