namespace Pasteur.Configuration;

/// <summary>
/// The link to a paste, as people have it:
/// <code>
/// https://host/base/ID[.ext][?ln=true][#L3]      the page
/// https://host/base/ID#KEY[.L3-L9]               that of an encrypted paste
/// https://host/base/ID/FILE                      one file of it
/// https://host/base/raw/ID                       its bytes
/// </code>
/// Where the site's path ends does not show: what could be ID/FILE could be base/ID too.
/// </summary>
internal sealed class PasteLink
{
    private const string RawFolder = "raw/";
    private const int LongestLines = 32;

    private readonly string _name;

    private PasteLink(Uri address, string key)
    {
        Address = address;
        Key = key;
        Folder = new Uri(address, ".");
        _name = address.Segments[^1];
        IsRaw = Folder.Segments[^1] == RawFolder;
    }

    /// <summary>Without the key and all else that is not the address of the paste: fit to be shown.</summary>
    public Uri Address { get; }

    /// <summary>What stands behind #, without lines; empty when nothing does. A secret.</summary>
    public string Key { get; }

    /// <summary>It names the bytes themselves.</summary>
    public bool IsRaw { get; }

    /// <summary>It may be the address of one file of a paste.</summary>
    public bool MayNameFile => !IsRaw && Folder.Segments.Length > 1;

    public Uri RawAddress => IsRaw ? Address : new Uri(Folder, RawFolder + Id);

    /// <summary>The page, without an ending or a query.</summary>
    public Uri PageAddress => IsRaw ? new Uri(Folder, "../" + Id) : new Uri(Folder, Id);

    public Uri EditAddress => IsRaw ? new Uri(Folder, "../edit/" + Id) : new Uri(Folder, "edit/" + Id);

    /// <summary>Where it is opened, if it is burnt after reading.</summary>
    public Uri OpeningAddress(string before, string after) => new(Folder, $"{(IsRaw ? "../" : "")}{before}{Id}{after}");

    public Uri InfoAddress => new(Folder, $"api/v1/pastes/{Id}?content=false");

    private Uri Folder { get; }

    private string Id => _name.Split('.')[0];

    public Uri FileAddress(string name) => new(Folder, $"{Id}/{Uri.EscapeDataString(name)}");

    public static Parsed<PasteLink> Parse(string text)
    {
        if (!text.Contains("://", StringComparison.Ordinal)) return Parsed.Bad<PasteLink>("give the paste's whole link, such as https://paste.example.org/ID");
        if (!ClientValues.TryHttp(text, out var url)) return Parsed.Bad<PasteLink>("that is no http or https link; give one such as https://paste.example.org/ID");
        if (url.UserInfo.Length > 0) return Parsed.Bad<PasteLink>("the link has a user in it; give that with --auth, or better as PASTEUR_AUTH");
        var address = new Uri(url.GetLeftPart(UriPartial.Path));
        if (address.AbsolutePath.EndsWith('/')) return Parsed.Bad<PasteLink>("the link names a site, but no paste of it; give the paste's whole link, such as https://paste.example.org/ID");
        return Parsed.Ok(new PasteLink(address, KeyIn(url.Fragment)));
    }

    /// <summary>What no other user of the machine should see of such a text, sound or not.</summary>
    public static string SecretIn(string text) =>
        text.Contains("://", StringComparison.Ordinal) && text.IndexOf('#', StringComparison.Ordinal) is >= 0 and var hash ? text[(hash + 1)..] : "";

    /// <summary>Such a text as it may be repeated.</summary>
    public static string WithoutKey(string text) => text.Split('#')[0];

    public override string ToString() => Address.AbsoluteUri;

    private static string KeyIn(string fragment)
    {
        // Some mailers and chats write = and / as %3D and %2F.
        var text = Uri.UnescapeDataString(fragment.TrimStart('#').Split('.')[0]);
        return IsLines(text) ? "" : text;
    }

    /// <summary>"L3", "L3-L9", "F2L3": of a paste that is not encrypted. No key is as short.</summary>
    private static bool IsLines(string text) => text.Length < LongestLines && text.All(c => c is 'F' or 'L' or '-' || char.IsAsciiDigit(c));
}
