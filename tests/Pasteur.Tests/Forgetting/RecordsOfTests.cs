using Pasteur.Git;
using Pasteur.Git.Forgetting;
using Pasteur.Git.Objects;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Forgetting;

public sealed class RecordsOfTests
{
    [Fact]
    public async Task A_pack_of_a_journal_is_found_by_the_commit_that_its_record_names_though_it_holds_nothing_of_it()
    {
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        ObjectId tip;
        await using (var first = await Repository.OpenAsync(new RepositoryOptions { Folder = path }, TestContext.Current.CancellationToken))
        {
            await first.CommitAsync(PasteCommit.Of(PasteCommit.Id(1), "stays"), TestContext.Current.CancellationToken);
            first.Current.TryGetRef("refs/heads/main", out tip);
        }
        var before = Directory.GetFiles(Path.Combine(path, "objects", "pack"), "*.idx");
        await using (var second = await Repository.OpenAsync(new RepositoryOptions { Folder = path }, TestContext.Current.CancellationToken))
            await second.CommitAsync(PasteCommit.Of(PasteCommit.Id(2), "ends", "until/2026-11-27T00Z/abcde"), TestContext.Current.CancellationToken);
        var store = new ObjectStore(null, Path.Combine(path, "objects", "pack"), null);
        store.Rescan();
        var pack = Assert.Single(store.Packs, pack => !before.Contains(Path.ChangeExtension(pack.Name, ".idx")));
        Assert.False(pack.Contains(tip));
        Assert.True(RecordsOf.Any(pack, new HashSet<ObjectId> { tip }));
        Assert.False(RecordsOf.Any(pack, new HashSet<ObjectId> { ObjectId.EmptyTree }));
    }
}
