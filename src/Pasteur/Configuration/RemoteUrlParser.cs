namespace Pasteur.Configuration;

/// <summary>
/// Reads what git-clone calls "GIT URLS". Nothing here reaches a command line of this machine, but names and paths that
/// look like options are refused all the same: the other end has a shell.
/// </summary>
internal static class RemoteUrlParser
{
    public const string Examples = "git@host:path, ssh://user@host/path, https://host/path, git://host/path or a folder";

    public static Parsed<RemoteUrl> Parse(string text)
    {
        if (text.Length > Limits.MaxRemoteUrlLength)
            return Bad($"is longer than {Limits.MaxRemoteUrlLength} characters");
        if (text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) && c != ' '))
            return Bad("has a control character in it");
        if (text.IndexOf("://", StringComparison.Ordinal) is > 0 and var colon)
        {
            return text[..colon].ToUpperInvariant() switch
            {
                "GIT" => ParseUri(text, "git://host/path", FromGit),
                "SSH" or "GIT+SSH" or "SSH+GIT" => ParseUri(text, "ssh://user@host/path", FromSsh),
                "HTTP" or "HTTPS" => ParseUri(text, "https://host/path", FromHttp),
                "FILE" => ParseFile(text),
                _ => Bad($"has an unknown scheme; give {Examples}"),
            };
        }
        return LooksLikeSsh(text) ? ParseScp(text) : ParseFolder(text);
    }

    private static Parsed<RemoteUrl> ParseUri(string text, string example, Func<Uri, string, Parsed<RemoteUrl>> read)
    {
        if (LooksLikeOption(text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..]))
            return Bad("has a name or path that begins with a dash, as options do");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.Port == 0)
            return Bad($"is not a {text[..text.IndexOf(':', StringComparison.Ordinal)].ToLowerInvariant()} URL; write {example}");
        if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
            return Bad($"has a ? or # in it; write {example}");
        var path = Uri.UnescapeDataString(uri.AbsolutePath);
        if ((path + Uri.UnescapeDataString(uri.UserInfo)).Any(char.IsControl))
            return Bad("has an encoded control character in it");
        return path.Length < 2 ? Bad($"names no repository; write {example}") : read(uri, path);
    }

    private static Parsed<RemoteUrl> FromGit(Uri uri, string path) => uri.UserInfo.Length > 0
        ? Bad("names a user, but git:// knows no users; remove what stands before the @")
        : Parsed.Ok<RemoteUrl>(new RemoteUrl.GitDaemon(uri.IdnHost, uri.Port > 0 ? uri.Port : RemoteUrl.GitPort, path));

    private static Parsed<RemoteUrl> FromSsh(Uri uri, string path)
    {
        var user = Uri.UnescapeDataString(uri.UserInfo);
        if (user.Contains(':', StringComparison.Ordinal))
            return Bad("has a password in it; SSH needs a key: give --ssh-seed or --ssh-key and leave the password out");
        // As git has it: /~ada/x is x in ada's home.
        return FromSsh(user, uri.IdnHost, uri.Port > 0 ? uri.Port : RemoteUrl.SshPort, path.StartsWith("/~", StringComparison.Ordinal) ? path[1..] : path);
    }

    private static Parsed<RemoteUrl> FromSsh(string user, string host, int port, string path)
    {
        if (user.Length == 0)
            return Bad("names no user; write git@host:path or ssh://user@host/path");
        if (host.Length == 0 || path.Length == 0 || path == "/")
            return Bad("names no repository; write git@host:path or ssh://user@host/path");
        return LooksLikeOption(user) || LooksLikeOption(host) || LooksLikeOption(path)
            ? Bad("has a name or path that begins with a dash, as options do")
            : Parsed.Ok<RemoteUrl>(new RemoteUrl.Ssh(user, host, port, path));
    }

    private static Parsed<RemoteUrl> FromHttp(Uri uri, string path)
    {
        var colon = uri.UserInfo.IndexOf(':', StringComparison.Ordinal);
        var login = uri.UserInfo.Length == 0
            ? null
            : colon < 0
                ? new HttpLogin(Uri.UnescapeDataString(uri.UserInfo), null)
                : new HttpLogin(Uri.UnescapeDataString(uri.UserInfo[..colon]), Uri.UnescapeDataString(uri.UserInfo[(colon + 1)..]));
        // RFC 7617: the first colon ends the user.
        if (login?.User.Contains(':', StringComparison.Ordinal) == true)
            return Bad("has a user with a colon in its name, which Basic authentication cannot send");
        var address = new UriBuilder(uri) { UserName = "", Password = "" }.Uri;
        return Parsed.Ok<RemoteUrl>(new RemoteUrl.Http(address, login));
    }

    private static Parsed<RemoteUrl> ParseFile(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var file) && file.Host is "" or "localhost"
            ? ParseFolder(Uri.UnescapeDataString(file.AbsolutePath))
            : Bad("is not a file URL; write file:///path/to/repository");

    // user@host:path, where an IPv6 address stands in brackets.
    private static Parsed<RemoteUrl> ParseScp(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var user = at < 0 ? "" : text[..at];
        var rest = text[(at + 1)..];
        var isBracketed = rest.StartsWith('[');
        var end = isBracketed ? rest.IndexOf("]:", StringComparison.Ordinal) : rest.IndexOf(':', StringComparison.Ordinal);
        if (end < 0 || user.Contains(':', StringComparison.Ordinal))
            return Bad($"is not an address; give {Examples}");
        var host = isBracketed ? rest[1..end] : rest[..end];
        return Uri.CheckHostName(host) is not (UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6) && !LooksLikeOption(host)
            ? Bad("names no host that could exist; write git@host:path or ssh://user@host:port/path")
            : FromSsh(user, host, RemoteUrl.SshPort, rest[(end + (isBracketed ? 2 : 1))..]);
    }

    private static Parsed<RemoteUrl> ParseFolder(string path)
    {
        if (path.Length == 0)
            return Bad($"is empty; give {Examples}");
        return path.Any(char.IsControl)
            ? Bad("has an encoded control character in it")
            : Parsed.Ok<RemoteUrl>(new RemoteUrl.LocalFolder(Path.GetFullPath(path)));
    }

    private static bool LooksLikeOption(string text) => text.StartsWith('-');

    // git's own rule (git-clone, "GIT URLS"): host:path is SSH when no slash stands before the colon.
    private static bool LooksLikeSsh(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return colon > 0 && (slash < 0 || colon < slash);
    }

    private static Parsed<RemoteUrl> Bad(string problem) => Parsed.Bad<RemoteUrl>(problem);
}
