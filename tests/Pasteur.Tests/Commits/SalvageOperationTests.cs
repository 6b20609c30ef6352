using System.Collections.Immutable;
using System.Text;
using Pasteur.Git;
using Pasteur.Git.Commits;
using Pasteur.Git.Objects;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Commits;

public sealed class SalvageOperationTests
{
    [Fact]
    public async Task A_tree_nested_without_end_is_told_and_costs_no_other_file()
    {
        using var stock = new StockRepository();
        var lost = DeepTree.CommitTo(stock, 3000);
        var options = new RepositoryOptions { Folder = stock.Path, JournalBytes = 1 << 20 };
        var folder = new RepositoryFolder(options);
        var none = ImmutableDictionary<string, ObjectId>.Empty;
        using var writer = new CommitWriter(folder.Store, folder.Journals, options, new RefsAtStart(none, none, 0), journal => journal.Journal.Dispose());
        var operation = new SalvageOperation("refs/heads/main", [lost], DateTimeOffset.UnixEpoch);
        Assert.True(writer.TryAdd(operation));
        writer.Start();

        var outcome = await operation.Completion.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal((2, 1), (outcome.Files, outcome.Missing));
        Assert.Contains("nested more than 2048 deep", outcome.Fault, StringComparison.Ordinal);
        Assert.True(writer.Current.TryGetRef("refs/heads/main", out var tip));
        Assert.Equal("beside", Encoding.UTF8.GetString(writer.Current.ReadBlob(writer.Current.Find(tip, "a")!.Value.Id)));
        Assert.Equal("beside", Encoding.UTF8.GetString(writer.Current.ReadBlob(writer.Current.Find(tip, "z")!.Value.Id)));
        writer.Close();
    }
}
