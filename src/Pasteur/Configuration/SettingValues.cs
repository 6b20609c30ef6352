using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Pasteur.Dns;
using Pasteur.Git;
using Pasteur.Keys;

namespace Pasteur.Configuration;

/// <summary>What each setting accepts. A problem continues the sentence `--option "value" …` and says what to write instead.</summary>
internal static class SettingValues
{
    public static Parsed<int> Port(string text) => Number(text, 0, ushort.MaxValue, "is not a port");

    /// <summary>Of a server elsewhere: no port can be picked there.</summary>
    public static Parsed<int> ServerPort(string text) => Number(text, 1, ushort.MaxValue, "is not a port");

    public static Parsed<int> InboxAbove(string text) => Number(text, 0, 1_000_000_000, "is not a number of files");

    public static Parsed<int> IdLength(string text) =>
        Number(text, Limits.ShortestIdLength, Limits.LongestIdLength, "is not a length for ids");

    public static Parsed<int> MaxSize(string text) =>
        Quantity.ParseSize(text, Limits.SmallestMaxPasteBytes, Limits.LargestMaxPasteBytes);

    public static Parsed<long?> MaxTotal(string text)
    {
        if (text == "none") return Parsed.Ok<long?>(null);
        var size = Quantity.ParseSize(text, Limits.SmallestMaxTotalBytes, Limits.LargestMaxTotalBytes);
        return size.IsOk ? Parsed.Ok<long?>(size.Value) : Parsed.Bad<long?>(size.Problem);
    }

    /// <summary>0 is off.</summary>
    public static Parsed<int> Challenge(string text) => text switch
    {
        "off" => Parsed.Ok(0),
        "on" => Parsed.Ok(Limits.UsualWorkBits),
        _ => Number(text, Limits.LeastWorkBits, Limits.MostWorkBits, "is neither on nor off, nor a number of bits"),
    };

    public static Parsed<TimeSpan> PullEvery(string text) =>
        Quantity.ParseDuration(text, Limits.ShortestPullEvery, Limits.LongestPullEvery);

    public static Parsed<TimeSpan?> DefaultExpiry(string text) => Life(text, Limits.ShortestLife);

    public static Parsed<TimeSpan?> MaxExpiry(string text) => Life(text, Limits.ShortestMaxLife);

    private static Parsed<TimeSpan?> Life(string text, TimeSpan shortest)
    {
        if (text == "never")
            return Parsed.Ok<TimeSpan?>(null);
        var parsed = Quantity.ParseDuration(text, shortest, Limits.LongestLife);
        return parsed.Problem is { } problem ? Parsed.Bad<TimeSpan?>(problem + ", or never") : Parsed.Ok<TimeSpan?>(parsed.Value);
    }

    public static Parsed<IPAddress> Address(string text)
    {
        if (text == "*")
            return Parsed.Ok(IPAddress.IPv6Any);
        if (text.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return Parsed.Ok(IPAddress.Loopback);
        // TryParse takes "1" for 0.0.0.1; an address is written with dots or colons.
        return text.AsSpan().ContainsAny('.', ':') && IPAddress.TryParse(text, out var address)
            ? Parsed.Ok(address)
            : Parsed.Bad<IPAddress>("is not an IP address; give one such as 127.0.0.1, ::1, or * for every address of this machine");
    }

    /// <summary>Of a server elsewhere, which is at one address.</summary>
    public static Parsed<IPAddress> ServerAddress(string text) => text != "*" && Address(text) is { IsOk: true } parsed
        ? parsed
        : Parsed.Bad<IPAddress>("is not an IP address; give that of the server, such as 192.0.2.1");

    public static Parsed<TsigKey> DnsKey(string text) => TsigKey.Read(text, out var problem) is { } key ? Parsed.Ok(key) : Parsed.Bad<TsigKey>(problem!);

    public static Parsed<string> BasePath(string text)
    {
        var path = text.TrimEnd('/');
        if (path.Length == 0)
            return Parsed.Ok("");
        var segments = path.Split('/');
        var sound = segments[0].Length == 0 && path.Length <= Limits.MaxBasePathLength
            && segments.Skip(1).All(s => s is not ("" or "." or "..") && s.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~'));
        return sound
            ? Parsed.Ok(path)
            : Parsed.Bad<string>("is not a path for a site; give one such as /paste, of letters, digits and -._~");
    }

    public static Parsed<string> Folder(string text) => text.Length == 0 || text.Contains('\0', StringComparison.Ordinal)
        ? Parsed.Bad<string>("is not a folder; give the path of one")
        : Parsed.Ok(Path.GetFullPath(text));

    public static Parsed<bool> Switch(string text) => text.ToUpperInvariant() switch
    {
        "1" or "TRUE" or "YES" or "ON" => Parsed.Ok(true),
        "0" or "FALSE" or "NO" or "OFF" => Parsed.Ok(false),
        _ => Parsed.Bad<bool>("is neither yes nor no; write 1 or 0"),
    };

    // The rules of git-check-ref-format that can apply to a branch.
    public static Parsed<string> Branch(string text)
    {
        var sound = text.Length is > 0 and <= Limits.MaxBranchLength
            && !text.Any(c => c is <= ' ' or >= '\x7f' or '~' or '^' or ':' or '?' or '*' or '[' or '\\')
            && !text.Contains("..", StringComparison.Ordinal) && !text.Contains("@{", StringComparison.Ordinal)
            && text is not ("@" or "HEAD") && text[0] != '-' && text[^1] != '.'
            && text.Split('/').All(part => part.Length > 0 && part[0] != '.' && !part.EndsWith(".lock", StringComparison.Ordinal));
        return sound
            ? Parsed.Ok(text)
            : Parsed.Bad<string>("is not a name for a branch; give one such as main (the rules: git help check-ref-format)");
    }

    public static Parsed<AckMode> Ack(string text) => text switch
    {
        "local" => Parsed.Ok(AckMode.Local),
        "remote" => Parsed.Ok(AckMode.Remote),
        _ => Parsed.Bad<AckMode>("is unknown; give local or remote"),
    };

    public static Parsed<ExpiryOn> ExpiryOn(string text) => text switch
    {
        "remote" => Parsed.Ok(Configuration.ExpiryOn.Remote),
        "local" => Parsed.Ok(Configuration.ExpiryOn.Local),
        "none" => Parsed.Ok(Configuration.ExpiryOn.None),
        _ => Parsed.Bad<ExpiryOn>("is unknown; give remote, local or none"),
    };

    public static Parsed<RewindPolicy> OnRewind(string text) => text switch
    {
        "replay" => Parsed.Ok(RewindPolicy.Replay),
        "follow" => Parsed.Ok(RewindPolicy.Follow),
        "stop" => Parsed.Ok(RewindPolicy.Stop),
        _ => Parsed.Bad<RewindPolicy>("is unknown; give replay, follow or stop"),
    };

    public static Parsed<SshSeed> SshSeed(string text) =>
        Keys.SshSeed.Read(text, out var problem) is { } seed ? Parsed.Ok(seed) : Parsed.Bad<SshSeed>(problem!);

    /// <summary>What may be shown of the path of a key file: not the key itself, should that have been given.</summary>
    public static string WithoutKey(string path) => path.StartsWith("-----BEGIN", StringComparison.Ordinal) ? "-----BEGIN…" : path;

    public static Parsed<string> Title(string text) => text.Length == 0
        ? Parsed.Bad<string>("is empty; give the site a name")
        : Subtitle(text);

    public static Parsed<string> Subtitle(string text) => text.Length <= Limits.MaxTitleLength && !text.Any(char.IsControl)
        ? Parsed.Ok(text)
        : Parsed.Bad<string>($"does not fit on one line; give at most {Limits.MaxTitleLength} characters");

    public static Parsed<LogLevel> LogLevel(string text) => text switch
    {
        "debug" => Parsed.Ok(Microsoft.Extensions.Logging.LogLevel.Debug),
        "info" => Parsed.Ok(Microsoft.Extensions.Logging.LogLevel.Information),
        "warning" => Parsed.Ok(Microsoft.Extensions.Logging.LogLevel.Warning),
        "error" => Parsed.Ok(Microsoft.Extensions.Logging.LogLevel.Error),
        _ => Parsed.Bad<LogLevel>("is unknown; give debug, info, warning or error"),
    };

    public static Parsed<AddressPlan> Ipv4Plan(string text) => text switch
    {
        "dhcp" => Parsed.Ok<AddressPlan>(new AddressPlan.Automatic()),
        "none" => Parsed.Ok<AddressPlan>(new AddressPlan.Absent()),
        _ => FixedPlan(text, AddressFamily.InterNetwork, "is not an IPv4 address with the length of its network; give one such as 10.0.0.3/24, dhcp or none"),
    };

    public static Parsed<AddressPlan> Ipv6Plan(string text) => text switch
    {
        "auto" => Parsed.Ok<AddressPlan>(new AddressPlan.Automatic()),
        "none" => Parsed.Ok<AddressPlan>(new AddressPlan.Absent()),
        _ => FixedPlan(text, AddressFamily.InterNetworkV6, "is not an IPv6 address with the length of its network; give one such as fd00::3/64, auto or none"),
    };

    public static Parsed<IPAddress> Ipv4Address(string text) =>
        OneAddress(text, [AddressFamily.InterNetwork], "is not the IPv4 address of a machine; give one such as 10.0.0.1");

    public static Parsed<IPAddress> Ipv6Address(string text) =>
        OneAddress(text, [AddressFamily.InterNetworkV6], "is not the IPv6 address of a machine; give one such as fd00::1");

    public static Parsed<IPAddress> Nameserver(string text) =>
        OneAddress(text, [AddressFamily.InterNetwork, AddressFamily.InterNetworkV6], "is not the IP address of a machine; give one such as 10.0.0.1");

    // A name as RFC 1123 allows it, or an address.
    public static Parsed<string> TimeServer(string text) => text.Length is > 0 and <= Limits.MaxHostNameLength
        && text[0] != '-' && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or ':')
        ? Parsed.Ok(text)
        : Parsed.Bad<string>("is neither a host's name nor an address; give one such as pool.ntp.org");

    private static Parsed<AddressPlan> FixedPlan(string text, AddressFamily family, string problem) =>
        InterfaceAddress.Parse(text, family) is { } address ? Parsed.Ok<AddressPlan>(new AddressPlan.Fixed(address)) : Parsed.Bad<AddressPlan>(problem);

    private static Parsed<IPAddress> OneAddress(string text, AddressFamily[] families, string problem) =>
        families.Select(family => InterfaceAddress.ParseAddress(text, family)).FirstOrDefault(address => address is not null) is { } address
            ? Parsed.Ok(address)
            : Parsed.Bad<IPAddress>(problem);

    private static Parsed<int> Number(string text, int smallest, int largest, string problem) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= smallest && number <= largest
            ? Parsed.Ok(number)
            : Parsed.Bad<int>($"{problem}; give a number from {smallest} to {largest}");
}
