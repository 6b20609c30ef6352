using System.Text;
using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Pastes;

namespace Pasteur.Tests.Pastes;

public sealed class PasteChangesTests : IAsyncLifetime
{
    private Repository _repository = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _repository = await Repository.OpenAsync(new RepositoryOptions(), Token);

    public ValueTask DisposeAsync() => _repository.DisposeAsync();

    [Fact]
    public async Task An_edit_is_a_commit_on_the_same_path_and_the_paste_has_one_revision_more()
    {
        var store = Open();
        var (id, token) = await CreateAsync(store, new NewPaste { Author = "Ada", Comment = "first light", Language = "ml", Files = [File("store.ml", "one"), File("b.txt", "stays")] });
        var before = _repository.Current.ReadCommit(Tip());

        var outcome = await store.EditAsync(id, new PasteEdit { Token = token, Kept = ["b.txt"], KeepsLanguage = true, Paste = new NewPaste { Author = "Grace", Comment = "why", Files = [File("store.ml", "two")] } }, Token);

        Assert.Equal(2, Assert.IsType<ChangeOutcome.Changed>(outcome).Revision);
        var commit = _repository.Current.ReadCommit(Tip());
        Assert.Equal(("Grace", "why\n"), (commit.Author.Name, commit.Message));
        Assert.NotEqual(before.Tree, commit.Tree);
        var paste = (await store.FindAsync(id, Token))!;
        Assert.Equal(("Grace", "why", "ocaml"), (paste.Author, paste.Comment, paste.Language));
        Assert.Equal(["store.ml", "b.txt"], paste.Files.Select(file => file.Name));
        Assert.Equal("two", Text(paste.Files[0]));
        Assert.Equal("stays", Text(paste.Files[1]));
        Assert.Equal([(1, "Ada", "first light")], paste.Earlier.Select(revision => (revision.Number, revision.Author!, revision.Comment!)));
        var first = store.AtRevision(paste, 1)!;
        Assert.Equal(("one", "Ada"), (Text(first.Files[0]), first.Author));
        Assert.Equal(paste.Created, first.Created);
        Assert.Null(store.AtRevision(paste, 0));
        Assert.Null(store.AtRevision(paste, 3));
    }

    [Fact]
    public async Task A_file_that_is_neither_sent_nor_kept_is_gone_and_a_name_may_change()
    {
        var store = Open();
        var (id, token) = await CreateAsync(store, new NewPaste { Files = [File("a.txt", "a"), File("b.txt", "b")] });

        await store.EditAsync(id, Edit(token, File("c.txt", "a")), Token);

        Assert.Equal(["c.txt"], (await store.FindAsync(id, Token))!.Files.Select(file => file.Name));
        var folder = _repository.Current.Find(Tip(), FolderOf(id))!.Value.Id;
        Assert.Equal(["c.txt", "paste.json"], _repository.Current.ReadTree(folder).Select(entry => entry.Name));
    }

    [Fact]
    public async Task Each_of_many_revisions_in_one_second_is_later_than_the_last_and_is_not_taken_for_another()
    {
        var store = Open();
        var (id, token) = await CreateAsync(store, new NewPaste { Files = [File("a.txt", "0")] });
        for (var n = 1; n <= 3; n++) await store.EditAsync(id, Edit(token, File("a.txt", $"{n}")), Token);

        var paste = (await store.FindAsync(id, Token))!;
        var revisions = paste.Earlier.Append(paste.Revision).ToArray();
        Assert.Equal(4, revisions.Select(revision => revision.Made).Distinct().Count());
        Assert.Equal(revisions, revisions.OrderBy(revision => revision.Made));
        Assert.All(paste.Earlier, revision => Assert.True(paste.WasAt(revision, hasItsFiles: false)));
        Assert.False(store.AtRevision(paste, 3)!.WasAt(paste.Revision, hasItsFiles: true));
        // Another server's edit of the same second.
        Assert.False(paste.WasAt(paste.Revision, hasItsFiles: false));
    }

    [Fact]
    public async Task Text_without_a_name_takes_the_name_of_the_only_file()
    {
        var store = Open();
        var (id, token) = await CreateAsync(store, new NewPaste { Files = [File("notes.md", "a")] });

        await store.EditAsync(id, Edit(token, File(null, "b")), Token);

        Assert.Equal("notes.md", Assert.Single((await store.FindAsync(id, Token))!.Files).Name);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("00000000000000000000000000")]
    public async Task Without_the_right_token_nothing_happens_whether_or_not_there_is_a_paste(string? wrong)
    {
        var store = Open();
        var (id, _) = await CreateAsync(store, new NewPaste { Files = [File("a.txt", "a")] });
        var tip = Tip();

        foreach (var code in new[] { id, "zzzzzzzzzz", "nothing", "../etc" })
        {
            Assert.IsType<ChangeOutcome.NotOwner>(await store.EditAsync(code, Edit(wrong, File("a.txt", "b")), Token));
            Assert.IsType<ChangeOutcome.NotOwner>(await store.DeleteAsync(code, wrong, Token));
        }

        Assert.Equal(tip, Tip());
    }

    [Fact]
    public async Task The_token_of_one_paste_opens_no_other()
    {
        var store = Open();
        var (_, token) = await CreateAsync(store, new NewPaste { Files = [File("a.txt", "a")] });
        var (other, _) = await CreateAsync(store, new NewPaste { Files = [File("a.txt", "a")] });

        Assert.IsType<ChangeOutcome.NotOwner>(await store.DeleteAsync(other, token, Token));
    }

    [Fact]
    public async Task A_stale_edit_is_told_what_is_there_and_changes_nothing()
    {
        var store = Open();
        var (id, token) = await CreateAsync(store, new NewPaste { Files = [File("a.txt", "a")] });
        var seen = (await store.FindAsync(id, Token))!.Tag;
        await store.EditAsync(id, Edit(token, File("a.txt", "theirs")), Token);
        var tip = Tip();

        var outcome = await store.EditAsync(id, Edit(token, File("a.txt", "mine")) with { Base = seen }, Token);

        Assert.Equal("theirs", Text(Assert.IsType<ChangeOutcome.Stale>(outcome).Current.Files[0]));
        Assert.Equal(tip, Tip());
        Assert.IsType<ChangeOutcome.Stale>(await store.EditAsync(id, Edit(token, File("a.txt", "mine")) with { Base = "" }, Token));
        var now = (await store.FindAsync(id, Token))!.Tag[..Limits.ShortestTag];
        Assert.IsType<ChangeOutcome.Changed>(await store.EditAsync(id, Edit(token, File("a.txt", "mine")) with { Base = now }, Token));
    }

    [Fact]
    public async Task Of_many_edits_at_once_of_the_same_state_one_is_made()
    {
        var store = Open();
        var (id, token) = await CreateAsync(store, new NewPaste { Files = [File("a.txt", "a")] });
        var seen = (await store.FindAsync(id, Token))!.Tag;

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 32).Select(n => Task.Run(() => store.EditAsync(id, Edit(token, File("a.txt", $"edit {n}")) with { Base = seen }, Token).AsTask())));

        Assert.Single(outcomes.OfType<ChangeOutcome.Changed>());
        Assert.Equal(31, outcomes.OfType<ChangeOutcome.Stale>().Count());
        Assert.Equal(2, (await store.FindAsync(id, Token))!.Revision.Number);
    }

    [Fact]
    public async Task Edits_that_mind_nobody_else_each_become_a_revision_or_are_told_to_come_again()
    {
        var store = Open();
        var (id, token) = await CreateAsync(store, new NewPaste { Files = [File("a.txt", "a")] });

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(n => Task.Run(() => store.EditAsync(id, Edit(token, File("a.txt", $"edit {n}")), Token).AsTask())));

        var paste = (await store.FindAsync(id, Token))!;
        var made = outcomes.OfType<ChangeOutcome.Changed>().Count();
        Assert.Equal(16, made + outcomes.OfType<ChangeOutcome.Busy>().Count());
        Assert.Equal(1 + made, paste.Revision.Number);
        Assert.Equal(made + 1, Enumerable.Range(1, paste.Revision.Number).Select(n => Text(store.AtRevision(paste, n)!.Files[0])).Distinct().Count());
    }

    [Fact]
    public async Task An_edit_sent_once_more_because_its_answer_was_lost_is_no_second_revision()
    {
        var store = Open();
        var (id, token) = await CreateAsync(store, new NewPaste { Files = [File("a.txt", "a")] });

        await store.EditAsync(id, Edit(token, File("a.txt", "b")), Token);
        var again = await store.EditAsync(id, Edit(token, File("a.txt", "b")), Token);

        Assert.Equal(2, Assert.IsType<ChangeOutcome.Changed>(again).Revision);
        Assert.Equal(2, (await store.FindAsync(id, Token))!.Revision.Number);
    }

    [Fact]
    public async Task A_deleted_paste_is_gone_from_the_tree_and_every_file_stays_in_the_history()
    {
        var store = Open();
        var (id, token) = await CreateAsync(store, new NewPaste { Files = [File("a.txt", "a"), File("b.txt", "b")] });
        var (other, _) = await CreateAsync(store, new NewPaste { Files = [File("a.txt", "other")] });
        await store.EditAsync(id, Edit(token, File("a.txt", "second")), Token);
        var before = Tip();

        Assert.IsType<ChangeOutcome.Changed>(await store.DeleteAsync(id, token, Token));

        Assert.Null(await store.FindAsync(id, Token));
        Assert.Null(_repository.Current.Find(Tip(), FolderOf(id)));
        Assert.NotNull(await store.FindAsync(other, Token));
        Assert.Equal(before, Assert.Single(_repository.Current.ReadCommit(Tip()).Parents));
        Assert.NotNull(_repository.Current.Find(before, FolderOf(id)));
        Assert.IsType<ChangeOutcome.NotOwner>(await store.DeleteAsync(id, token, Token));
        Assert.IsType<ChangeOutcome.NotOwner>(await store.EditAsync(id, Edit(token, File("a.txt", "again")), Token));
    }

    [Fact]
    public async Task What_was_encrypted_is_edited_by_envelopes_alone_and_the_other_way_round()
    {
        var store = Open();
        byte[] envelope = [.. "PstrEnv\n"u8, 1, 0, .. new byte[300]];
        var sealedPaste = new NewPaste { Files = [new NewFile("paste.pasteur", envelope)], EnvelopeVersion = 1 };
        var (id, token) = await CreateAsync(store, sealedPaste);
        var (clear, clearToken) = await CreateAsync(store, new NewPaste { Files = [File("a.txt", "a")] });

        Assert.Equal(ChangeRefusal.OtherKind, Assert.IsType<ChangeOutcome.Refused>(await store.EditAsync(id, Edit(token, File("a.txt", "in clear")), Token)).Why);
        Assert.Equal(ChangeRefusal.OtherKind, Assert.IsType<ChangeOutcome.Refused>(await store.EditAsync(clear, new PasteEdit { Token = clearToken, Paste = sealedPaste }, Token)).Why);
        envelope[^1] = 1;
        Assert.IsType<ChangeOutcome.Changed>(await store.EditAsync(id, new PasteEdit { Token = token, Paste = sealedPaste with { Files = [new NewFile("paste.pasteur", envelope)] } }, Token));
    }

    [Fact]
    public async Task Revisions_have_a_limit()
    {
        var store = Open();
        var (id, token) = await CreateAsync(store, new NewPaste { Files = [File("a.txt", "0")] });
        for (var n = 1; n < Limits.MaxRevisions; n++) Assert.IsType<ChangeOutcome.Changed>(await store.EditAsync(id, Edit(token, File("a.txt", $"{n}")), Token));

        Assert.Equal(ChangeRefusal.TooManyRevisions, Assert.IsType<ChangeOutcome.Refused>(await store.EditAsync(id, Edit(token, File("a.txt", "more")), Token)).Why);
        var paste = (await store.FindAsync(id, Token))!;
        Assert.Equal(Limits.MaxRevisions, paste.Revision.Number);
        Assert.Equal("499", Text(store.AtRevision(paste, 500)!.Files[0]));
        Assert.IsType<ChangeOutcome.Changed>(await store.DeleteAsync(id, token, Token));
    }

    /// <summary>Whoever may push can write any list of revisions into a paste.</summary>
    [Theory]
    [InlineData("\"earlier\": [{\"tree\": \"0000000000000000000000000000000000000001\"}]", 2, false)]
    [InlineData("\"earlier\": [{\"tree\": \"COMMIT\"}]", 2, false)]
    [InlineData("\"earlier\": [{\"tree\": \"../../etc\"}, null, {}]", 1, false)]
    [InlineData("\"earlier\": null", 1, false)]
    [InlineData("\"earlier\": [{\"tree\": \"4b825dc642cb6eb9a060e54bf8d69288fbee4904\"}]", 2, false)]
    public async Task A_list_of_revisions_that_is_not_sound_shows_nothing(string earlier, int count, bool isThere)
    {
        var store = Open();
        await CreateAsync(store, new NewPaste { Files = [File("a.txt", "0")] });
        const string id = "7kq2m9x4td";
        var json = $"{{\"format\": 1, {earlier.Replace("COMMIT", Tip().ToString(), StringComparison.Ordinal)}}}";
        await _repository.CommitAsync(new CommitRequest
        {
            Branch = "main",
            Author = new Signature("Eve", "eve@example.org", DateTimeOffset.UnixEpoch),
            Message = "x",
            Edits = [new TreeEdit($"{FolderOf(id)}/a.txt", PreparedBlob.Create("x"u8)), new TreeEdit($"{FolderOf(id)}/paste.json", PreparedBlob.Create(Encoding.UTF8.GetBytes(json)))],
        }, Token);

        var paste = (await store.FindAsync(id, Token))!;

        Assert.Equal(count, paste.Revision.Number);
        if (count > 1) Assert.Equal(isThere, store.AtRevision(paste, 1) is not null);
    }

    private PasteStore Open() => PasteStore.Open(_repository, new PasteStoreOptions { Branch = "main", IdLength = 10 });

    private static async Task<(string Id, string Token)> CreateAsync(PasteStore store, NewPaste paste)
    {
        var created = Assert.IsType<CreateOutcome.Created>(await store.CreateAsync(paste, Token));
        return (created.Id.ToString(), created.Token.Reveal());
    }

    private static PasteEdit Edit(string? token, params NewFile[] files) => new() { Token = token, Paste = new NewPaste { Files = files } };

    private static NewFile File(string? name, string text) => new(name, Encoding.UTF8.GetBytes(text));

    private static string Text(PasteFile file) => Encoding.UTF8.GetString(file.Content.Span);

    private static string FolderOf(string id) => $"{id[0]}/{id[1]}/{id[2]}/{id}";

    private Pasteur.Git.Objects.ObjectId Tip() => _repository.Current.TryGetRef("refs/heads/main", out var tip) ? tip : default;
}
