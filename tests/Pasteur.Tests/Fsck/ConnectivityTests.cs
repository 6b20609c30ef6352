using System.Text;
using Pasteur.Git;
using Pasteur.Git.Fsck;
using Pasteur.Git.Objects;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Fsck;

public sealed class ConnectivityTests
{
    // Trees are compared with those of parents: nothing may be passed over for that.
    [Theory]
    [InlineData("mixed")]
    [InlineData("root")]
    [InlineData("merge")]
    [InlineData("same")]
    [InlineData("folder")]
    public void Whatever_is_missing_is_found_wherever_it_is_reached_from(string history)
    {
        using var repository = history == "mixed" ? History() : Returning(history);
        var loose = new LooseObjects(Path.Combine(repository.Path, "objects"));
        var refs = repository.Git("for-each-ref", "--format=%(refname) %(objectname)").Split('\n').Select(line => line.Split(' ')).ToDictionary(fields => fields[0], fields => ObjectId.Parse(fields[1]));
        var all = repository.Git("rev-list", "--objects", "--all").Split('\n').Select(line => ObjectId.Parse(line[..ObjectId.HexLength])).ToHashSet();
        all.UnionWith(refs.Values);
        Assert.InRange(all.Count, 6, 200);

        var (reached, none) = Walk(loose, refs);
        Assert.Empty(none);
        Assert.Equal(all.Count, reached);
        foreach (var id in all)
        {
            var path = loose.PathOf(id);
            File.Move(path, path + ".away");
            var finding = Assert.Single(Walk(loose, refs).Findings);
            Assert.Contains($"names {id}, which is missing", finding.Problem, StringComparison.Ordinal);
            File.Move(path + ".away", path);
        }
    }

    [Fact]
    public void A_parent_whose_tree_cannot_be_read_hides_nothing_of_its_child()
    {
        using var repository = History();
        var loose = new LooseObjects(Path.Combine(repository.Path, "objects"));
        var refs = new Dictionary<string, ObjectId> { ["refs/heads/main"] = ObjectId.Parse(repository.Git("rev-parse", "main")) };
        var damaged = loose.PathOf(ObjectId.Parse(repository.Git("rev-parse", "main~1^{tree}")));
        File.SetUnixFileMode(damaged, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllBytes(damaged, [1, 2, 3]);
        var missing = ObjectId.Parse(repository.Git("rev-parse", "main:run.sh"));
        File.Delete(loose.PathOf(missing));

        var findings = Walk(loose, refs).Findings;
        Assert.Contains(findings, finding => finding.Place == damaged);
        Assert.Contains(findings, finding => finding.Problem.Contains(missing.ToString(), StringComparison.Ordinal));
    }

    // Twelve commits; one that takes all of it back; one of another root, and a merge of both that adds a file; a tag of a tag, and one of a tree.
    private static StockRepository History()
    {
        var repository = new StockRepository();
        repository.FillWithHistory(12);
        repository.Git("update-ref", "refs/heads/main", Commit(repository, "main~11^{tree}", "main"));
        repository.FillWithHistory(7, "other");
        var merged = Tree(repository, repository.Git("ls-tree", "main"), $"040000 tree {repository.Git("rev-parse", "other^{tree}")}\ttheirs", Blob(repository, "merged.txt"));
        repository.Git("update-ref", "refs/heads/main", Commit(repository, merged, "main", "other"));
        repository.Git("update-ref", "refs/heads/main", Commit(repository, "main~2^{tree}", "main"));
        repository.Git("update-ref", "-d", "refs/heads/other");
        repository.Git("tag", "-m", "again", "again", "v1");
        repository.Git("tag", "tree", "main~1:theirs/folder");
        return repository;
    }

    // What is added goes again, so that a tree is compared with one that was compared with it: the commits are met in the order A, P, Q.
    private static StockRepository Returning(string how)
    {
        var repository = new StockRepository();
        var (x, y, z) = (Blob(repository, "x"), Blob(repository, "y"), Blob(repository, "z"));
        var (less, more) = (Tree(repository, x, y), Tree(repository, x, y, z));
        string[] trees = how == "folder" ? [.. ((string[])[less, more, less]).Select((tree, n) => Tree(repository, Blob(repository, $"a{n}"), $"040000 tree {tree}\td"))] : how == "same" ? [less, less, less] : [less, more, less];
        var a = Commit(repository, trees[0]);
        var q = Commit(repository, trees[1], a);
        var p = Commit(repository, trees[2], q);
        if (how == "merge") p = Commit(repository, trees[2], p, Commit(repository, Tree(repository, x, y, Blob(repository, "w")), a));
        else repository.Git("update-ref", "refs/tags/v1", a);
        repository.Git("update-ref", "refs/heads/main", p);
        return repository;
    }

    private static string Blob(StockRepository repository, string name) => $"100644 blob {repository.Store(ObjectKind.Blob, Encoding.ASCII.GetBytes(name))}\t{name}";

    private static string Tree(StockRepository repository, params string[] entries) =>
        Encoding.ASCII.GetString(repository.GitBytes(Encoding.ASCII.GetBytes(string.Concat(entries.Select(entry => entry + "\n"))), "mktree")).Trim();

    private static string Commit(StockRepository repository, string tree, params string[] parents) =>
        repository.Git(["commit-tree", tree, "-m", "x", .. parents.SelectMany(parent => (string[])["-p", parent])]);

    private static (long Reached, List<FsckFinding> Findings) Walk(LooseObjects loose, Dictionary<string, ObjectId> refs)
    {
        using var store = new FsckStore(loose);
        var findings = new List<FsckFinding>();
        var reached = new Connectivity(store, new HashSet<ObjectId>(), findings.Add, TestContext.Current.CancellationToken).Walk(refs);
        return (reached, findings);
    }
}
