using System.Text;
using Pasteur.Git;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Upkeep;

public sealed class PackUpkeepTests
{
    [Fact]
    public async Task Many_rolls_leave_few_packs_and_lose_nothing()
    {
        const int Pastes = 1500;
        using var folder = new TemporaryFolder();
        var path = folder["repo.git"];
        var options = new RepositoryOptions { Folder = path, JournalBytes = 32 << 10 };
        await using (var repository = await Repository.OpenAsync(options, TestContext.Current.CancellationToken))
        {
            for (var n = 0; n < Pastes; n += 50)
                await Task.WhenAll(Enumerable.Range(n, 50).Select(i => repository.CommitAsync(PasteCommit.Of(PasteCommit.Id(i), $"text {i}"), default).AsTask()));
            var deadline = DateTime.UtcNow + TimeSpan.FromSeconds(90);
            while (repository.Health.Packs is 0 or > 6 && DateTime.UtcNow < deadline) await Task.Delay(100, TestContext.Current.CancellationToken);
            Assert.InRange(repository.Health.Packs, 1, 6);

            var snapshot = repository.Current;
            Assert.True(snapshot.TryGetRef("refs/heads/main", out var tip));
            for (var n = 0; n < Pastes; n++)
                Assert.Equal($"text {n}", Encoding.UTF8.GetString(snapshot.ReadBlob(snapshot.Find(tip, $"{PasteCommit.FolderOf(PasteCommit.Id(n))}/paste.txt")!.Value.Id)));
        }
        Assert.Equal("", StockGit.Run(path, "fsck", "--strict", "--no-dangling"));
        Assert.Equal($"{Pastes}", StockGit.Run(path, "rev-list", "--count", "main"));
    }
}
