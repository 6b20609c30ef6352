using System.Collections.Immutable;
using Pasteur.Git;
using Pasteur.Git.Commits;
using Pasteur.Git.Objects;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Commits;

public sealed class FolderReadAheadTests
{
    private const string Main = "refs/heads/main";

    [Fact]
    public async Task All_folders_on_the_way_to_what_a_batch_will_change_are_held_afterwards()
    {
        using var folder = new TemporaryFolder();
        await FillAsync(folder["repo.git"], 200);
        await using var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = folder["repo.git"] }, TestContext.Current.CancellationToken);
        var snapshot = repository.Current;
        var trees = new TreeCache(1 << 20);
        var ahead = new FolderReadAhead(snapshot.Store, trees);
        // The first two letters of each are those of one that is there; the last are not.
        var ids = Enumerable.Range(0, 64).Select(n => PasteCommit.Id(n)[..2] + "zz" + n).ToArray();

        ahead.Read(ids.Select(id => new CommitOperation(PasteCommit.Of(id, "new"))), snapshot.Refs, snapshot.Store.TreeOf);

        foreach (var id in ids)
        {
            var tree = snapshot.Store.TreeOf(snapshot.Refs[Main]);
            foreach (var name in id[..2])
            {
                Assert.True(trees.TryGet(tree, out var held), id);
                Assert.True(TreeContent.TryFind(held.Content.Span, [(byte)name], out tree, out _), id);
            }
            Assert.True(trees.TryGet(tree, out _), id);
        }
    }

    [Fact]
    public async Task What_has_no_branch_yet_or_no_place_is_passed_over()
    {
        using var folder = new TemporaryFolder();
        await FillAsync(folder["repo.git"], 5);
        await using var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = folder["repo.git"] }, TestContext.Current.CancellationToken);
        var snapshot = repository.Current;
        var ahead = new FolderReadAhead(snapshot.Store, new TreeCache(1 << 20));
        ahead.Read([new CommitOperation(PasteCommit.Of("abcd", "x", "another")), new WriterCall(static () => { })], snapshot.Refs, snapshot.Store.TreeOf);
        ahead.Read([], ImmutableDictionary<string, ObjectId>.Empty, static id => id);
    }

    // As a large store does, in a small one: batches of many, each read ahead, look to git as those of a store that does not.
    [Fact]
    public async Task Commits_of_batches_that_are_read_ahead_are_those_of_batches_that_are_not()
    {
        using var folder = new TemporaryFolder();
        var tips = new List<string>();
        foreach (var from in (long[])[0, long.MaxValue])
        {
            var path = folder[$"repo{from}.git"];
            await FillAsync(path, 300);
            await using (var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = path, ReadAheadFrom = from }, TestContext.Current.CancellationToken))
            {
                var all = Enumerable.Range(300, 500).Select(n => repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(n), PasteCommit.Text(n)), TestContext.Current.CancellationToken).AsTask()).ToArray();
                foreach (var outcome in await Task.WhenAll(all)) Assert.IsType<CommitOutcome.Committed>(outcome);
                Assert.IsType<CommitOutcome.PathTaken>(await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(7), "again"), TestContext.Current.CancellationToken));
            }
            Assert.Equal("", StockGit.Run(path, "fsck", "--strict", "--no-dangling"));
            tips.Add(StockGit.Run(path, "rev-parse", "main^{tree}"));
        }
        Assert.Equal(tips[0], tips[1]);
    }

    [Fact]
    public async Task A_folder_that_is_damaged_fails_what_goes_there_and_nothing_else_of_the_batch()
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        await FillAsync(path, 40);
        var damaged = StockGit.Run(path, "rev-parse", $"main:{PasteCommit.Id(3)[0]}/{PasteCommit.Id(3)[1]}");
        DamageEntry(path, damaged);

        await using var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = path, ReadAheadFrom = 0 }, TestContext.Current.CancellationToken);
        // All in one batch: the writer waits until they are in its queue.
        var ids = Enumerable.Range(0, 40).Select(n => PasteCommit.Id(n)[..2] + "zz" + n).ToArray();
        var outcomes = await Task.WhenAll(ids.Select(id => repository.CommitAsync(PasteCommit.Of(id, "new"), TestContext.Current.CancellationToken).AsTask()));
        for (var n = 0; n < ids.Length; n++)
        {
            if (ids[n][..2] == PasteCommit.Id(3)[..2]) Assert.Contains("zlib", Assert.IsType<CommitOutcome.Unavailable>(outcomes[n]).Reason, StringComparison.Ordinal);
            else Assert.IsType<CommitOutcome.Committed>(outcomes[n]);
        }
    }

    private static async Task FillAsync(string path, int count)
    {
        await using var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = path }, TestContext.Current.CancellationToken);
        for (var n = 0; n < count; n++) await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(n), PasteCommit.Text(n)), TestContext.Current.CancellationToken);
    }

    // The first byte of its zlib stream.
    private static void DamageEntry(string path, string id)
    {
        var index = Directory.GetFiles(Path.Combine(path, "objects", "pack"), "*.idx").Single();
        var lines = StockGit.Run(path, "verify-pack", "-v", index).Split('\n');
        var fields = lines.First(line => line.StartsWith(id, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var pack = Path.ChangeExtension(index, ".pack");
        File.SetUnixFileMode(pack, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var file = File.OpenHandle(pack, FileMode.Open, FileAccess.ReadWrite);
        // An entry's checksum is its last four bytes.
        var at = long.Parse(fields[4], System.Globalization.CultureInfo.InvariantCulture) + long.Parse(fields[3], System.Globalization.CultureInfo.InvariantCulture) - 1;
        Span<byte> one = stackalloc byte[1];
        RandomAccess.Read(file, one, at);
        one[0] ^= 0xFF;
        RandomAccess.Write(file, one, at);
    }
}
