using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Pasteur.Git;
using Pasteur.Pastes;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Pastes;

/// <summary>Marks of deletions, and what becomes of pastes that were moved before anybody knew of them.</summary>
public sealed class PasteDeletionsTests : IAsyncLifetime
{
    private const string Hour = "until/2026-11-27T12Z/me", Others = "until/2026-12-01/other";

    private readonly TemporaryFolder _folder = new();
    private readonly EndingClock _clock = new();
    private Repository _repository = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private PasteStoreOptions Options => new() { Branch = "main", IdLength = 10, Server = "me", Time = _clock, AwaitRemote = static (_, _) => ValueTask.FromResult<string?>(null) };

    public async ValueTask InitializeAsync() => _repository = await Repository.OpenAsync(HurriedOptions.Of(_folder["repo.git"]), Token);

    public async ValueTask DisposeAsync()
    {
        await _repository.DisposeAsync();
        PasteCheck.IsClean(_folder["repo.git"]);
        _folder.Dispose();
    }

    [Theory]
    [InlineData("main")]
    [InlineData(Others)]
    public async Task What_comes_late_to_another_place_is_shown_to_nobody_and_is_gone_before_the_branch_with_its_mark(string late)
    {
        var store = PasteStore.Open(_repository, Options);
        var sweep = new ExpirySweep(_repository, store, _clock, NullLogger.Instance);
        var (id, token, paste) = await CreateAsync(store, TimeSpan.FromHours(1));
        Assert.IsType<ChangeOutcome.Changed>(await store.DeleteAsync($"{id}", token, Token));
        Assert.True(IsMarked(Hour, id));
        await sweep.SweepAsync(Token);

        await PutAsync(id, late, paste, _clock.Now);
        Assert.Null(await store.FindAsync($"{id}", Token));
        await sweep.SweepAsync(Token);
        // A branch that stays is not looked through each time.
        Assert.Equal(late == "main", IsAt(late, id));
        _clock.Now += TimeSpan.FromHours(3);
        Assert.Equal(1, await sweep.SweepAsync(Token));

        Assert.False(_repository.Current.TryGetRef("refs/heads/" + Hour, out _));
        Assert.False(IsAt(late, id));
        Assert.True(IsMarked(late, id));
        Assert.Null(await PasteStore.Open(_repository, Options).FindAsync($"{id}", Token));
    }

    [Fact]
    public async Task A_mark_that_comes_later_takes_away_what_was_moved_before_and_a_new_start_finds_what_was_left()
    {
        var store = PasteStore.Open(_repository, Options);
        var sweep = new ExpirySweep(_repository, store, _clock, NullLogger.Instance);
        var (id, _, paste) = await CreateAsync(store, null);
        var (other, _, _) = await CreateAsync(store, null);
        await MarkAsync(other, Hour);
        await sweep.SweepAsync(Token);
        await PutAsync(id, Others, paste, _clock.Now);
        await sweep.SweepAsync(Token);
        Assert.True(IsAt(Others, id));
        Assert.NotNull(await store.FindAsync($"{id}", Token));

        await MarkAsync(id, "main");
        Assert.Null(await store.FindAsync($"{id}", Token));
        await sweep.SweepAsync(Token);
        Assert.False(IsAt(Others, id));
        // On the branch with the mark too; what was never given another end stays.
        Assert.True(IsAt("main", id) && IsAt("main", other));
        await PutAsync(id, "main", paste, _clock.Now);
        await new ExpirySweep(_repository, PasteStore.Open(_repository, Options), _clock, NullLogger.Instance).SweepAsync(Token);
        Assert.False(IsAt("main", id));
        Assert.True(IsAt("main", other));
        Assert.NotNull(await store.FindAsync($"{other}", Token));
    }

    /// <summary>A deletion at two places takes two commits, and with --ack remote a while between them.</summary>
    [Fact]
    public async Task A_sweep_between_the_steps_of_a_deletion_does_not_make_it_somebody_elses()
    {
        ExpirySweep? sweep = null;
        var sweeps = 0;
        var store = PasteStore.Open(_repository, Options with
        {
            AwaitRemote = async (_, cancel) =>
            {
                if (sweep is not null && sweeps++ == 0) await sweep.SweepAsync(cancel);
                return null;
            },
        });
        var (id, token, paste) = await CreateAsync(store, null);
        await PutAsync(id, Others, paste, _clock.Now);
        sweep = new ExpirySweep(_repository, store, _clock, NullLogger.Instance);

        Assert.IsType<ChangeOutcome.Changed>(await store.DeleteAsync($"{id}", token, Token));

        Assert.True(sweeps > 0);
        Assert.False(IsAt("main", id));
        Assert.False(IsAt(Others, id));
        Assert.IsType<ChangeOutcome.NotOwner>(await store.DeleteAsync($"{id}", token, Token));
    }

    [Fact]
    public async Task No_mark_is_left_without_a_remote_and_none_where_a_file_is_in_the_way()
    {
        var store = PasteStore.Open(_repository, new PasteStoreOptions { Branch = "main", IdLength = 10, Server = "me", Time = _clock });
        var (id, token, _) = await CreateAsync(store, null);
        Assert.IsType<ChangeOutcome.Changed>(await store.DeleteAsync($"{id}", token, Token));
        Assert.Null(Find("main", "deleted"));

        foreach (var file in (string[])["deleted", "deleted/%", "deleted/%/%"])
        {
            store = PasteStore.Open(_repository, Options);
            (id, token, _) = await CreateAsync(store, null);
            var path = string.Join('/', file.Split('/').Select((part, level) => part == "%" ? $"{id}"[level - 1].ToString() : part));
            await CommitAsync("main", [new TreeEdit(path, PreparedBlob.Create("mine"u8))]);
            Assert.IsType<ChangeOutcome.Changed>(await store.DeleteAsync($"{id}", token, Token));
            Assert.False(IsAt("main", id));
            Assert.Equal("mine", Encoding.UTF8.GetString(_repository.Current.ReadBlob(Find("main", path)!.Value.Id)));
            await CommitAsync("main", [new TreeEdit(path, null)]);
        }
    }

    [Fact]
    public async Task A_short_id_that_was_deleted_is_not_drawn_again()
    {
        var ids = from a in PasteId.Alphabet from b in PasteId.Alphabet from c in PasteId.Alphabet select $"{a}{b}{c}";
        await CommitAsync(Others, [.. ids.Where(text => PasteId.TryParse(text, out _)).Select(text => PasteMarks.Deleted.Of(PasteId.TryParse(text, out var id) ? id : default))]);
        var store = PasteStore.Open(_repository, new PasteStoreOptions { Branch = "main", IdLength = 3, Server = "me", Time = _clock });

        Assert.Contains("no free id", Assert.IsType<CreateOutcome.Unavailable>(await store.CreateAsync(New(null), Token)).Reason, StringComparison.Ordinal);
    }

    private NewPaste New(TimeSpan? life) => new() { Files = [new NewFile("a.txt", "text"u8.ToArray())], Expires = life is { } time ? _clock.Now + time : null };

    private async Task<(PasteId Id, string Token, Paste Paste)> CreateAsync(PasteStore store, TimeSpan? life)
    {
        var created = Assert.IsType<CreateOutcome.Created>(await store.CreateAsync(New(life), Token));
        return (created.Id, created.Token.Reveal(), (await store.FindAsync($"{created.Id}", Token))!);
    }

    // As another server moves it.
    private async Task PutAsync(PasteId id, string branch, Paste paste, DateTimeOffset now)
    {
        var draft = PasteDraft.OfNewEnd(paste, branch == "main" ? null : now + TimeSpan.FromDays(3), now);
        if (branch == "main" && paste.Expires is null) draft = PasteDraft.OfNewEnd(paste, now + TimeSpan.FromDays(3), now);
        var request = draft.ToCommit(id, branch, isFirst: false) with { MustBeAbsent = null };
        Assert.IsType<CommitOutcome.Committed>(await _repository.CommitAsync(request, Token));
    }

    private Task MarkAsync(PasteId id, string branch) => CommitAsync(branch, [PasteMarks.Deleted.Of(id)]);

    private async Task CommitAsync(string branch, IReadOnlyList<TreeEdit> edits) =>
        Assert.IsType<CommitOutcome.Committed>(await _repository.CommitAsync(new CommitRequest { Branch = branch, Edits = edits, Author = PasteDraft.AuthorOf(null, _clock.Now), Message = "by another" }, Token));

    private Pasteur.Git.Objects.TreeEntry? Find(string branch, string path) => _repository.Current.TryGetRef("refs/heads/" + branch, out var tip) ? _repository.Current.Find(tip, path) : null;

    private bool IsAt(string branch, PasteId id) => Find(branch, id.Folder) is not null;

    private bool IsMarked(string branch, PasteId id) => _repository.Current.TryGetRef("refs/heads/" + branch, out var tip) && PasteMarks.Deleted.IsSet(_repository.Current, tip, id);
}
