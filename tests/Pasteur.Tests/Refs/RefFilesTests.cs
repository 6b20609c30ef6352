using System.Text;
using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Git.Refs;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Refs;

public sealed class RefFilesTests
{
    [Fact]
    public void Where_the_repository_is_gone_no_ref_makes_it_anew()
    {
        using var folder = new TemporaryFolder();
        var refs = new RefFiles(folder["gone/repo.git"]);
        Assert.Throws<DirectoryNotFoundException>(() => refs.Update("refs/heads/main", default, ObjectId.EmptyTree));
        Assert.Throws<DirectoryNotFoundException>(() => refs.Set("refs/pasteur/rolled/main", ObjectId.EmptyTree));
        Assert.False(Directory.Exists(folder["gone"]));
    }

    [Fact]
    public void Loose_packed_and_symbolic_refs_read_as_for_each_ref_shows_them()
    {
        using var repository = new StockRepository();
        repository.FillWithHistory(3);
        repository.Git("branch", "feature/deep/er", "main~1");
        repository.Git("update-ref", "refs/remotes/origin/main", "main");
        repository.Git("update-ref", "refs/pasteur/lost/1", "main");
        repository.Git("pack-refs", "--all");
        repository.Git("branch", "-f", "feature/deep/er", "main~2"); // loose again, over the packed one
        repository.Git("symbolic-ref", "refs/heads/alias", "refs/heads/feature/deep/er");
        var expected = repository.Git("for-each-ref", "--format=%(refname) %(objectname)").Split('\n');
        Assert.Contains("^", File.ReadAllText(Path.Combine(repository.Path, "packed-refs")), StringComparison.Ordinal);

        var files = new RefFiles(repository.Path);
        Assert.Equal(expected, files.List().Select(pair => $"{pair.Key} {pair.Value}").Order(StringComparer.Ordinal));
        Assert.Equal(ObjectId.Parse(repository.Git("rev-parse", "HEAD")), files.Read("HEAD"));
        Assert.Equal(ObjectId.Parse(repository.Git("rev-parse", "main~2")), files.Read("refs/heads/alias"));
        Assert.Null(files.Read("refs/heads/none"));
        Assert.Null(files.Read("refs/heads/feature")); // a folder
    }

    [Fact]
    public void Head_of_an_empty_repository_names_nothing_yet()
    {
        using var repository = new StockRepository();
        Assert.Null(new RefFiles(repository.Path).Read("HEAD"));
        Assert.Empty(new RefFiles(repository.Path).List());
    }

    [Fact]
    public void Packed_refs_need_not_be_sorted_nor_have_a_header()
    {
        using var repository = new StockRepository();
        var id = repository.FillWithHistory(1);
        File.Delete(Path.Combine(repository.Path, "refs", "heads", "main"));
        File.WriteAllText(Path.Combine(repository.Path, "packed-refs"), $"{id} refs/heads/z\n{id} refs/heads/main\n{id} refs/heads/../../evil\n");
        var refs = new RefFiles(repository.Path).List();
        Assert.Equal(id, refs["refs/heads/main"]);
        Assert.DoesNotContain("refs/heads/../../evil", refs.Keys);
    }

    [Fact]
    public void An_update_succeeds_only_from_what_is_expected_and_stock_git_sees_it()
    {
        using var repository = new StockRepository();
        var tip = repository.FillWithHistory(3);
        var parent = ObjectId.Parse(repository.Git("rev-parse", "main~1"));
        var files = new RefFiles(repository.Path);
        Assert.IsType<RefUpdateOutcome.Updated>(files.Update("refs/heads/new/branch", ObjectId.Zero, parent));
        Assert.Equal(parent.ToString(), repository.Git("rev-parse", "refs/heads/new/branch"));
        Assert.Equal(new RefUpdateOutcome.Changed(parent), files.Update("refs/heads/new/branch", ObjectId.Zero, tip));
        Assert.Equal(new RefUpdateOutcome.Changed(parent), files.Update("refs/heads/new/branch", tip, tip));
        Assert.Equal(new RefUpdateOutcome.Changed(ObjectId.Zero), files.Update("refs/heads/absent", tip, parent));
        Assert.IsType<RefUpdateOutcome.Updated>(files.Update("refs/heads/new/branch", parent, tip));
        repository.Git("pack-refs", "--all");
        Assert.IsType<RefUpdateOutcome.Updated>(files.Update("refs/heads/new/branch", tip, parent));
        Assert.Equal(parent.ToString(), repository.Git("rev-parse", "refs/heads/new/branch"));
        Assert.Empty(Directory.GetFiles(repository.Path, "*.lock", SearchOption.AllDirectories));
        repository.Git("fsck", "--strict");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_deleted_ref_is_gone_from_its_file_and_from_packed_refs_and_the_others_stay(bool looseToo)
    {
        using var repository = new StockRepository();
        var tip = repository.FillWithHistory(2);
        repository.Git("branch", "doomed", "main");
        repository.Git("tag", "-m", "annotated", "doomed", "main");
        repository.Git("pack-refs", "--all");
        if (looseToo) repository.Git("update-ref", "refs/heads/doomed", "main~1");
        var files = new RefFiles(repository.Path);
        var expected = files.Read("refs/heads/doomed")!.Value;
        if (looseToo) Assert.Equal(new RefUpdateOutcome.Changed(expected), files.Update("refs/heads/doomed", tip, ObjectId.Zero));
        File.WriteAllText(Path.Combine(repository.Path, "packed-refs.lock"), "");
        Assert.IsType<RefUpdateOutcome.Locked>(files.Update("refs/heads/doomed", expected, ObjectId.Zero));
        File.Delete(Path.Combine(repository.Path, "packed-refs.lock"));

        Assert.IsType<RefUpdateOutcome.Updated>(files.Update("refs/heads/doomed", expected, ObjectId.Zero));
        Assert.IsType<RefUpdateOutcome.Updated>(files.Update("refs/tags/doomed", files.Read("refs/tags/doomed")!.Value, ObjectId.Zero));
        Assert.Equal("refs/heads/main\nrefs/tags/v1", repository.Git("for-each-ref", "--format=%(refname)"));
        Assert.Equal(tip.ToString(), repository.Git("rev-parse", "v1^{commit}"));
        Assert.Empty(Directory.GetFiles(repository.Path, "*.lock", SearchOption.AllDirectories));
        repository.Git("fsck", "--strict");
    }

    [Fact]
    public void A_ref_that_somebody_has_locked_is_left_alone_and_so_is_the_lock()
    {
        using var repository = new StockRepository();
        var tip = repository.FillWithHistory(1);
        var path = Path.Combine(repository.Path, "refs", "heads", "main.lock");
        File.WriteAllText(path, "theirs");
        Assert.IsType<RefUpdateOutcome.Locked>(new RefFiles(repository.Path).Update("refs/heads/main", tip, tip));
        Assert.Equal("theirs", File.ReadAllText(path));
    }

    [Fact]
    public async Task Of_many_that_move_a_ref_at_once_one_wins_each_step()
    {
        using var repository = new StockRepository();
        repository.FillWithHistory(1);
        var ids = Enumerable.Range(0, 20).Select(n => ObjectHasher.Hash(ObjectKind.Blob, [(byte)n])).ToArray();
        var wins = await Task.WhenAll(ids.Select(id => Task.Run(() => new RefFiles(repository.Path).Update("refs/heads/raced", ObjectId.Zero, id) is RefUpdateOutcome.Updated)));
        Assert.Single(wins, won => won);
        Assert.Equal(ids[Array.IndexOf(wins, true)], new RefFiles(repository.Path).Read("refs/heads/raced"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("0123456789")]
    [InlineData("0123456789012345678901234567890123456789x\n")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")]
    [InlineData("ref: refs/heads/../../etc/passwd\n")]
    [InlineData("ref: \n")]
    [InlineData("ref: refs/heads/torn\n")] // itself
    public void A_torn_or_hostile_ref_file_is_refused_by_name(string content)
    {
        using var repository = new StockRepository();
        File.WriteAllText(Path.Combine(repository.Path, "refs", "heads", "torn"), content);
        var files = new RefFiles(repository.Path);
        Assert.Throws<GitDataException>(() => files.List());
        var fault = Assert.Throws<GitDataException>(() => files.Read("refs/heads/torn"));
        Assert.Contains("refs/", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("garbage\n", 1)]
    [InlineData("# header\n0123 refs/heads/main\n", 2)]
    [InlineData("0123456789012345678901234567890123456789\n", 1)]
    [InlineData("0123456789012345678901234567890123456789 refs/heads/a\n012345678901234567890123456789", 2)]
    public void Garbage_in_packed_refs_is_refused_with_its_line(string content, int line)
    {
        using var repository = new StockRepository();
        File.WriteAllText(Path.Combine(repository.Path, "packed-refs"), content);
        var fault = Assert.Throws<GitDataException>(() => new RefFiles(repository.Path).Read("refs/heads/main"));
        Assert.Contains($"packed-refs: line {line} ", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("refs/heads/../evil")]
    [InlineData("refs/heads/a.lock")]
    [InlineData("HEAD")]
    [InlineData("/etc/passwd")]
    public void Nothing_is_written_under_a_name_that_is_no_ref(string name)
    {
        using var repository = new StockRepository();
        Assert.Throws<ArgumentException>(() => new RefFiles(repository.Path).Update(name, ObjectId.Zero, ObjectId.EmptyTree));
    }
}
