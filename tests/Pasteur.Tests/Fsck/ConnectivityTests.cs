using System.Text;
using Pasteur.Git;
using Pasteur.Git.Commits;
using Pasteur.Git.Fsck;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;
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
    public void Random_histories_are_reached_whole_and_what_is_missing_of_them_is_found()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var history = new RandomHistory(new Random(seed));
            var needed = history.Closure(without: null);
            Assert.Equal((needed.Count, 0), history.Walk(without: null));
            foreach (var id in needed.Where((_, n) => n % 3 == seed % 3))
                Assert.Equal((history.Closure(id).Count, 1), history.Walk(id));
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

    /// <summary>Few files, folders and root folders, so that they come again and again; commits with parents among those before; refs to some of them.</summary>
    private sealed class RandomHistory
    {
        private readonly Dictionary<ObjectId, (ObjectKind Kind, byte[] Content, ObjectId[] Names)> _objects = [];
        private readonly Dictionary<string, ObjectId> _refs = [];

        public RandomHistory(Random random)
        {
            var files = Enumerable.Range(0, 5).Select(n => Add(ObjectKind.Blob, [(byte)n], [])).ToArray();
            var folders = Enumerable.Range(0, 4).Select(_ => AddTree(random, files, [])).ToArray();
            var roots = Enumerable.Range(0, 5).Select(_ => AddTree(random, files, folders)).ToArray();
            var commits = new List<ObjectId>();
            for (var n = 0; n < 8; n++)
            {
                var (tree, parents) = (roots[random.Next(roots.Length)], new HashSet<ObjectId>());
                for (var p = random.Next(3); p > 0 && n > 0; p--) parents.Add(commits[random.Next(Math.Max(0, n - 3), n)]);
                var text = $"tree {tree}\n{string.Concat(parents.Select(parent => $"parent {parent}\n"))}author A <a@b> {n} +0000\ncommitter A <a@b> {n} +0000\n\nx";
                commits.Add(Add(ObjectKind.Commit, Encoding.ASCII.GetBytes(text), [tree, .. parents]));
            }
            for (var n = 1 + random.Next(4); n > 0; n--) _refs[$"refs/heads/{random.Next(100)}"] = commits[random.Next(commits.Count)];
        }

        public (long Reached, int Findings) Walk(ObjectId? without)
        {
            var data = new MemoryPackData("objects");
            var buffer = new EntryBuffer();
            buffer.Append(new byte[PackHeader.Length]);
            var entries = new List<(ObjectId Id, long Offset)>();
            foreach (var (id, (kind, content, _)) in _objects.Where(pair => pair.Key != without))
            {
                entries.Add((id, buffer.Length));
                buffer.AppendWhole(kind, content, Packing.Store);
            }
            data.Append(buffer.Written);
            using var folder = new TemporaryFolder();
            using var store = new FsckStore(new LooseObjects(folder.Path));
            store.Add(data, entries);
            var findings = 0;
            return (new Connectivity(store, new HashSet<ObjectId>(), _ => findings++, TestContext.Current.CancellationToken).Walk(_refs), findings);
        }

        /// <summary>What the refs reach: also what is missing, but nothing below it.</summary>
        public HashSet<ObjectId> Closure(ObjectId? without)
        {
            var reached = new HashSet<ObjectId>();
            var pending = new Stack<ObjectId>(_refs.Values);
            while (pending.TryPop(out var id))
                if (reached.Add(id) && id != without) Array.ForEach(_objects[id].Names, pending.Push);
            return reached;
        }

        private ObjectId Add(ObjectKind kind, byte[] content, ObjectId[] names)
        {
            var id = ObjectHasher.Hash(kind, content);
            _objects[id] = (kind, content, names);
            return id;
        }

        private ObjectId AddTree(Random random, ObjectId[] files, ObjectId[] folders)
        {
            var (content, names) = (Array.Empty<byte>(), new List<ObjectId>());
            foreach (var name in "abcd")
            {
                if (random.Next(4) == 0) continue;
                var isFolder = folders.Length > 0 && random.Next(2) == 0;
                names.Add(isFolder ? folders[random.Next(folders.Length)] : files[random.Next(files.Length)]);
                content = TreeContent.Put(content, [(byte)name], isFolder ? TreeMode.Folder : TreeMode.File, names[^1]);
            }
            return content.Length == 0 ? AddTree(random, files, folders) : Add(ObjectKind.Tree, content, [.. names]);
        }
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
