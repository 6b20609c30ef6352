using System.Globalization;
using System.Text;
using Pasteur.Git;
using Pasteur.Git.History;
using Pasteur.Git.Objects;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.History;

public sealed class TreeDiffTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_files_that_differ_are_those_of_stock_git(int seed)
    {
        using var stock = new StockRepository();
        var random = new Random(seed);
        var trees = Enumerable.Range(0, 8).Select(_ => MakeTree(stock, random)).Append(stock.Store(ObjectKind.Tree, default)).ToArray();
        var store = new ObjectStore(new LooseObjects(Path.Combine(stock.Path, "objects")), stock.PackFolder, null);
        store.Rescan();
        foreach (var old in trees)
        {
            foreach (var @new in trees)
            {
                var expected = Encoding.UTF8.GetString(stock.GitBytes(default, "diff-tree", "-r", "-z", "--no-renames", old.ToString(), @new.ToString()));
                var found = TreeDiff.Files(store, old, @new).OrderBy(change => change.Path, Comparer<byte[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right)));
                var fields = expected.Split('\0', StringSplitOptions.RemoveEmptyEntries);
                Assert.Equal(Expected(fields).Order(StringComparer.Ordinal), found.Select(Describe).Order(StringComparer.Ordinal));
            }
        }
    }

    [Fact]
    public void A_tree_nested_without_end_is_refused_by_depth()
    {
        using var stock = new StockRepository();
        var tip = DeepTree.CommitTo(stock, 3000);
        var store = new ObjectStore(new LooseObjects(Path.Combine(stock.Path, "objects")), stock.PackFolder, null);
        store.Rescan();

        var fault = Assert.Throws<GitDataException>(() => TreeDiff.Files(store, ObjectId.EmptyTree, store.TreeOf(tip)));

        Assert.Contains("nested more than 2048 deep", fault.Message, StringComparison.Ordinal);
    }

    // git tells of a file that becomes a folder (or a link) as of one gone and others come; so does a change without one of its sides.
    private static IEnumerable<string> Expected(string[] fields)
    {
        for (var n = 0; n < fields.Length; n += 2)
        {
            var parts = fields[n].Split(' ');
            yield return $"{fields[n + 1]} {parts[0][1..]} {parts[2]} {parts[1]} {parts[3]}";
        }
    }

    private static string Describe(TreeChange change)
    {
        static string Side(NamedEntry? entry) => entry is { } e ? $"{Convert.ToString((int)e.Mode, 8).PadLeft(6, '0')} {e.Id}" : $"000000 {ObjectId.Zero}";
        return $"{Encoding.UTF8.GetString(change.Path)} {Side(change.Old)} {Side(change.New)}";
    }

    private static ObjectId MakeTree(StockRepository stock, Random random)
    {
        string[] names = ["a", "b", "a.x", "a-x", "c"];
        var script = new StringBuilder("commit refs/heads/t\ncommitter A <a@b> 1 +0000\ndata 0\ndeleteall\n");
        for (var n = 0; n < 12; n++)
        {
            var path = string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => names[random.Next(names.Length)]));
            var mode = random.Next(8) switch { 0 => "100755", 1 => "120000", _ => "100644" };
            script.Append(CultureInfo.InvariantCulture, $"M {mode} inline {path}\ndata 1\n{random.Next(4)}\n");
        }
        stock.GitBytes(Encoding.ASCII.GetBytes(script.ToString()), "fast-import", "--quiet", "--force");
        return ObjectId.Parse(stock.Git("rev-parse", "t^{tree}"));
    }
}
