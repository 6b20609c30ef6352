using System.Text;
using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Pastes;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Pastes;

/// <summary>A branch that is as large as half a million pastes make it, of four trees: each folder of a level is the same as the others.</summary>
public sealed class LargeSiteTests : IDisposable
{
    private const int Enough = 16;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Path => _folder["pastes.git"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task New_ids_lie_a_level_deeper_and_old_ones_are_found_where_they_are()
    {
        Make(Enough);
        await using var repository = await OpenAsync();
        var store = Open(repository);

        var (id, token) = await CreateAsync(store, "one");

        Assert.Equal(11, id.Length);
        Assert.Equal($"{id[0]}/{id[1]}/{id[2]}/{id[3]}/{id}", FolderOf(id));
        Assert.True(repository.Current.Find(Tip(repository), FolderOf(id)) is { IsTree: true });
        Assert.Equal("one", await TextAsync(store, id));
        Assert.Equal("old", await TextAsync(store, "0000000000"));
        Assert.IsType<ChangeOutcome.Changed>(await store.EditAsync(id, new PasteEdit { Token = token, Paste = Paste("two") }, Token));
        Assert.Equal("two", await TextAsync(store, id));
        Assert.IsType<ChangeOutcome.Changed>(await store.DeleteAsync(id, token, Token));
        Assert.Null(await store.FindAsync(id, Token));
        await repository.DisposeAsync();
        Assert.Equal("", StockGit.Run(Path, "fsck", "--strict", "--no-dangling"));
    }

    [Fact]
    public async Task A_smaller_one_gives_ids_as_ever()
    {
        Make(Enough - 1);
        await using var repository = await OpenAsync();
        Assert.Equal(10, (await CreateAsync(Open(repository), "one")).Id.Length);
    }

    [Fact]
    public async Task What_lies_deeper_is_erased_as_a_whole()
    {
        Make(Enough);
        await using var repository = await OpenAsync();
        using var eraser = new Eraser("main", repository.EraseAsync, null, TimeProvider.System);
        var store = Open(repository, eraser);
        var (id, token) = await CreateAsync(store, "canary");
        await store.EditAsync(id, new PasteEdit { Token = token, Paste = Paste("canary edited") }, Token);
        Assert.True(PasteId.TryParse(id, out var parsed));

        Assert.IsType<EraseOutcome.Erased>(await eraser.EraseAsync([parsed], Token));

        Assert.Null(await store.FindAsync(id, Token));
        var tip = Tip(repository);
        Assert.True(Erasures.IsErased(repository.Current, tip, parsed));
        Assert.Single(Erasures.NewIn(repository.Current, null, tip), erased => Erasures.IsOf(erased, parsed));
        Assert.Null(repository.Current.Find(tip, FolderOf(id)));
    }

    /// <summary>Also on branches that end, where all are read when their time is over.</summary>
    [Fact]
    public async Task One_that_ends_is_known_when_its_branch_is_gone()
    {
        Make(Enough);
        await using var repository = await OpenAsync();
        var store = Open(repository);
        var created = Assert.IsType<CreateOutcome.Created>(await store.CreateAsync(Paste("ends") with { Expires = DateTimeOffset.UtcNow.AddHours(3) }, Token));

        Assert.Equal("ends", await TextAsync(store, created.Id.ToString()));
        var branch = Assert.Single(repository.Current.RefNames, name => name.StartsWith("refs/heads/until/", StringComparison.Ordinal));
        Assert.True(repository.Current.TryGetRef(branch, out var tip));
        Assert.Equal([created.Id.ToString()], GonePastes.In(repository.Current, tip));
    }

    private static NewPaste Paste(string text) => new() { Files = [new NewFile("a.txt", Encoding.UTF8.GetBytes(text))] };

    private static string FolderOf(string id) => PasteId.TryParse(id, out var parsed) ? parsed.Folder : throw new ArgumentException(id);

    private static ObjectId Tip(Repository repository) => repository.Current.TryGetRef("refs/heads/main", out var tip) ? tip : throw new InvalidOperationException("no main");

    private static async Task<string> TextAsync(PasteStore store, string id) => Encoding.UTF8.GetString((await store.FindAsync(id, Token))!.Files[0].Content.Span);

    private static PasteStore Open(Repository repository, Eraser? eraser = null) =>
        PasteStore.Open(repository, new PasteStoreOptions { Branch = "main", IdLength = 10, Eraser = eraser });

    private static async Task<(string Id, string Token)> CreateAsync(PasteStore store, string text)
    {
        var created = Assert.IsType<CreateOutcome.Created>(await store.CreateAsync(Paste(text), Token));
        return (created.Id.ToString(), created.Token.Reveal());
    }

    private Task<Repository> OpenAsync() => Repository.OpenAsync(new RepositoryOptions { Folder = Path, Folders = PasteFolders.Rules }, Token);

    // Entries of each innermost folder; every one of them is a paste only in 0/0/0, where its id begins so.
    private void Make(int entries)
    {
        StockGit.Run(_folder.Path, "init", "-q", "--bare", "-b", "main", Path);
        var text = Put("old", "hash-object", "-w", "--stdin");
        var format = Put("{\"format\": 1}\n", "hash-object", "-w", "--stdin");
        var paste = Put($"100644 blob {text}\tpaste.txt\n", "mktree");
        var tree = Put(string.Concat(Enumerable.Range(0, entries).Select(n => $"040000 tree {paste}\t00000000{n:00}\n")), "mktree");
        for (var level = 0; level < 3; level++)
            tree = Put(string.Concat(PasteId.Alphabet.Select(name => $"040000 tree {tree}\t{name}\n")) + (level == 2 ? $"100644 blob {format}\tpasteur.json\n" : ""), "mktree");
        StockGit.Run(Path, "update-ref", "refs/heads/main", Put("", "commit-tree", "-m", "large", tree));
    }

    private string Put(string input, params string[] arguments) => Encoding.UTF8.GetString(StockGit.RunWithInput(Path, Encoding.UTF8.GetBytes(input), arguments)).TrimEnd('\n');
}
