using System.Globalization;
using System.Text;
using Pasteur.Git;
using Pasteur.Git.History;
using Pasteur.Git.Objects;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.History;

/// <summary>Histories of every shape, with clocks that go wrong, against <c>git rev-list</c> and <c>git merge-base</c>.</summary>
public sealed class AncestryTests
{
    // Each clock is off by less than half of the slack that the walk allows for.
    private const int Commits = 60;

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 60)]
    [InlineData(4, 3600)]
    [InlineData(5, 3600 * 11)]
    public void Missing_commits_and_ancestors_are_those_of_stock_git(int seed, int clockError)
    {
        using var stock = new StockRepository();
        var random = new Random(seed);
        var commits = MakeHistory(stock, random, clockError);
        var store = Open(stock);
        for (var round = 0; round < 25; round++)
        {
            var (tip, known) = (commits[random.Next(Commits)], commits[random.Next(Commits)]);
            var missing = Ancestry.Missing(store, tip, known);
            Assert.Equal(Lines(stock.Git("rev-list", tip.ToString(), "^" + known)).Order(), missing.Order());
            AssertParentsFirst(store, missing);
            var isAncestor = StockGit.Try(stock.Path, default, "merge-base", "--is-ancestor", known.ToString(), tip.ToString()).ExitCode == 0;
            Assert.Equal(isAncestor, Ancestry.IsAncestor(store, known, tip));
        }
        var all = Ancestry.Missing(store, commits[^1], null);
        Assert.Equal(Lines(stock.Git("rev-list", commits[^1].ToString())).Order(), all.Order());
        AssertParentsFirst(store, all);
    }

    [Fact]
    public void A_commit_is_its_own_ancestor_and_misses_nothing()
    {
        using var stock = new StockRepository();
        var tip = stock.FillWithHistory(3);
        var store = Open(stock);
        Assert.True(Ancestry.IsAncestor(store, tip, tip));
        Assert.Empty(Ancestry.Missing(store, tip, tip));
        Assert.Equal(3, Ancestry.Missing(store, tip, null).Count);
    }

    [Fact]
    public void What_the_store_lacks_is_the_end_of_a_history()
    {
        using var stock = new StockRepository();
        var absent = ObjectId.Parse(new string('e', 40));
        var tree = stock.Store(ObjectKind.Tree, default);
        var tip = stock.Store(ObjectKind.Commit, Encoding.ASCII.GetBytes($"tree {tree}\nparent {absent}\nauthor A <a> 5 +0000\ncommitter A <a> 5 +0000\n\nx\n"));
        var store = Open(stock);
        Assert.Equal([tip], Ancestry.Missing(store, tip, null));
        Assert.Equal([tip], Ancestry.Missing(store, tip, absent));
        Assert.False(Ancestry.IsAncestor(store, absent, tip));
        Assert.False(Ancestry.IsAncestor(store, tip, absent));
    }

    private static ObjectStore Open(StockRepository stock)
    {
        var store = new ObjectStore(new LooseObjects(Path.Combine(stock.Path, "objects")), stock.PackFolder, null);
        store.Rescan();
        return store;
    }

    private static IEnumerable<ObjectId> Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(ObjectId.Parse);

    private static void AssertParentsFirst(ObjectStore store, List<ObjectId> order)
    {
        var place = order.Select((id, n) => (id, n)).ToDictionary(pair => pair.id, pair => pair.n);
        foreach (var id in order)
            foreach (var parent in store.ReadCommit(id).Parents)
                if (place.TryGetValue(parent, out var n)) Assert.True(n < place[id]);
    }

    // One to three parents out of the last dozen, now and then a second root; times that grow, give or take the error of a clock.
    private static ObjectId[] MakeHistory(StockRepository stock, Random random, int clockError)
    {
        var script = new StringBuilder("blob\nmark :1000\ndata 1\nx\n");
        for (var n = 1; n <= Commits; n++)
        {
            var time = 1_700_000_000 + n * 60 + random.Next(-clockError, clockError + 1);
            script.Append(CultureInfo.InvariantCulture, $"commit refs/heads/c{n}\nmark :{n}\ncommitter A <a@b> {time} +0000\ndata 1\n{(char)('a' + n % 26)}\n");
            var parents = Enumerable.Range(0, random.Next(1, 4)).Select(_ => n - random.Next(1, 12)).Where(parent => parent > 0).Distinct().ToArray();
            if (random.Next(15) == 0) parents = [];
            for (var p = 0; p < parents.Length; p++) script.Append(CultureInfo.InvariantCulture, $"{(p == 0 ? "from" : "merge")} :{parents[p]}\n");
            script.Append(CultureInfo.InvariantCulture, $"M 100644 :1000 f{n}\n\n");
        }
        stock.GitBytes(Encoding.ASCII.GetBytes(script.ToString()), "fast-import", "--quiet");
        return [.. Enumerable.Range(1, Commits).Select(n => ObjectId.Parse(stock.Git("rev-parse", $"c{n}")))];
    }
}
