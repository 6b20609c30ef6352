using System.Text;
using Pasteur.Git;
using Pasteur.Git.Fsck;
using Pasteur.Git.Objects;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Fsck;

public sealed class RepositoryFsckTests
{
    [Fact]
    public void A_sound_repository_of_stock_git_has_no_findings_and_every_object_is_reached()
    {
        using var repository = new StockRepository();
        repository.FillWithHistory(30);
        repository.Git("repack", "-adfq");
        repository.Git("tag", "-m", "again", "v1-again", "v1");
        repository.Git("update-ref", "refs/heads/other", repository.Git("commit-tree", "main^{tree}", "-p", "main", "-m", "loose"));
        repository.Git("symbolic-ref", "HEAD", "refs/heads/unborn");
        var (findings, summary) = Run(repository);
        Assert.Empty(findings);
        Assert.Equal(repository.ReadAllObjects().Count, summary.ReachableObjects);
        Assert.Equal((1, 2, 4), (summary.Packs, summary.LooseObjects, summary.Refs));
    }

    [Fact]
    public void A_shallow_repository_is_sound()
    {
        using var source = new StockRepository();
        source.FillWithHistory(10);
        using var repository = new StockRepository();
        repository.Git("fetch", "-q", "--depth=2", "file://" + source.Path, "main:refs/heads/main");
        Assert.Empty(Run(repository).Findings);
        File.Delete(Path.Combine(repository.Path, "shallow"));
        Assert.Contains("which is missing", Assert.Single(Run(repository).Findings).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repository_of_our_own_is_sound_and_so_is_its_journal()
    {
        using var folder = new TemporaryFolder();
        var path = folder["data.git"];
        var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = path, IdleRoll = TimeSpan.FromHours(1) }, TestContext.Current.CancellationToken);
        await using (repository)
        {
            for (var n = 0; n < 5; n++) Assert.IsType<CommitOutcome.Committed>(await repository.CommitAsync(PasteCommit.Of($"paste{n}", $"content {n}"), TestContext.Current.CancellationToken));
            var open = Run(path);
            Assert.DoesNotContain(open.Findings, finding => finding.IsDamage);
            Assert.InRange(open.Summary.JournalObjects, 15, 1000);
            Assert.InRange(open.Summary.ReachableObjects, 15, 1000);
        }

        var (findings, summary) = Run(path);
        Assert.Empty(findings);
        Assert.Equal((1, 0L), (summary.Packs, summary.JournalObjects));
    }

    [Fact]
    public void A_tree_nested_without_end_is_a_finding_and_no_overflow()
    {
        using var repository = new StockRepository();
        var tip = DeepTree.CommitTo(repository, 3000);
        var finding = Assert.Single(Run(repository).Findings);
        Assert.Contains("nested more than 2048 deep", finding.Problem, StringComparison.Ordinal);
        // 2049 trees from the root to the one that is named.
        Assert.Equal($"tree {repository.Git("rev-parse", $"{tip}:{string.Join('/', Enumerable.Repeat("d", 2049))}")}", finding.Place);
    }

    [Fact]
    public void A_ref_that_is_garbage_hides_nothing_of_the_others()
    {
        using var repository = new StockRepository();
        repository.FillWithHistory(3);
        repository.Git("update-ref", "refs/heads/other", repository.Git("commit-tree", "main^{tree}", "-m", "other"));
        var sound = Run(repository).Summary;
        File.WriteAllText(Path.Combine(repository.Path, "refs", "heads", "bad"), "garbage\n");
        var (findings, summary) = Run(repository);
        Assert.Equal("refs/heads/bad", Assert.Single(findings).Place);
        Assert.Equal((sound.Refs, sound.ReachableObjects), (summary.Refs, summary.ReachableObjects));
    }

    [Theory]
    [InlineData(".pack", 40, "its checksum is wrong")] // somewhere in an entry
    [InlineData(".pack", -5, "its index was made for another pack")] // the trailer
    [InlineData(".idx", -5, "its checksum is wrong")] // its own checksum
    [InlineData(".idx", 1100, "its checksum is wrong")] // an id
    [InlineData(".idx", 3, "does not begin as a pack index")]
    public void Every_flipped_bit_of_a_pack_and_its_index_is_found_and_its_file_named(string extension, int place, string expected)
    {
        using var repository = new StockRepository();
        repository.FillWithHistory(5);
        repository.Git("repack", "-adfq");
        var path = Path.ChangeExtension(repository.OnlyPack(), extension);
        var bytes = File.ReadAllBytes(path);
        bytes[place < 0 ? bytes.Length + place : place] ^= 1;
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllBytes(path, bytes);
        var findings = Run(repository).Findings;
        Assert.Contains(findings, finding => Path.GetFileNameWithoutExtension(finding.Place) == Path.GetFileNameWithoutExtension(path) && finding.Problem.Contains(expected, StringComparison.Ordinal) && finding.IsDamage);
    }

    [Fact]
    public void A_loose_object_that_is_not_what_it_is_named_for_or_not_readable_is_found()
    {
        using var repository = new StockRepository();
        var (first, second) = (repository.Store(ObjectKind.Blob, "first"u8.ToArray()), repository.Store(ObjectKind.Blob, "second"u8.ToArray()));
        var loose = new LooseObjects(Path.Combine(repository.Path, "objects"));
        File.Move(loose.PathOf(first), loose.PathOf(second), overwrite: true);
        Assert.Equal("its content is not what it is named for", Assert.Single(Run(repository).Findings).Problem);
        File.WriteAllBytes(loose.PathOf(second), [1, 2, 3]);
        Assert.Equal(loose.PathOf(second), Assert.Single(Run(repository).Findings).Place);
    }

    [Theory]
    [InlineData("main^{tree}", "Commit ")]
    [InlineData("main:big.txt", "Tree ")]
    [InlineData("main~1", "Commit ")]
    [InlineData("main", "refs/heads/main")]
    public void A_missing_object_is_found_and_what_names_it_is_said(string missing, string namedBy)
    {
        using var repository = new StockRepository();
        repository.FillWithHistory(3); // so little that fast-import leaves it loose
        repository.Git("tag", "-d", "v1");
        var id = ObjectId.Parse(repository.Git("rev-parse", missing));
        File.Delete(new LooseObjects(Path.Combine(repository.Path, "objects")).PathOf(id));
        var finding = Assert.Single(Run(repository).Findings);
        Assert.StartsWith(namedBy, finding.Place, StringComparison.Ordinal);
        Assert.Contains(id.ToString(), finding.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ref_that_holds_garbage_is_named()
    {
        using var repository = new StockRepository();
        File.WriteAllText(Path.Combine(repository.Path, "refs", "heads", "torn"), "0123");
        Assert.Equal("refs/heads/torn", Assert.Single(Run(repository).Findings).Place);
    }

    [Fact]
    public void What_a_dead_program_left_is_a_remark_and_no_damage()
    {
        using var repository = new StockRepository();
        File.WriteAllBytes(Path.Combine(repository.PackFolder, "tmp_pack_pasteur_x"), [1]);
        File.WriteAllBytes(Path.Combine(repository.PackFolder, "pack-1234.pack"), [1]);
        var findings = Run(repository).Findings;
        Assert.Equal(2, findings.Count);
        Assert.DoesNotContain(findings, finding => finding.IsDamage);
    }

    [Fact]
    public void A_folder_that_is_no_repository_is_refused()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<GitDataException>(() => RepositoryFsck.Run(folder.Path, _ => { }, TestContext.Current.CancellationToken));
    }

    public static TheoryData<string, string> BadTrees() => new()
    {
        { "100644 .git", "no checkout may have" },
        { "40000 .GiT", "no checkout may have" },
        { "100644 git~1", "no checkout may have" },
        { "40000 ..", "no checkout may have" },
        { "40000 .", "no checkout may have" },
        { "040000 a", "begins with a zero" },
        { "100000 a", "none that git writes" },
        { "100644 b|100644 a", "out of order" },
        { "40000 a|100644 a.b", "out of order" }, // "a/" comes after "a."
        { "100644 a|100644 a", "there twice" },
        { "100644 a|40000 a", "there twice" },
    };

    [Theory]
    [MemberData(nameof(BadTrees))]
    public void Trees_that_stock_git_calls_bad_are_found(string entries, string expected)
    {
        byte[] tree = [.. entries.Split('|').SelectMany(entry => (byte[])[.. Encoding.ASCII.GetBytes(entry), 0, .. Enumerable.Repeat((byte)7, 20)])];
        Assert.Contains(expected, ObjectCheck.FindProblem(new RawObject(ObjectKind.Tree, tree), ObjectId.Zero)!, StringComparison.Ordinal);
        using var repository = new StockRepository();
        var id = repository.Store(ObjectKind.Tree, tree);
        Assert.NotEqual(0, StockGit.Try(repository.Path, default, "fsck", "--strict", id.ToString()).ExitCode);
    }

    [Theory]
    [InlineData("100644 a|100644 a.b|40000 a.c|100755 b|120000 c")]
    [InlineData("100644 a.b|40000 a|160000 b")]
    [InlineData("")]
    public void Good_trees_pass(string entries)
    {
        byte[] tree = [.. entries.Split('|', StringSplitOptions.RemoveEmptyEntries).SelectMany(entry => (byte[])[.. Encoding.ASCII.GetBytes(entry), 0, .. Enumerable.Repeat((byte)7, 20)])];
        Assert.Null(ObjectCheck.FindProblem(new RawObject(ObjectKind.Tree, tree), ObjectId.Zero));
    }

    [Theory]
    [InlineData("A <a@b> 1 +0000", null)]
    [InlineData(" <a@b> 1 +0000", null)]
    [InlineData("<a@b> 1 +0000", "its author")]
    [InlineData("A<a@b> 1 +0000", "its author")]
    [InlineData("A <a@b 1 +0000", "its author")]
    [InlineData("A <a<@b> 1 +0000", "its author")]
    [InlineData("A <a@b> x +0000", "its author")]
    [InlineData("A <a@b> 1 0000", "its author")]
    [InlineData("A <a@b> 1", "its author")]
    public void Authors_of_commits_are_judged_as_stock_git_judges_them(string author, string? expected)
    {
        var commit = Encoding.ASCII.GetBytes($"tree {ObjectId.EmptyTree}\nauthor {author}\ncommitter A <a@b> 1 +0000\n\nx\n");
        var problem = ObjectCheck.FindProblem(new RawObject(ObjectKind.Commit, commit), ObjectId.Zero);
        if (expected == null) Assert.Null(problem);
        else Assert.Contains(expected, problem, StringComparison.Ordinal);
        using var repository = new StockRepository();
        repository.Store(ObjectKind.Tree, default);
        var id = repository.Store(ObjectKind.Commit, commit);
        Assert.Equal(expected == null, StockGit.Try(repository.Path, default, "fsck", "--strict", id.ToString()).ExitCode == 0);
    }

    private static (List<FsckFinding> Findings, FsckSummary Summary) Run(StockRepository repository) => Run(repository.Path);

    private static (List<FsckFinding> Findings, FsckSummary Summary) Run(string folder)
    {
        var findings = new List<FsckFinding>();
        return (findings, RepositoryFsck.Run(folder, findings.Add, TestContext.Current.CancellationToken));
    }
}
