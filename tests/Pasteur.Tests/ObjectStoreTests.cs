using Pasteur.Git;
using Pasteur.Git.Packs;
using Pasteur.Tests.Support;

namespace Pasteur.Tests;

public sealed class ObjectStoreTests
{
    // Who looks for an object asks the newest packs first.
    [Theory]
    [InlineData(0, 1, "X,first")]
    [InlineData(1, 2, "third,X")]
    public async Task Packs_stand_from_the_newest_to_the_oldest_and_a_merged_one_where_its_newest_stood(int from, int to, string expected)
    {
        using var folder = new TemporaryFolder();
        var names = new Dictionary<string, string>();
        foreach (var (name, age) in ((string, int)[])[("second", 2), ("third", 1), ("first", 3)])
        {
            var pack = await PackOfAsync(folder[name], name);
            File.SetLastWriteTimeUtc(Path.ChangeExtension(pack, ".idx"), DateTime.UtcNow.AddHours(-age));
            foreach (var path in (string[])[pack, Path.ChangeExtension(pack, ".idx")]) File.Move(path, Path.Combine(folder.Path, Path.GetFileName(path)));
            names[Path.GetFileName(pack)] = name;
        }
        var store = new ObjectStore(null, folder.Path, null);
        store.Rescan();
        Assert.Equal("third,second,first", Names(store, names));

        var merged = await PackOfAsync(folder["X"], "X");
        names[Path.GetFileName(merged)] = "X";
        store.Replace([store.Packs[from], store.Packs[to]], PackFile.Open(Path.ChangeExtension(merged, ".idx")));
        Assert.Equal(expected, Names(store, names));
    }

    private static string Names(ObjectStore store, Dictionary<string, string> names) => string.Join(',', store.Packs.Select(pack => names[Path.GetFileName(pack.Name)]));

    private static async Task<string> PackOfAsync(string path, string text)
    {
        await using (var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = path }, TestContext.Current.CancellationToken))
            await repository.CommitAsync(PasteCommit.Of("abcd", text), TestContext.Current.CancellationToken);
        return Assert.Single(Directory.GetFiles(Path.Combine(path, "objects", "pack"), "*.pack"));
    }
}
