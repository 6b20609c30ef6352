using System.Globalization;

namespace Pasteur.Configuration;

/// <summary>
/// Where the remote repository is and what is spoken there (gitprotocol-pack, "Transports"). As text it holds no secret:
/// that of an http URL is in its <see cref="Http.Login"/>.
/// </summary>
internal abstract record RemoteUrl
{
    public const int GitPort = 9418;
    public const int SshPort = 22;

    private RemoteUrl()
    {
    }

    public static Parsed<RemoteUrl> Parse(string text) => RemoteUrlParser.Parse(text);

    /// <summary>What may be shown of a text that was given as a URL, sound or not: whatever could be a user and a password is left out.</summary>
    public static string WithoutLogin(string text)
    {
        var at = text.LastIndexOf('@');
        var begin = at < 0 ? -1 : text.LastIndexOf("//", at, StringComparison.Ordinal);
        if (begin >= 0)
            return $"{text[..(begin + 2)]}…{text[at..]}";
        return at >= 0 && text.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon && colon < at ? "…" + text[at..] : text;
    }

    /// <summary>User and password as they stand in an http URL, sound or not; empty where there are none. The user of an SSH URL is no secret.</summary>
    public static string LoginIn(string text)
    {
        var begin = text.IndexOf("://", StringComparison.Ordinal) + 3;
        var at = text.LastIndexOf('@');
        return begin > 2 && at > begin && text.StartsWith("http", StringComparison.OrdinalIgnoreCase) ? text[begin..at] : "";
    }

    private static string HostAndPort(string host, int port, int usual)
    {
        var bracketed = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        return port == usual ? bracketed : string.Create(CultureInfo.InvariantCulture, $"{bracketed}:{port}");
    }

    /// <summary>`git://host[:port]/path`. <paramref name="Path"/> begins with a slash, as git-daemon wants it.</summary>
    internal sealed record GitDaemon(string Host, int Port, string Path) : RemoteUrl
    {
        public override string ToString() => $"git://{HostAndPort(Host, Port, GitPort)}{Path}";
    }

    /// <summary>
    /// `ssh://user@host[:port]/path` or `user@host:path`. <paramref name="Path"/> is as the other end's git wants it: what does
    /// not begin with a slash is seen from the user's home.
    /// </summary>
    internal sealed record Ssh(string User, string Host, int Port, string Path) : RemoteUrl
    {
        public override string ToString() => Path[0] == '/' || Port != SshPort || Host.Contains(':', StringComparison.Ordinal)
            ? $"ssh://{User}@{HostAndPort(Host, Port, SshPort)}{(Path[0] == '/' ? "" : "/")}{Path}"
            : $"{User}@{Host}:{Path}";
    }

    /// <summary>`http(s)://[user[:password]@]host[:port]/path`. <paramref name="Address"/> is without the login.</summary>
    internal sealed record Http(Uri Address, HttpLogin? Login) : RemoteUrl
    {
        public override string ToString() => Address.AbsoluteUri;
    }

    /// <summary>A repository in a folder; spoken to through this machine's own git.</summary>
    internal sealed record LocalFolder(string FullPath) : RemoteUrl
    {
        public override string ToString() => FullPath;
    }
}

/// <summary>User and password (or token) for an http remote, as its URL gives them. Never shown.</summary>
internal sealed record HttpLogin(string User, string? Password)
{
    public override string ToString() => "(hidden)";
}
