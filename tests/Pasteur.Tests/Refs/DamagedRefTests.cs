using System.Collections.Concurrent;
using Pasteur.Git;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Refs;

/// <summary>One ref among others that cannot be used: its file is garbage, or what it names is not there.</summary>
public sealed class DamagedRefTests
{
    private const string Bad = "refs/heads/bad";

    public static TheoryData<string, bool> Damage
    {
        get
        {
            var rows = new TheoryData<string, bool>();
            foreach (var content in (string[])["", "garbage\n", "\0\0\0\0\0\0\0\0", "ref: refs/heads/../../x\n", new string('1', 40) + "\n"])
            {
                rows.Add(content, true);
                rows.Add(content, false);
            }
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Damage))]
    public async Task The_others_are_served_and_followed_and_the_damaged_one_is_named(string content, bool isThereAtStart)
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        var events = new ConcurrentQueue<StoreEvent>();
        await using (var repository = await OpenAsync(path, events)) await CommitAsync(repository, 0);
        if (isThereAtStart) await DamageAsync(path, content);

        await using (var repository = await OpenAsync(path, events))
        {
            if (!isThereAtStart) await DamageAsync(path, content);
            await CommitAsync(repository, 1);
            // Looked at after the damaged one, whatever the order of a folder's files.
            foreach (var name in (string[])["a", "z"]) StockGit.Run(path, "update-ref", $"refs/heads/{name}", "main");
            await UntilAsync(() => repository.Current.TryGetRef("refs/heads/a", out _) && repository.Current.TryGetRef("refs/heads/z", out _), "to follow the others");
            await UntilAsync(() => StockGit.Run(path, "rev-list", "--count", "refs/heads/main") == "2", "to roll");
            await UntilAsync(() => events.Any(e => e.Warning && e.Message.Contains(Bad, StringComparison.Ordinal)), "a warning");
            PasteCheck.Holds(repository.Current, [0, 1]);
            Assert.True(repository.Health.Writable);
        }

        // Said once, not at every look.
        Assert.Single(events, e => e.Warning && !e.Message.Contains("left out", StringComparison.Ordinal) && e.Message.Contains(Bad, StringComparison.Ordinal));
        Assert.Equal(content, await File.ReadAllTextAsync(Path.Combine(path, Bad), TestContext.Current.CancellationToken));
        File.Delete(Path.Combine(path, Bad));
        await PasteCheck.RecoversAsync(path, [0, 1]);
    }

    [Theory]
    [InlineData("main")]
    [InlineData("other")]
    public async Task A_damaged_branch_is_never_taken_for_an_older_state_of_itself(string branch)
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        await using (var repository = await OpenAsync(path, [])) await CommitAsync(repository, 0);
        if (branch == "other") StockGit.Run(path, "update-ref", "refs/heads/other", "main");
        StockGit.Run(path, "pack-refs", "--all");
        // Not from the copy of the last roll either: the owner has removed that.
        File.Delete(Path.Combine(path, "pasteur", "refs"));
        await File.WriteAllTextAsync(Path.Combine(path, "refs", "heads", branch), "garbage\n", TestContext.Current.CancellationToken);

        if (branch == "main")
        {
            var refused = await Assert.ThrowsAsync<GitDataException>(() => OpenAsync(path, []));
            Assert.Contains("refs/heads/main", refused.Message, StringComparison.Ordinal);
        }
        else
        {
            await using var repository = await OpenAsync(path, []);
            PasteCheck.Holds(repository.Current, [0]);
            Assert.False(repository.Current.TryGetRef("refs/heads/other", out _));
        }
    }

    private static Task DamageAsync(string path, string content) => File.WriteAllTextAsync(Path.Combine(path, Bad), content, TestContext.Current.CancellationToken);

    private static Task<Repository> OpenAsync(string path, ConcurrentQueue<StoreEvent> events) =>
        Repository.OpenAsync(new RepositoryOptions { Folder = path, IdleRoll = TimeSpan.FromMilliseconds(50), OnEvent = events.Enqueue }, TestContext.Current.CancellationToken);

    private static async Task CommitAsync(Repository repository, int n) =>
        Assert.IsType<CommitOutcome.Committed>(await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(n), PasteCommit.Text(n)), TestContext.Current.CancellationToken));

    private static async Task UntilAsync(Func<bool> isDone, string what)
    {
        for (var wait = 0; !isDone(); wait++)
        {
            Assert.True(wait < 300, $"it does not come {what}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
