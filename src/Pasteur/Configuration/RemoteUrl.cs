using System.Globalization;

namespace Pasteur.Configuration;

/// <summary>Where the remote repository is: over git:// (gitprotocol-pack, "Git Transport"), or a folder of this machine.</summary>
internal abstract record RemoteUrl
{
    private const int GitPort = 9418;

    private RemoteUrl()
    {
    }

    /// <summary>`git://host[:port]/path`. <paramref name="Path"/> begins with a slash, as git-daemon wants it.</summary>
    internal sealed record GitDaemon(string Host, int Port, string Path) : RemoteUrl
    {
        public override string ToString()
        {
            var host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
            return Port == GitPort ? $"git://{host}{Path}" : string.Create(CultureInfo.InvariantCulture, $"git://{host}:{Port}{Path}");
        }
    }

    /// <summary>A repository in a folder; spoken to through this machine's own git.</summary>
    internal sealed record LocalFolder(string FullPath) : RemoteUrl
    {
        public override string ToString() => FullPath;
    }

    public static Parsed<RemoteUrl> Parse(string text)
    {
        if (text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) && c != ' '))
            return Parsed.Bad<RemoteUrl>("has a control character in it");
        if (text.StartsWith("git://", StringComparison.OrdinalIgnoreCase))
            return ParseGit(text);
        if (text.StartsWith("file://", StringComparison.OrdinalIgnoreCase))
        {
            return Uri.TryCreate(text, UriKind.Absolute, out var file) && file.Host is "" or "localhost"
                ? ParseFolder(Uri.UnescapeDataString(file.AbsolutePath))
                : Parsed.Bad<RemoteUrl>("is not a file URL; write file:///path/to/repository");
        }
        if (text.Contains("://", StringComparison.Ordinal) || LooksLikeSsh(text))
            return Parsed.Bad<RemoteUrl>("is an address that this version can't speak to (SSH and HTTP come with the next); give git://host/path or a folder");
        return ParseFolder(text);
    }

    private static Parsed<RemoteUrl> ParseGit(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.Port == 0)
            return Parsed.Bad<RemoteUrl>("is not a git URL; write git://host/path or git://host:port/path");
        if (uri.UserInfo.Length > 0)
            return Parsed.Bad<RemoteUrl>("names a user, but git:// knows no users; remove what stands before the @");
        if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
            return Parsed.Bad<RemoteUrl>("has a ? or # in it; write git://host/path");
        var path = Uri.UnescapeDataString(uri.AbsolutePath);
        if (path.Any(char.IsControl))
            return Parsed.Bad<RemoteUrl>("has an encoded control character in it");
        if (path.Length < 2)
            return Parsed.Bad<RemoteUrl>("names no repository; write git://host/path");
        return Parsed.Ok<RemoteUrl>(new GitDaemon(uri.IdnHost, uri.Port > 0 ? uri.Port : GitPort, path));
    }

    private static Parsed<RemoteUrl> ParseFolder(string path)
    {
        if (path.Length == 0)
            return Parsed.Bad<RemoteUrl>("is empty; give git://host/path or a folder");
        return path.Any(char.IsControl)
            ? Parsed.Bad<RemoteUrl>("has an encoded control character in it")
            : Parsed.Ok<RemoteUrl>(new LocalFolder(Path.GetFullPath(path)));
    }

    // git's own rule (git-clone, "GIT URLS"): host:path is SSH when no slash stands before the colon.
    private static bool LooksLikeSsh(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return colon > 0 && (slash < 0 || colon < slash);
    }
}
