using System.Text;
using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Pastes;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Pastes;

/// <summary>Two servers change the same paste; the one whose push comes later takes the other's in, with its own on top.</summary>
public sealed class PasteFoldersTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private string _id = "";
    private string _token = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Ours => _folder["ours.git"];

    private string Theirs => _folder["theirs.git"];

    /// <summary>Both hold one paste of two files.</summary>
    public async ValueTask InitializeAsync()
    {
        await using (var repository = await OpenAsync(Theirs))
        {
            var created = Assert.IsType<CreateOutcome.Created>(await Store(repository).CreateAsync(new NewPaste { Author = "Ada", Files = [File("a.txt", "base"), File("b.txt", "stays")] }, Token));
            (_id, _token) = (created.Id.ToString(), created.Token.Reveal());
        }
        StockGit.Run(_folder.Path, "clone", "-q", "--bare", Theirs, Ours);
        await using (var ours = await OpenAsync(Ours)) Assert.True(await ours.RecordRemoteAsync("main", Tip(ours), Token));
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Of_two_edits_both_are_kept_the_later_one_as_the_newer_revision()
    {
        await EditTheirsAsync("theirs");
        await using var ours = await OpenAsync(Ours);
        await EditAsync(ours, "ours 1");
        await EditAsync(ours, "ours 2");

        var outcome = await IntegrateAsync(ours);

        Assert.Equal((2, 0), (outcome.Commits, outcome.Conflicts.Count));
        Assert.Equal(["base", "theirs", "ours 1", "ours 2"], Texts(ours));
        var paste = (await Store(ours).FindAsync(_id, Token))!;
        Assert.Equal(["a.txt", "b.txt"], paste.Files.Select(file => file.Name));
        Assert.Equal(["Ada", "theirs", "ours 1"], paste.Earlier.Select(revision => revision.Author));
        Assert.IsType<ChangeOutcome.Changed>(await Store(ours).EditAsync(_id, Edit("more"), Token));

        // Taken in once more, as after a push whose answer was lost.
        Assert.Equal(["base", "theirs", "ours 1", "ours 2", "more"], Texts(ours));
    }

    /// <summary>One gives it another end, the other another content: both hold, whoever comes later; of two ends the one that was said last.</summary>
    [Theory]
    [InlineData(true, true, 5, 0)]
    [InlineData(true, false, 5, 0)]
    [InlineData(false, true, 5, 9)]
    [InlineData(false, true, 9, 5)]
    [InlineData(true, true, 9, 5)]
    [InlineData(true, true, 5, 9)]
    public async Task Of_an_end_and_an_edit_at_the_same_time_both_are_kept(bool edits, bool theyEnd, int theirs, int ours)
    {
        await using (var there = await OpenAsync(Theirs))
        {
            if (edits && !theyEnd) await EditAsync(there, "edited");
            else await EndAsync(there, theirs);
        }
        await using var here = await OpenAsync(Ours);
        if (ours > 0 || !theyEnd) await EndAsync(here, ours > 0 ? ours : theirs);
        if (edits && theyEnd) await EditAsync(here, "edited");

        Assert.IsNotType<IntegrateOutcome.Unavailable>(await here.IntegrateAsync("main", Fetch(), RewindPolicy.Replay, Token));

        var folder = here.Current.Find(Tip(here), Folder)!.Value.Id;
        var paste = PasteReader.Read(here.Current, _id, folder)!;
        Assert.Equal(Later(Math.Max(theirs, ours)), paste.EndSet);
        Assert.Equal(Later(Math.Max(theirs, ours) + 100), paste.Expires);
        Assert.Equal(edits ? "edited" : "base", Encoding.UTF8.GetString(paste.Files[0].Content.Span));
        // Taken in once more, as after a push whose answer was lost.
        var tip = Tip(here);
        Assert.IsType<IntegrateOutcome.UpToDate>(await here.IntegrateAsync("main", Fetch(), RewindPolicy.Replay, Token));
        Assert.Equal(tip, Tip(here));
    }

    private static DateTimeOffset Later(int days) => new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero) + TimeSpan.FromDays(days);

    // In place, as the first step of a move does.
    private async Task EndAsync(Repository repository, int days)
    {
        Assert.True(PasteId.TryParse(_id, out var id));
        var paste = PasteReader.Read(repository.Current, _id, repository.Current.Find(Tip(repository), Folder)!.Value.Id)!;
        Assert.IsType<CommitOutcome.Committed>(await repository.CommitAsync(PasteDraft.OfNewEnd(paste, Later(days + 100), Later(days)).ToEdit(id, "main", paste), Token));
    }

    [Fact]
    public async Task An_edit_that_renames_a_file_is_taken_as_a_whole()
    {
        await EditTheirsAsync("theirs", "a.txt");
        await using var ours = await OpenAsync(Ours);
        await Store(ours).EditAsync(_id, Edit("renamed", "c.txt"), Token);

        await IntegrateAsync(ours);

        var paste = (await Store(ours).FindAsync(_id, Token))!;
        Assert.Equal(["c.txt"], paste.Files.Select(file => file.Name));
        Assert.Equal(["c.txt", "paste.json"], ours.Current.ReadTree(ours.Current.Find(Tip(ours), Folder)!.Value.Id).Select(entry => entry.Name));
        Assert.Equal(["a.txt", "b.txt"], Store(ours).AtRevision(paste, 2)!.Files.Select(file => file.Name));
    }

    [Fact]
    public async Task What_the_other_side_has_deleted_no_edit_brings_back()
    {
        await DeleteTheirsAsync();
        await using var ours = await OpenAsync(Ours);
        await Store(ours).EditAsync(_id, Edit("edited", "new.txt"), Token);

        var outcome = await ours.IntegrateAsync("main", Fetch(), RewindPolicy.Replay, Token);

        Assert.IsType<IntegrateOutcome.FastForwarded>(outcome);
        Assert.Null(await Store(ours).FindAsync(_id, Token));
        Assert.Null(ours.Current.Find(Tip(ours), Folder));
    }

    [Fact]
    public async Task What_we_have_deleted_no_edit_of_the_other_side_brings_back()
    {
        await EditTheirsAsync("theirs", "new.txt");
        await using var ours = await OpenAsync(Ours);
        Assert.IsType<ChangeOutcome.Changed>(await Store(ours).DeleteAsync(_id, _token, Token));

        await IntegrateAsync(ours);

        Assert.Null(ours.Current.Find(Tip(ours), Folder));
        await ours.DisposeAsync();
        Assert.Contains("theirs", StockGit.Run(Ours, "log", "-p", "main", "--", $"{Folder}/new.txt"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleted_on_both_sides_it_is_gone_and_nothing_is_left_to_push()
    {
        await DeleteTheirsAsync();
        await using var ours = await OpenAsync(Ours);
        await Store(ours).DeleteAsync(_id, _token, Token);

        await ours.IntegrateAsync("main", Fetch(), RewindPolicy.Replay, Token);

        Assert.Equal(ObjectId.Parse(StockGit.Run(Theirs, "rev-parse", "main")), Tip(ours));
        Assert.Null(ours.Current.Find(Tip(ours), Folder));
    }

    /// <summary>All our commits come once more onto a history that was rewritten and holds what they made.</summary>
    [Fact]
    public async Task A_rewritten_history_that_has_the_newest_revision_gets_no_older_one_again()
    {
        await using (var edited = await OpenAsync(Ours))
        {
            await EditAsync(edited, "two");
            await EditAsync(edited, "three");
        }
        StockGit.Run(Theirs, "fetch", "-q", Ours, "+main:main");
        await using var ours = await OpenAsync(Ours);
        Assert.True(await ours.RecordRemoteAsync("main", Tip(ours), Token));
        StockGit.Run(Theirs, "update-ref", "refs/heads/main", StockGit.Run(Theirs, "commit-tree", "-m", "squashed", "main^{tree}"));

        Assert.IsNotType<IntegrateOutcome.Unavailable>(await ours.IntegrateAsync("main", Fetch(), RewindPolicy.Replay, Token));

        Assert.Equal(["base", "two", "three"], Texts(ours));
        Assert.Equal(StockGit.Run(Theirs, "rev-parse", "main^{tree}"), ours.Current.ReadCommit(Tip(ours)).Tree.ToString());
    }

    [Fact]
    public async Task Two_pastes_that_drew_one_id_are_never_mixed()
    {
        const string id = "7kq2m9x4td";
        await using (var theirs = await OpenAsync(Theirs)) await theirs.CommitAsync(PasteCommit.Of(id, "theirs"), Token);
        await using var ours = await OpenAsync(Ours);
        await ours.CommitAsync(PasteCommit.Of(id, "ours") with { Edits = [new TreeEdit($"{PasteCommit.FolderOf(id)}/other.txt", PreparedBlob.Create("ours"u8))] }, Token);

        await ours.IntegrateAsync("main", Fetch(), RewindPolicy.Replay, Token);

        var folder = ours.Current.Find(Tip(ours), PasteCommit.FolderOf(id))!.Value.Id;
        Assert.Equal(["paste.json", "paste.txt"], ours.Current.ReadTree(folder).Select(entry => entry.Name));
    }

    [Fact]
    public async Task Whoever_pushes_another_owners_hash_is_not_helped_by_an_edit_of_ours()
    {
        await EditTheirsAsync("theirs");
        Push(json => json.Replace("\"ownerTokenHash\": \"", "\"ownerTokenHash\": \"00", StringComparison.Ordinal));
        await using var ours = await OpenAsync(Ours);
        await EditAsync(ours, "ours");

        var outcome = await ours.IntegrateAsync("main", Fetch(), RewindPolicy.Replay, Token);

        Assert.IsType<IntegrateOutcome.FastForwarded>(outcome);
        Assert.Equal(["base", "theirs"], Texts(ours));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{\"earlier\": [null, {\"tree\": 5}]}")]
    [InlineData("{\"earlier\": [null, {}]}")]
    public async Task A_description_that_is_not_sound_stops_nothing(string json)
    {
        Push(_ => json);
        await using var ours = await OpenAsync(Ours);
        await EditAsync(ours, "ours");

        Assert.IsNotType<IntegrateOutcome.Unavailable>(await ours.IntegrateAsync("main", Fetch(), RewindPolicy.Replay, Token));
        Assert.Equal(json, Encoding.UTF8.GetString(ours.Current.ReadBlob(ours.Current.Find(Tip(ours), $"{Folder}/paste.json")!.Value.Id)));
    }

    [Theory]
    [InlineData("7/k/q/7kq2m9x4td/paste.txt", 16)]
    [InlineData("7/k/q/7kq2m9x4td/a/b", 16)]
    [InlineData("7/k/q/7kq/a", 9)]
    [InlineData("7/k/q/2/7kq2m9x4tdc/paste.txt", 19)]
    [InlineData("7/k/q/7kq2m9x4tdc/paste.txt", 0)]
    [InlineData("7/k/q/2/7kq2m9x4td/paste.txt", 0)]
    [InlineData("7/k/q/3/7kq2m9x4tdc/paste.txt", 0)]
    [InlineData("7/k/q/2/", 0)]
    [InlineData("7/k/q/", 0)]
    [InlineData("7/k/q/7kq2m9x4td", 0)]
    [InlineData("7/k/q/8kq2m9x4td/a", 0)]
    [InlineData("7/k/q/7k/a", 0)]
    [InlineData("pasteur.json", 0)]
    [InlineData("7/k/qq/7kqq/a", 0)]
    [InlineData("", 0)]
    public void A_paste_is_the_folder_below_the_first_characters_of_its_id(string path, int length) =>
        Assert.Equal(length, PasteFolders.Find(Encoding.UTF8.GetBytes(path)));

    private string Folder => PasteCommit.FolderOf(_id);

    private static Task<Repository> OpenAsync(string folder) => Repository.OpenAsync(new RepositoryOptions { Folder = folder, Folders = PasteFolders.Rules }, Token);

    private static PasteStore Store(Repository repository) => PasteStore.Open(repository, new PasteStoreOptions { Branch = "main", IdLength = 10 });

    private static NewFile File(string name, string text) => new(name, Encoding.UTF8.GetBytes(text));

    private PasteEdit Edit(string text, string name = "a.txt") =>
        new() { Token = _token, Kept = name == "a.txt" ? ["b.txt"] : [], Paste = new NewPaste { Author = text, Files = [File(name, text)] } };

    private async Task EditAsync(Repository repository, string text, string name = "a.txt") =>
        Assert.IsType<ChangeOutcome.Changed>(await Store(repository).EditAsync(_id, Edit(text, name), Token));

    private async Task EditTheirsAsync(string text, string name = "a.txt")
    {
        await using var theirs = await OpenAsync(Theirs);
        await EditAsync(theirs, text, name);
    }

    private async Task DeleteTheirsAsync()
    {
        await using var theirs = await OpenAsync(Theirs);
        Assert.IsType<ChangeOutcome.Changed>(await Store(theirs).DeleteAsync(_id, _token, Token));
    }

    /// <summary>Somebody pushes another paste.json.</summary>
    private void Push(Func<string, string> change)
    {
        var json = change(StockGit.Run(Theirs, "show", $"main:{Folder}/paste.json"));
        var script = $"commit refs/heads/main\ncommitter Eve <e@example.org> 1700000000 +0000\ndata 1\nx\nfrom refs/heads/main^0\nM 100644 inline {Folder}/paste.json\ndata {Encoding.UTF8.GetByteCount(json)}\n{json}\n";
        StockGit.RunWithInput(Theirs, Encoding.UTF8.GetBytes(script), "fast-import", "--quiet");
    }

    private ObjectId Fetch()
    {
        StockGit.Run(Ours, "fetch", "-q", "--no-write-fetch-head", Theirs, "main");
        return ObjectId.Parse(StockGit.Run(Theirs, "rev-parse", "main"));
    }

    private async Task<IntegrateOutcome.Replayed> IntegrateAsync(Repository repository) =>
        Assert.IsType<IntegrateOutcome.Replayed>(await repository.IntegrateAsync("main", Fetch(), RewindPolicy.Replay, Token));

    private string[] Texts(Repository repository)
    {
        var store = Store(repository);
        var paste = store.FindAsync(_id, Token).AsTask().Result!;
        return [.. Enumerable.Range(1, paste.Revision.Number).Select(n => Encoding.UTF8.GetString(store.AtRevision(paste, n)!.Files.Single(file => file.Name == "a.txt").Content.Span))];
    }

    private static ObjectId Tip(Repository repository) => repository.Current.TryGetRef("refs/heads/main", out var tip) ? tip : default;
}
