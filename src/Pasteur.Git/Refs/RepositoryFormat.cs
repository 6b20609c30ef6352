using System.Text;

namespace Pasteur.Git.Refs;

/// <summary>What a folder must be to be opened: a bare repository (or a <c>.git</c>) with SHA-1 names and no borrowed objects.</summary>
internal static class RepositoryFormat
{
    private const string Config =
        "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n" +
        // The program merges its own packs; an automatic gc would do the same work again behind every push into the folder.
        "[gc]\n\tauto = 0\n[receive]\n\tautogc = false\n";

    /// <summary>Creates the repository when the folder is missing or empty, or when its creation was cut short.</summary>
    public static void CreateOrCheck(string folder, string branch)
    {
        if (!Directory.Exists(folder) || IsUnfinished(folder)) Create(folder, branch);
        else Check(folder);
    }

    // HEAD comes last: without it there is nothing but what Create makes.
    private static bool IsUnfinished(string folder) =>
        !File.Exists(Path.Combine(folder, "HEAD"))
        && Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)
            .All(entry => CreatedFirst.Contains(Path.GetRelativePath(folder, entry)))
        && (!File.Exists(Path.Combine(folder, "config")) || File.ReadAllText(Path.Combine(folder, "config")) == Config);

    private static readonly string[] Folders = ["objects/info", "objects/pack", "refs/heads", "refs/tags"];

    private static readonly string[] CreatedFirst = ["objects", "refs", .. Folders, "config", "config.tmp", "HEAD.tmp"];

    private static void Create(string folder, string branch)
    {
        foreach (var sub in Folders) Directory.CreateDirectory(Path.Combine(folder, sub));
        AtomicFile.Write(Path.Combine(folder, "config"), Encoding.ASCII.GetBytes(Config));
        // git takes a folder for a repository when it finds HEAD: it comes last.
        AtomicFile.Write(Path.Combine(folder, "HEAD"), Encoding.UTF8.GetBytes($"ref: refs/heads/{branch}\n"));
        foreach (var sub in (string[])["objects", "refs", "."]) Durability.SyncFolder(Path.Combine(folder, sub));
        if (Path.GetDirectoryName(Path.GetFullPath(folder)) is { } parent) Durability.SyncFolder(parent);
    }

    private static void Check(string folder)
    {
        if (!File.Exists(Path.Combine(folder, "HEAD")) || !Directory.Exists(Path.Combine(folder, "objects")))
            throw new GitDataException(folder, "it holds files but is not a Git repository", "Choose an empty or a new folder.");
        if (File.Exists(Path.Combine(folder, "objects", "info", "alternates")))
            throw new GitDataException(folder, "it borrows objects from another repository (objects/info/alternates)", "Make it whole with `git repack -a -d` and remove that file.");
        if (Directory.Exists(Path.Combine(folder, "reftable")))
            throw new GitDataException(folder, "its refs are kept as a reftable", "Convert them with `git refs migrate --ref-format=files`.");
        CheckConfig(folder);
        Directory.CreateDirectory(Path.Combine(folder, "objects", "pack"));
    }

    private static void CheckConfig(string folder)
    {
        var path = Path.Combine(folder, "config");
        if (!File.Exists(path)) return;
        var section = "";
        foreach (var raw in File.ReadLines(path))
        {
            var line = raw.Trim();
            if (line.StartsWith('[')) section = line.Trim('[', ']').Trim();
            var equals = line.IndexOf('=');
            if (line.StartsWith('#') || line.StartsWith(';') || line.StartsWith('[') || equals < 0) continue;
            CheckSetting(folder, section, line[..equals].Trim(), line[(equals + 1)..].Trim());
        }
    }

    private static void CheckSetting(string folder, string section, string name, string value)
    {
        if (Is(section, "core") && Is(name, "repositoryformatversion") && value is not ("0" or "1"))
            throw new GitDataException(folder, $"its repository format is version {value}; 0 and 1 are known", "A newer Git has made it; convert it with that Git.");
        if (!Is(section, "extensions")) return;
        if (Is(name, "objectformat") && !Is(value, "sha1"))
            throw new GitDataException(folder, $"its objects are named by {value}; this program reads SHA-1 repositories", "Make a new one: `git init --bare --object-format=sha1`.");
        if (!Is(name, "objectformat") && !Is(name, "noop") && !Is(name, "preciousobjects"))
            throw new GitDataException(folder, $"it uses the extension {name}, which this program does not know", "Use a repository without it.");
    }

    private static bool Is(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);
}
