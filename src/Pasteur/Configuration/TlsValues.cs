using System.Net;
using Pasteur.Keys;

namespace Pasteur.Configuration;

/// <summary>What the settings of TLS accept; see <see cref="SettingValues"/>.</summary>
internal static class TlsValues
{
    // RFC 1035, section 2.3.4; RFC 5890 for names in other scripts.
    private const int MaxNameLength = 253;
    private const int MaxLabelLength = 63;

    /// <summary>A name, "*." and a name, or an address.</summary>
    public static Parsed<string> Hostname(string text)
    {
        if (IPAddress.TryParse(text, out _) && text.AsSpan().ContainsAny('.', ':'))
            return Parsed.Ok(text);
        if (text.Any(c => c > '~'))
            return Parsed.Bad<string>("has characters that no name on the network has; give its ASCII form, which begins with xn--");
        var name = text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text;
        return name.Length is > 0 and <= MaxNameLength && name.Split('.').All(IsLabel)
            ? Parsed.Ok(text.ToLowerInvariant())
            : Parsed.Bad<string>("is not a name of a host; give one such as paste.example.org, without https:// and port");
    }

    public static Parsed<int?> HttpPort(string text)
    {
        if (text == "off")
            return Parsed.Ok<int?>(null);
        var port = SettingValues.Port(text);
        return port.IsOk ? Parsed.Ok<int?>(port.Value) : Parsed.Bad<int?>(port.Problem + ", or off");
    }

    public static Parsed<string> Email(string text)
    {
        // Much more is allowed (RFC 5322) than anybody has; an authority refuses the rest. RFC 8555, section 7.3: one address, no "?".
        var parts = text.Split('@');
        return parts is [{ Length: > 0 }, { Length: > 0 }] && !text.Any(c => c is <= ' ' or '\x7f' or ',' or '?' or '<' or '>' or ';') && text.Length <= MaxNameLength
            ? Parsed.Ok(text)
            : Parsed.Bad<string>("is not an address for mail; give one such as ada@example.org");
    }

    public static Parsed<AcmeServer> Production(string text)
    {
        var isProduction = SettingValues.Switch(text);
        return isProduction.IsOk ? Parsed.Ok(isProduction.Value ? AcmeServer.LetsEncrypt : AcmeServer.LetsEncryptStaging) : Parsed.Bad<AcmeServer>("is neither true nor false");
    }

    public static Parsed<AcmeServer> Directory(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps && url.UserInfo.Length == 0 && url.Fragment.Length == 0
            ? Parsed.Ok(new AcmeServer(url, IsForTrial: false))
            : Parsed.Bad<AcmeServer>("is not the address of an ACME directory; give one such as https://acme.example.org/directory (RFC 8555 wants https)");

    public static Parsed<string> Word(string text) => text.Length is > 0 and <= Limits.MaxTokenLength && !text.Any(c => c is <= ' ' or > '~')
        ? Parsed.Ok(text)
        : Parsed.Bad<string>("is not one word; give it as the authority wrote it");

    public static Parsed<TlsSeed> Seed(string text) =>
        TlsSeed.Read(text, out var problem) is { } seed ? Parsed.Ok(seed) : Parsed.Bad<TlsSeed>(problem!);

    public static Parsed<CertificateKeyType> KeyType(string text) => text switch
    {
        "ecdsa" => Parsed.Ok(CertificateKeyType.EcdsaP256),
        "rsa" => Parsed.Ok(CertificateKeyType.Rsa2048),
        _ => Parsed.Bad<CertificateKeyType>("is unknown; give ecdsa or rsa"),
    };

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= MaxLabelLength && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
