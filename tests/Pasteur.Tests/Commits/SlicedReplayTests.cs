using System.Diagnostics;
using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Commits;

/// <summary>Much of ours waits when a remote's tip is brought in: it is put on top in slices, and the site goes on meanwhile.</summary>
public sealed class SlicedReplayTests : IDisposable
{
    private const int Waiting = 1000;
    private const string ReplayRef = "refs/pasteur/replay";

    private readonly TemporaryFolder _folder = new();
    private int _next = Waiting;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pastes_are_answered_while_others_are_replayed_and_none_is_lost(bool onDisk)
    {
        var path = onDisk ? _folder["r.git"] : null;
        await using (var repository = await OpenAsync(path))
        {
            var foreign = await FillAsync(repository);
            var (outcome, longest) = await IntegrateUnderLoadAsync(repository, foreign);
            TestContext.Current.TestOutputHelper?.WriteLine($"{_next - Waiting} pastes beside a replay of {Waiting}, the longest waited {longest.TotalMilliseconds:0.0} ms");

            Assert.IsType<IntegrateOutcome.Replayed>(outcome);
            Assert.True(_next - Waiting > 5, $"{_next - Waiting} pastes were made beside the replay");
            AssertHoldsAll(repository.Current);
            Assert.Equal(foreign, repository.RemoteTip("main"));
            Assert.DoesNotContain(ReplayRef, repository.Current.RefNames);
            Assert.Equal(_next, repository.Backlog("main"));
        }
        if (path is null) return;
        PasteCheck.IsClean(path);
        PasteCheck.HoldsForGit(path, Enumerable.Range(0, _next));
        Assert.Equal((_next + 1).ToString(System.Globalization.CultureInfo.InvariantCulture), StockGit.Run(path, "rev-list", "--count", "main"));
    }

    // The replay fills several journals, and none of them has become a pack.
    [Theory]
    [InlineData(2)]
    [InlineData(20)]
    [InlineData(int.MaxValue)]
    public async Task Power_that_goes_during_or_after_a_replay_takes_nothing(int appends)
    {
        var (path, copy) = (_folder["r.git"], _folder["copy.git"]);
        using var copied = new ManualResetEventSlim();
        var countdown = int.MaxValue;
        void OnFault(string point)
        {
            if (!point.StartsWith("journal.", StringComparison.Ordinal)) copied.Wait(Cancel);
            else if (point == "journal.appended" && Interlocked.Decrement(ref countdown) == 0) StockGit.Copy(path, copy);
        }
        await using (var repository = await OpenAsync(path, OnFault, journalBytes: 64 << 10))
        {
            try
            {
                var foreign = await FillAsync(repository);
                Volatile.Write(ref countdown, appends);
                Assert.IsType<IntegrateOutcome.Replayed>(await repository.IntegrateAsync("main", foreign, RewindPolicy.Replay, Cancel));
                if (appends == int.MaxValue) StockGit.Copy(path, copy);
            }
            finally
            {
                copied.Set();
            }
        }
        await PasteCheck.RecoversAsync(copy, [.. Enumerable.Range(0, Waiting)]);
    }

    [Fact]
    public async Task Branch_that_is_rewound_during_a_replay_ends_as_if_one_came_after_the_other()
    {
        await using var repository = await OpenAsync(_folder["r.git"]);
        var foreign = await FillAsync(repository);
        var other = Assert.IsType<CommitOutcome.Committed>(await repository.CommitAsync(PasteCommit.Of("other", "theirs", "other"), Cancel)).Commit;
        var both = new[] { foreign, other }.Select(tip => repository.IntegrateAsync("main", tip, RewindPolicy.Replay, Cancel).AsTask());
        Assert.All(await Task.WhenAll(both), outcome => Assert.IsType<IntegrateOutcome.Replayed>(outcome));
        AssertHoldsAll(repository.Current);
        Assert.True(repository.Current.TryGetRef("refs/heads/main", out var tip));
        Assert.NotNull(repository.Current.Find(tip, PasteCommit.FolderOf("other")));
    }

    private static Task<Repository> OpenAsync(string? path, Action<string>? faultPoint = null, int journalBytes = 64 << 20) =>
        Repository.OpenAsync(new RepositoryOptions { Folder = path, FaultPoint = faultPoint, JournalBytes = journalBytes }, Cancel);

    // Answers the tip of somebody else's branch.
    private static async Task<ObjectId> FillAsync(Repository repository)
    {
        var all = await Task.WhenAll(Enumerable.Range(0, Waiting).Select(n => repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(n), PasteCommit.Text(n)), Cancel).AsTask()));
        Assert.All(all, outcome => Assert.IsType<CommitOutcome.Committed>(outcome));
        return Assert.IsType<CommitOutcome.Committed>(await repository.CommitAsync(PasteCommit.Of("foreign", "theirs", "theirs"), Cancel)).Commit;
    }

    private async Task<(IntegrateOutcome Outcome, TimeSpan Longest)> IntegrateUnderLoadAsync(Repository repository, ObjectId foreign)
    {
        var integrating = repository.IntegrateAsync("main", foreign, RewindPolicy.Replay, Cancel).AsTask();
        var longest = TimeSpan.Zero;
        while (!integrating.IsCompleted)
        {
            var since = Stopwatch.GetTimestamp();
            Assert.IsType<CommitOutcome.Committed>(await repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(_next), PasteCommit.Text(_next)), Cancel));
            _next++;
            if (Stopwatch.GetElapsedTime(since) is var took && took > longest) longest = took;
        }
        return (await integrating, longest);
    }

    private void AssertHoldsAll(Snapshot snapshot)
    {
        PasteCheck.Holds(snapshot, Enumerable.Range(0, _next));
        Assert.True(snapshot.TryGetRef("refs/heads/main", out var tip));
        Assert.NotNull(snapshot.Find(tip, PasteCommit.FolderOf("foreign")));
    }
}
