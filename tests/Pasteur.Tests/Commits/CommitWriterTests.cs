using System.Collections.Immutable;
using Pasteur.Git;
using Pasteur.Git.Commits;
using Pasteur.Git.Journals;
using Pasteur.Git.Objects;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Commits;

public sealed class CommitWriterTests
{
    // Once the queue is closed, the upkeep itself tells what it has put on the disk, while the writer works off what it was told before.
    [Fact]
    public async Task What_is_told_of_refs_on_the_disk_while_the_writer_ends_is_not_lost()
    {
        const int Each = 50_000;
        var options = new RepositoryOptions();
        var folder = new RepositoryFolder(options);
        var refs = Enumerable.Range(0, 2 * Each).ToImmutableDictionary(Name, static _ => ObjectId.EmptyTree);
        SealedJournal? last = null;
        using var writer = new CommitWriter(folder.Store, folder.Journals, options, new RefsAtStart(ImmutableDictionary<string, ObjectId>.Empty, refs, 0), journal => last = journal);
        using var goOn = new ManualResetEventSlim();
        var commit = new CommitOperation(PasteCommit.Of("abcd", "text"));
        Assert.True(writer.TryAdd(commit));
        Assert.True(writer.TryAdd(new WriterCall(goOn.Wait), urgent: true));
        foreach (var n in Enumerable.Range(0, Each)) Assert.True(writer.TryAdd(new WriterCall(() => writer.OnDisk(Name(n), ObjectId.EmptyTree)), urgent: true));
        writer.Start();
        Assert.IsType<CommitOutcome.Committed>(await commit.Completion.WaitAsync(TestContext.Current.CancellationToken));

        var closing = Task.Run(writer.Close, TestContext.Current.CancellationToken);
        goOn.Set();
        for (var n = Each; n < 2 * Each; n++) writer.OnDisk(Name(n), ObjectId.EmptyTree);
        await closing.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        writer.SealJournal();
        Assert.Equal(["refs/heads/main"], last!.Refs.Select(state => state.Name));
    }

    private static string Name(int n) => $"refs/heads/b{n}";
}
