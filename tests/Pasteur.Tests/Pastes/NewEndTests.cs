using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Pastes;
using Pasteur.Tests.Forgetting;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Pastes;

/// <summary>Owners change when their pastes end: they are moved between the branch that stays and those that go.</summary>
public sealed class NewEndTests : IAsyncLifetime
{
    private const string Canary = "canary-31c9-gets-another-end";

    private readonly TemporaryFolder _folder = new();
    private readonly EndingClock _clock = new();
    private Repository _repository = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Path => _folder["repo.git"];

    public async ValueTask InitializeAsync() => _repository = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _repository.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_stays_is_given_an_end_leaves_the_branch_and_the_history_keeps_what_was_there()
    {
        var store = Open();
        var (id, token) = await CreateAsync(store, Canary, null);
        await EditAsync(store, id, token, Canary + " 2");
        var before = await store.FindAsync(id, Token);
        var tip = Tip("main");

        var changed = await EndAsync(store, id, token, TimeSpan.FromHours(1));

        Assert.Equal((_clock.Now + TimeSpan.FromHours(1), 2), (changed.Expires, changed.Revision));
        var paste = (await store.FindAsync(id, Token))!;
        Assert.Equal(("until/2026-11-27T12Z/me", changed.Expires, true, 2), (paste.ShortLivedBranch, paste.Expires, paste.InHistory, paste.Revision.Number));
        Assert.Equal((before!.Created, before.Edited, before.Author, before.Comment, before.OwnerTokenHash), (paste.Created, paste.Edited, paste.Author, paste.Comment, paste.OwnerTokenHash));
        Assert.NotEqual(before.Tag, paste.Tag);
        Assert.Equal(Canary, Text(store.AtRevision(paste, 1)));
        Assert.Equal([id], Places(id, "until/2026-11-27T12Z/me"));
        Assert.Empty(Places(id, "main"));
        Assert.NotNull(_repository.Current.Find(tip, FolderOf(id)));
        _clock.Now = changed.Expires!.Value;
        Assert.Null(await store.FindAsync(id, Token));
        Assert.Equal(PasteFate.Ended, store.FateOf(id));
        PasteCheck.IsClean(Path);
    }

    [Fact]
    public async Task What_ends_is_made_to_stay_and_outlives_the_branch_that_it_was_on_with_all_its_bytes()
    {
        var store = Open();
        var (id, token) = await CreateAsync(store, Canary, TimeSpan.FromHours(1));
        var (neighbour, _) = await CreateAsync(store, "neighbour", TimeSpan.FromHours(1));
        await ForgettingTests.UntilAsync(() => ForgettingTests.Has(Path, "neighbour"));

        Assert.Null((await EndAsync(store, id, token, null)).Expires);

        Assert.Equal([id], Places(id, "main"));
        Assert.NotNull(_repository.Current.Find(Tip("main"), "pasteur.json"));
        Assert.Empty(Places(id, "until/2026-11-27T12Z/me"));
        _clock.Now += TimeSpan.FromHours(3);
        Assert.Equal(1, await Sweep(store).SweepAsync(Token));
        await ForgettingTests.UntilAsync(() => !ForgettingTests.Has(Path, "neighbour"));
        Assert.Equal(Canary, Text(await store.FindAsync(id, Token)));
        Assert.False((await store.FindAsync(id, Token))!.InHistory);
        Assert.Null(await store.FindAsync(neighbour, Token));
        await _repository.DisposeAsync();
        PasteCheck.IsClean(Path);
        Assert.Equal(Canary, StockGit.Run(Path, "cat-file", "-p", $"main:{FolderOf(id)}/paste.txt"));
        _repository = await OpenAsync();
    }

    [Theory]
    [InlineData(5, 2, "until/2026-12-02/me", "until/2026-11-29T11Z/me", true)]
    [InlineData(2, 5, "until/2026-11-29T11Z/me", "until/2026-12-03/me", false)]
    public async Task It_is_shortened_and_prolonged_from_branch_to_branch(int days, int then, string from, string to, bool isInHistory)
    {
        var store = Open();
        var (id, token) = await CreateAsync(store, Canary, TimeSpan.FromDays(days));
        Assert.Equal(from == "until/2026-12-02/me" ? "until/2026-12-03/me" : from, (await store.FindAsync(id, Token))!.ShortLivedBranch);

        await EndAsync(store, id, token, TimeSpan.FromDays(then));

        var paste = (await store.FindAsync(id, Token))!;
        Assert.Equal((to, _clock.Now + TimeSpan.FromDays(then), isInHistory), (paste.ShortLivedBranch, paste.Expires!.Value, paste.InHistory));
        Assert.Single(store.ShortLived(_repository.Current), branch => Places(id, branch.Name).Length > 0);
        // The old branch, with what is left of it in its history, goes without it.
        _clock.Now += TimeSpan.FromDays(Math.Min(days, then)) + TimeSpan.FromHours(2);
        await Sweep(store).SweepAsync(Token);
        Assert.Equal(then > days ? Canary : null, Text(await Open().FindAsync(id, Token)));
        _clock.Now += TimeSpan.FromDays(8);
        await Sweep(store).SweepAsync(Token);
        await ForgettingTests.UntilAsync(() => !ForgettingTests.Has(Path, Canary));
        PasteCheck.IsClean(Path);
    }

    [Fact]
    public async Task In_the_same_bucket_it_stays_where_it_is_also_on_the_branch_of_another_server()
    {
        var store = Open();
        var (id, token) = await CreateAsync(Open(server: "other"), Canary, TimeSpan.FromMinutes(70));

        await EndAsync(store, id, token, TimeSpan.FromMinutes(50));

        var paste = (await store.FindAsync(id, Token))!;
        Assert.Equal(("until/2026-11-27T12Z/other", _clock.Now + TimeSpan.FromMinutes(50), false), (paste.ShortLivedBranch, paste.Expires!.Value, paste.InHistory));
        Assert.Single(store.ShortLived(_repository.Current));
    }

    [Fact]
    public async Task Content_and_end_change_together_and_the_new_content_never_was_on_the_branch_that_stays()
    {
        var store = Open();
        var (id, token) = await CreateAsync(store, "first", null);

        var edit = Edit(token, Canary) with { Ends = At(TimeSpan.FromHours(1)) };
        Assert.Equal(2, Assert.IsType<ChangeOutcome.Changed>(await store.EditAsync(id, edit, Token)).Revision);

        var paste = (await store.FindAsync(id, Token))!;
        Assert.Equal((Canary, "first"), (Text(paste), Text(store.AtRevision(paste, 1))));
        await _repository.DisposeAsync();
        Assert.DoesNotContain(Canary, StockGit.Run(Path, "log", "-p", "main"), StringComparison.Ordinal);
        _repository = await OpenAsync();
        _clock.Now += TimeSpan.FromHours(3);
        await Sweep(Open()).SweepAsync(Token);
        await ForgettingTests.UntilAsync(() => !ForgettingTests.Has(Path, Canary));
    }

    [Fact]
    public async Task Sent_again_it_changes_nothing_and_what_was_made_of_something_else_is_told_so()
    {
        var store = Open();
        var (id, token) = await CreateAsync(store, Canary, null);
        var seen = (await store.FindAsync(id, Token))!.Tag;
        await EndAsync(store, id, token, TimeSpan.FromHours(1));
        var sequence = _repository.Current.Sequence;

        await EndAsync(store, id, token, TimeSpan.FromHours(1));

        Assert.Equal(sequence, _repository.Current.Sequence);
        Assert.Equal(Canary, Text(Assert.IsType<ChangeOutcome.Stale>(await store.EditAsync(id, End(token, At(TimeSpan.FromHours(2))) with { Base = seen }, Token)).Current));
        Assert.IsType<ChangeOutcome.NotOwner>(await store.EditAsync(id, End("0000000000", At(TimeSpan.FromHours(2))), Token));
        Assert.IsType<ChangeOutcome.NotOwner>(await store.EditAsync("zzzzzzzzzz", End(token, new Expiry.Never()), Token));
        Assert.Equal(sequence, _repository.Current.Sequence);
    }

    [Fact]
    public async Task No_paste_lives_longer_than_the_site_allows_counted_from_when_it_was_made_but_any_may_be_shortened()
    {
        var store = Open();
        var (old, token) = await CreateAsync(store, "stays", null);
        var (id, its) = await CreateAsync(store, Canary, TimeSpan.FromDays(3));
        _clock.Now += TimeSpan.FromDays(1);
        var strict = Open(most: TimeSpan.FromDays(7));

        foreach (var ends in (Expiry[])[new Expiry.Never(), At(TimeSpan.FromDays(6.1))])
            Assert.Equal(ChangeRefusal.TooLong, Assert.IsType<ChangeOutcome.Refused>(await strict.EditAsync(id, End(its, ends), Token)).Why);
        await EndAsync(strict, id, its, TimeSpan.FromDays(6));
        await EndAsync(strict, id, its, TimeSpan.FromDays(1));
        await EndAsync(strict, old, token, TimeSpan.FromDays(30));
        Assert.Equal(ChangeRefusal.TooLong, Assert.IsType<ChangeOutcome.Refused>(await strict.EditAsync(old, End(token, At(TimeSpan.FromDays(31))), Token)).Why);
    }

    [Fact]
    public async Task What_burns_keeps_its_end_and_where_none_ends_nothing_is_given_one()
    {
        var store = Open();
        var burning = Assert.IsType<CreateOutcome.Created>(await store.CreateAsync(New(Canary, TimeSpan.FromDays(1)) with { Reads = 1 }, Token));
        Assert.Equal(ChangeRefusal.Burns, Assert.IsType<ChangeOutcome.Refused>(await store.EditAsync(burning.Id.ToString(), End(burning.Token.Reveal(), At(TimeSpan.FromHours(1))), Token)).Why);

        var (id, token) = await CreateAsync(store, "stays", null);
        var refusing = Open(refuses: "the remote deletes no branches");
        Assert.Contains("deletes no branches", Assert.IsType<ChangeOutcome.NoneEnds>(await refusing.EditAsync(id, End(token, At(TimeSpan.FromHours(1))), Token)).Reason, StringComparison.Ordinal);
        var (ends, its) = await CreateAsync(store, "ends", TimeSpan.FromHours(1));
        await EndAsync(refusing, ends, its, null);
    }

    /// <summary>What a kill between the two steps leaves: the paste in two places.</summary>
    [Theory]
    [InlineData(null, 1)]
    [InlineData(100, 1)]
    [InlineData(1, null)]
    [InlineData(1, 100)]
    public async Task Killed_between_the_two_steps_it_ends_when_its_owner_has_said_last_and_is_nowhere_afterwards(int? hours, int? then)
    {
        var store = Open();
        var (id, token) = await CreateAsync(store, Canary, hours is { } life ? TimeSpan.FromHours(life) : null);
        var old = (await store.FindAsync(id, Token))!;
        var oldBranch = old.ShortLivedBranch ?? "main";
        await MoveHalfAsync(store, id, then is { } more ? _clock.Now + TimeSpan.FromHours(more) : null);
        Assert.Equal(2, All(id));
        await _repository.DisposeAsync();
        PasteCheck.IsClean(Path);

        _repository = await OpenAsync();
        store = Open();
        var paste = (await store.FindAsync(id, Token))!;
        Assert.Equal((Canary, then is { } h ? _clock.Now + TimeSpan.FromHours(h) : (DateTimeOffset?)null), (Text(paste), paste.Expires));
        // Also what is left at the old place lives no longer.
        if (then < (hours ?? int.MaxValue))
            Assert.Equal(paste.Expires, PasteReader.Read(_repository.Current, id, _repository.Current.Find(Tip(oldBranch), FolderOf(id))!.Value.Id)!.Expires);

        _clock.Now += TimeSpan.FromHours(3);
        Assert.Equal(1, await Sweep(store).SweepAsync(Token));
        if (then is 1)
        {
            Assert.Null(await store.FindAsync(id, Token));
            Assert.Equal(0, All(id));
            Assert.Null(await Open().FindAsync(id, Token));
        }
        else
        {
            foreach (var reader in (PasteStore[])[store, Open()]) Assert.Equal(Canary, Text(await reader.FindAsync(id, Token)));
            Assert.Equal(1, All(id));
        }
        PasteCheck.IsClean(Path);
    }

    [Fact]
    public async Task Whoever_asks_again_after_a_kill_or_deletes_leaves_nothing_at_the_old_place()
    {
        var store = Open();
        foreach (var isDeletion in (bool[])[false, true])
        {
            var (id, token) = await CreateAsync(store, Canary, null);
            await MoveHalfAsync(store, id, _clock.Now + TimeSpan.FromHours(1));
            Assert.Equal(2, All(id));
            if (isDeletion) Assert.True(Assert.IsType<ChangeOutcome.Changed>(await store.DeleteAsync(id, token, Token)).IsInHistory);
            else await EndAsync(store, id, token, TimeSpan.FromHours(1));
            Assert.Equal(isDeletion ? 0 : 1, All(id));
            Assert.Equal(isDeletion, await Open().FindAsync(id, Token) is null);
        }
    }

    [Fact]
    public async Task Moved_there_and_back_within_a_second_the_last_word_counts()
    {
        var store = Open();
        var (id, token) = await CreateAsync(store, Canary, null);
        foreach (var hours in (int?[])[1, null, 3, 1, 60, null, 1])
        {
            await MoveHalfAsync(store, id, hours is { } life ? _clock.Now + TimeSpan.FromHours(life) : null);
            Assert.Equal(hours is { } ends ? _clock.Now + TimeSpan.FromHours(ends) : null, (await Open().FindAsync(id, Token))!.Expires);
        }
        await EndAsync(store, id, token, TimeSpan.FromHours(1));
        Assert.Equal(1, All(id));
    }

    [Fact]
    public async Task Where_deletions_are_forgotten_its_history_goes_when_it_has_ended_and_not_before()
    {
        using var eraser = new Eraser("main", _repository.EraseAsync, null, _clock);
        var store = Open(eraser: eraser);
        var (id, token) = await CreateAsync(store, Canary, null);
        var (kept, its) = await CreateAsync(store, "prolonged", null);
        var (other, _) = await CreateAsync(store, "other", TimeSpan.FromHours(1));
        await EndAsync(store, id, token, TimeSpan.FromHours(1));
        await EndAsync(store, kept, its, TimeSpan.FromHours(1));
        // Killed before it has left the branch that goes: it lives, and nothing of it is erased.
        await MoveHalfAsync(store, kept, null);
        Assert.Equal(0, eraser.Waiting);
        _clock.Now += TimeSpan.FromHours(3);

        Assert.Equal(1, await Sweep(store).SweepAsync(Token));
        Assert.Equal(1, eraser.Waiting);
        Assert.Null(await eraser.ForgetAsync(id => store.FindHere(id.ToString()) is not null, Token));

        Assert.Equal("prolonged", Text(await store.FindAsync(kept, Token)));
        Assert.Null(await store.FindAsync(other, Token));
        await ForgettingTests.UntilAsync(() => !ForgettingTests.Has(Path, Canary));
        Assert.DoesNotContain(id, StockGit.Run(Path, "rev-list", "--objects", "--all"), StringComparison.Ordinal);
        PasteCheck.IsClean(Path);
    }

    [Fact]
    public async Task An_edit_at_the_same_instant_is_either_before_or_told_and_never_lost()
    {
        var store = Open();
        for (var round = 0; round < 20; round++)
        {
            var (id, token) = await CreateAsync(store, "first", null);
            var edit = Task.Run(() => store.EditAsync(id, Edit(token, "second"), Token).AsTask());
            var end = Task.Run(() => store.EditAsync(id, End(token, At(TimeSpan.FromHours(1))), Token).AsTask());
            Assert.All(await Task.WhenAll(edit, end), outcome => Assert.IsType<ChangeOutcome.Changed>(outcome));
            var paste = (await store.FindAsync(id, Token))!;
            Assert.Equal(("second", true, 2), (Text(paste), paste.Expires is not null, paste.Revision.Number));
            Assert.Equal(1, All(id));
        }
    }

    // The first step of a move, as a kill before the second leaves it.
    private async Task MoveHalfAsync(PasteStore store, string code, DateTimeOffset? end)
    {
        Assert.True(PasteId.TryParse(code, out var id));
        var paste = (await store.FindAsync(code, Token))!;
        var options = new PasteStoreOptions { Branch = "main", IdLength = 10, Server = "me", Time = _clock };
        var moves = new PasteMoves(_repository, options, new PastePlaces("main", new ShortLivedBranches()));
        Assert.IsType<CommitOutcome.Committed>(await _repository.CommitAsync(moves.Move(id, paste, PasteDraft.OfNewEnd(paste, end, _clock.Now), _clock.Now), Token));
    }

    private async Task<ChangeOutcome.Changed> EndAsync(PasteStore store, string id, string token, TimeSpan? life) =>
        Assert.IsType<ChangeOutcome.Changed>(await store.EditAsync(id, End(token, life is { } time ? At(time) : new Expiry.Never()), Token));

    private static async Task EditAsync(PasteStore store, string id, string token, string text) =>
        Assert.IsType<ChangeOutcome.Changed>(await store.EditAsync(id, Edit(token, text), Token));

    private Expiry.At At(TimeSpan life) => new(_clock.Now + life);

    private static PasteEdit End(string token, Expiry ends) => new() { Token = token, Ends = ends, Paste = new NewPaste { Files = [] } };

    private static PasteEdit Edit(string token, string text) => new() { Token = token, Paste = new NewPaste { Files = [new NewFile(null, Encoding.UTF8.GetBytes(text))] } };

    private ExpirySweep Sweep(PasteStore store) => new(_repository, store, _clock, NullLogger.Instance);

    private Task<Repository> OpenAsync() => Repository.OpenAsync(HurriedOptions.Of(Path), Token);

    private PasteStore Open(string server = "me", TimeSpan? most = null, string? refuses = null, Eraser? eraser = null) => PasteStore.Open(_repository, new PasteStoreOptions
    {
        Branch = "main", IdLength = 10, Server = server, Time = _clock, MaxLife = most, RefusesEnding = refuses is null ? null : () => refuses, Eraser = eraser, ForgetsDeleted = eraser is not null,
    });

    private NewPaste New(string text, TimeSpan? life) =>
        new() { Author = "Ada", Comment = "why", Files = [new NewFile(null, Encoding.UTF8.GetBytes(text))], Expires = life is { } time ? _clock.Now + time : null };

    private async Task<(string Id, string Token)> CreateAsync(PasteStore store, string text, TimeSpan? life)
    {
        var created = Assert.IsType<CreateOutcome.Created>(await store.CreateAsync(New(text, life), Token));
        return (created.Id.ToString(), created.Token.Reveal());
    }

    private static string? Text(Paste? paste) => paste is null ? null : Encoding.UTF8.GetString(paste.Files[0].Content.Span);

    private static string FolderOf(string id) => $"{id[0]}/{id[1]}/{id[2]}/{id}";

    private Pasteur.Git.Objects.ObjectId Tip(string branch) => _repository.Current.TryGetRef("refs/heads/" + branch, out var tip) ? tip : default;

    private string[] Places(string id, string branch) => Tip(branch) is { IsZero: false } tip && _repository.Current.Find(tip, FolderOf(id)) is not null ? [id] : [];

    private int All(string id) => _repository.Current.RefNames.Where(name => name.StartsWith("refs/heads/", StringComparison.Ordinal)).Sum(name => Places(id, name["refs/heads/".Length..]).Length);
}
