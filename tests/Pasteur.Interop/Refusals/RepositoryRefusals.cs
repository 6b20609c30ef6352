using System.Globalization;
using System.Text;
using Pasteur.Interop.Remotes;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Refusals;

/// <summary>What can be wrong with a repository, whatever serves it, and Git's words for it.</summary>
internal sealed class RepositoryRefusals(BareRepositories repositories) : IDisposable
{
    public const string UnsoundObject = "unsound object";

    // The report of a push, written as a hook that does the server's work writes it (githooks, "proc-receive"): somebody else was first.
    private const string ReportNonFastForward = "printf '000dversion=10000'; printf '0027ng refs/heads/main non-fast-forward0000'; cat >/dev/null";

    private readonly List<SmallDisk> _disks = [];

    public static IReadOnlyDictionary<string, string> Words { get; } = new Dictionary<string, string>
    {
        ["pre-receive"] = "pre-receive hook declined; <no pastes> on Sundays",
        ["update"] = "hook declined; <no pastes> today",
        ["fast forward declined"] = "non-fast-forward",
        ["hidden branch"] = "deny updating a hidden ref",
        ["branch hidden from pushes"] = "the remote shows no main to a push",
        ["folder in the branch's place"] = "failed to update ref",
        ["locked branch"] = "failed to update ref",
        ["full disk"] = "the remote could not take the pack: unpack-objects abnormal exit",
        [UnsoundObject] = "the remote could not take the pack: unpack-objects abnormal exit; error: object ",
        ["too large"] = "pack exceeds maximum allowed size",
        ["checked out"] = "branch is currently checked out; use a bare repository, or run there: git config receive.denyCurrentBranch updateInstead",
    };

    public static string NameOf(string cause) => cause.Replace(' ', '-').Replace("'", "", StringComparison.Ordinal) + ".git";

    /// <summary>Makes a repository that refuses so, or one that refuses nothing when the cause is not a repository's.</summary>
    public string Make(string cause)
    {
        var name = NameOf(cause);
        if (cause == "missing")
            return name;
        if (cause == "full disk")
            _disks.Add(new SmallDisk(repositories.Path(name), "6m"));
        if (cause == "hidden branch")
            repositories.MakeEmpty(name);
        else
            repositories.MakeSeedling(name);
        Spoil(name, cause);
        return name;
    }

    /// <summary>The owner of the site has committed what `git fsck` takes for an attack: a line of .gitattributes that is too long.</summary>
    public static void CommitLongAttributes(string dataFolder)
    {
        var repository = Path.Combine(dataFolder, "pastes.git");
        Directory.CreateDirectory(repository);
        StockGit.Run(repository, "init", "-q", "--bare", "-b", "main");
        var blob = StockGit.RunWithInput(repository, Encoding.ASCII.GetBytes(new string('x', 3000)), "hash-object", "-w", "--stdin");
        StockGit.Run(repository, "update-index", "--add", "--cacheinfo", $"100644,{Encoding.ASCII.GetString(blob).Trim()},.gitattributes");
        StockGit.Run(repository, "update-ref", "refs/heads/main", StockGit.Run(repository, "commit-tree", StockGit.Run(repository, "write-tree"), "-m", "attributes"));
    }

    public void Dispose() => _disks.ForEach(disk => disk.Dispose());

    private void Spoil(string name, string cause)
    {
        switch (cause)
        {
            case "pre-receive":
                repositories.AddHook(name, "pre-receive", $"echo '{Refusal.Markup} on Sundays' >&2; exit 1");
                break;
            case "update":
                repositories.AddHook(name, "update", $"echo '{Refusal.Markup} today' >&2; exit 1");
                break;
            case "fast forward declined":
                repositories.Git(name, "config", "receive.procReceiveRefs", "refs/heads/main");
                repositories.AddHook(name, "proc-receive", ReportNonFastForward);
                break;
            case "hidden branch" or "branch hidden from pushes":
                repositories.Git(name, "config", "receive.hideRefs", "refs/heads/main");
                break;
            case "folder in the branch's place":
                repositories.Git(name, "branch", "-m", "main", "main/x");
                break;
            case "locked branch":
                File.WriteAllText(Path.Combine(repositories.Path(name), "refs/heads/main.lock"), "");
                break;
            case "full disk":
                _disks[^1].Fill(leave: 8192);
                break;
            case "too large":
                repositories.Git(name, "config", "receive.maxInputSize", 10_000.ToString(CultureInfo.InvariantCulture));
                break;
            case "checked out":
                repositories.Git(name, "config", "core.bare", "false");
                repositories.Git(name, "config", "core.worktree", Directory.CreateDirectory(repositories.Path(name + ".tree")).FullName);
                break;
        }
    }
}
