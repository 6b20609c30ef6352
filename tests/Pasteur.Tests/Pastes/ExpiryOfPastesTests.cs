using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Pasteur.Git;
using Pasteur.Pastes;
using Pasteur.Tests.Forgetting;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Pastes;

/// <summary>Pastes that end: shown until the very second, then by nobody, then forgotten by the repository.</summary>
public sealed class ExpiryOfPastesTests : IAsyncLifetime
{
    private const string Canary = "canary-77b0-ends-in-an-hour";

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
    public async Task It_is_on_a_branch_of_its_own_that_began_parentless_and_main_is_untouched()
    {
        var store = Open();
        var id = await CreateAsync(store, Canary, TimeSpan.FromHours(1));

        var paste = await store.FindAsync(id, Token);
        Assert.Equal(_clock.Now + TimeSpan.FromHours(1), paste!.Expires);
        Assert.Equal("until/2026-11-27T12Z/me", paste.ShortLivedBranch);
        Assert.False(_repository.Current.TryGetRef("refs/heads/main", out _));
        Assert.True(_repository.Current.TryGetRef("refs/heads/until/2026-11-27T12Z/me", out var tip));
        Assert.Empty(_repository.Current.ReadCommit(tip).Parents);
        await UntilRolledAsync();
        Assert.Contains("\"expires\": \"2026-11-27T11:20:30+00:00\"", StockGit.Run(Path, "cat-file", "-p", $"until/2026-11-27T12Z/me:{id[0]}/{id[1]}/{id[2]}/{id}/paste.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_gone_to_the_second_while_its_bucket_stands()
    {
        var store = Open();
        var id = await CreateAsync(store, Canary, TimeSpan.FromHours(1));
        var stays = await CreateAsync(store, "stays", null);

        _clock.Now += TimeSpan.FromHours(1) - TimeSpan.FromTicks(1);
        var paste = await store.FindAsync(id, Token);
        Assert.True(store.IsCurrent(paste!));
        Assert.Equal(PasteFate.Unknown, store.FateOf(id));
        _clock.Now += TimeSpan.FromTicks(1);
        Assert.Null(await store.FindAsync(id, Token));
        Assert.False(store.IsCurrent(paste!));
        Assert.Equal(PasteFate.Ended, store.FateOf(id));
        Assert.Equal(PasteFate.Unknown, store.FateOf(stays));
        Assert.Equal(PasteFate.Unknown, store.FateOf("0000000000"));
        Assert.NotNull(await store.FindAsync(stays, Token));
    }

    [Fact]
    public async Task The_sweep_takes_the_branch_away_when_every_clock_says_so_and_git_finds_nothing_of_it()
    {
        var store = Open();
        var id = await CreateAsync(store, Canary, TimeSpan.FromHours(1));
        var later = await CreateAsync(store, "later", TimeSpan.FromDays(5));
        var stays = await CreateAsync(store, "stays", null);
        await ForgettingTests.UntilAsync(() => ForgettingTests.Has(Path, Canary));
        var sweep = new ExpirySweep(_repository, store, _clock, NullLogger.Instance);

        _clock.Now = new DateTimeOffset(2026, 11, 27, 12, 1, 59, TimeSpan.Zero);
        Assert.Equal(0, await sweep.SweepAsync(Token));
        _clock.Now += TimeSpan.FromSeconds(1);
        Assert.Equal(1, await sweep.SweepAsync(Token));
        Assert.Equal(0, await sweep.SweepAsync(Token));

        Assert.Equal(PasteFate.Ended, store.FateOf(id));
        await ForgettingTests.UntilAsync(() => !ForgettingTests.Has(Path, Canary));
        Assert.DoesNotContain(id, StockGit.Run(Path, "rev-list", "--objects", "--all"), StringComparison.Ordinal);
        Assert.NotNull(await store.FindAsync(later, Token));
        Assert.NotNull(await store.FindAsync(stays, Token));
        PasteCheck.IsClean(Path);
    }

    [Fact]
    public async Task A_server_that_slept_through_it_forgets_at_the_next_start()
    {
        var store = Open();
        var id = await CreateAsync(store, Canary, TimeSpan.FromMinutes(10));
        await _repository.DisposeAsync();
        _clock.Now += TimeSpan.FromDays(3);

        _repository = await OpenAsync();
        store = Open();
        Assert.Null(await store.FindAsync(id, Token));
        Assert.Equal(1, await new ExpirySweep(_repository, store, _clock, NullLogger.Instance).SweepAsync(Token));
        await ForgettingTests.UntilAsync(() => !ForgettingTests.Has(Path, Canary));
        PasteCheck.IsClean(Path);
    }

    [Fact]
    public async Task Deleted_by_its_owner_it_is_shown_no_more_its_neighbours_stay_and_all_is_forgotten_at_their_time()
    {
        var store = Open();
        var neighbour = await CreateAsync(store, "neighbour", TimeSpan.FromHours(1));
        var outcome = Assert.IsType<CreateOutcome.Created>(await store.CreateAsync(New(Canary, TimeSpan.FromHours(1)), Token));
        await ForgettingTests.UntilAsync(() => ForgettingTests.Has(Path, Canary));

        var deleted = Assert.IsType<ChangeOutcome.Changed>(await store.DeleteAsync(outcome.Id.ToString(), outcome.Token.Reveal(), Token));

        Assert.Equal(outcome.Expires, deleted.Expires);
        Assert.Null(await store.FindAsync(outcome.Id.ToString(), Token));
        Assert.NotNull(await store.FindAsync(neighbour, Token));
        _clock.Now += TimeSpan.FromHours(2);
        Assert.Equal(1, await new ExpirySweep(_repository, store, _clock, NullLogger.Instance).SweepAsync(Token));
        await ForgettingTests.UntilAsync(() => !ForgettingTests.Has(Path, Canary));
        PasteCheck.IsClean(Path);
    }

    [Fact]
    public async Task A_fault_does_not_end_the_sweep()
    {
        var store = Open();
        await CreateAsync(store, Canary, TimeSpan.FromHours(1));
        var (path, name) = (_folder["other.git"], "until/2026-11-27T12Z/elsewhere");
        await using var other = await Repository.OpenAsync(new RepositoryOptions { Folder = path, IdleRoll = TimeSpan.FromMilliseconds(50) }, Token);
        await other.CommitAsync(PasteCommit.Of("abcd", "x", name), Token);
        await ForgettingTests.UntilAsync(() => StockGit.Try(path, default, "rev-parse", "-q", "--verify", name).ExitCode == 0);
        await ForgettingTests.UntilAsync(() => ForgettingTests.Has(Path, Canary));
        // A branch whose commit is here and whose tree is not.
        var commit = StockGit.Run(path, "cat-file", "-p", name);
        var file = _folder["commit"];
        await File.WriteAllTextAsync(file, commit + "\n", Token);
        await _repository.DisposeAsync();
        var id = StockGit.Run(Path, "hash-object", "-t", "commit", "-w", "--literally", file);
        StockGit.Run(Path, "update-ref", "--no-deref", "refs/heads/" + name, id);
        _repository = await OpenAsync();
        store = Open();
        _clock.Now += TimeSpan.FromHours(2);

        Assert.Equal(2, await new ExpirySweep(_repository, store, _clock, NullLogger.Instance).SweepAsync(Token));

        Assert.DoesNotContain(_repository.Current.RefNames, ref1 => ref1.Contains("until/", StringComparison.Ordinal));
        await ForgettingTests.UntilAsync(() => !ForgettingTests.Has(Path, Canary));
    }

    [Fact]
    public async Task Many_branches_are_not_searched_for_a_code_that_nobody_had()
    {
        var store = Open();
        var codes = new List<string>();
        for (var day = 3; day < 60; day++) codes.Add(await CreateAsync(store, $"day {day}", TimeSpan.FromDays(day)));
        Assert.Equal(57, store.ShortLived(_repository.Current).Count);
        foreach (var code in codes) Assert.NotNull(await store.FindAsync(code, Token));
        Assert.Null(await store.FindAsync("0123456789", Token));
        var branches = new ShortLivedBranches();
        var lookups = 0;
        foreach (var code in codes)
            if (branches.Find(_repository.Current, code, $"{code[0]}/{code[1]}/{code[2]}/{code}") is not null) lookups++;
        Assert.Equal(codes.Count, lookups);
        var ids = new ShortLivedIds();
        ids.Follow(_repository.Current, branches.Of(_repository.Current));
        Assert.All(codes, code => Assert.True(ids.MayHold(code)));
        Assert.False(ids.MayHold("0123456789"));
        var later = await CreateAsync(store, "later", TimeSpan.FromDays(30));
        Assert.False(ids.MayHold(later));
        ids.Follow(_repository.Current, branches.Of(_repository.Current));
        Assert.True(ids.MayHold(later));
    }

    [Fact]
    public async Task Its_owner_may_edit_it_and_it_ends_when_it_did()
    {
        var store = Open();
        var outcome = Assert.IsType<CreateOutcome.Created>(await store.CreateAsync(New("first", TimeSpan.FromHours(1)), Token));
        var edit = new PasteEdit { Token = outcome.Token.Reveal(), Paste = New("second", null) };
        Assert.IsType<ChangeOutcome.Changed>(await store.EditAsync(outcome.Id.ToString(), edit, Token));

        var paste = await store.FindAsync(outcome.Id.ToString(), Token);
        Assert.Equal("second", Encoding.UTF8.GetString(paste!.Files[0].Content.Span));
        Assert.Equal(outcome.Expires, paste.Expires);
        Assert.False(_repository.Current.TryGetRef("refs/heads/main", out _));
    }

    [Fact]
    public async Task A_branch_that_leaves_no_place_is_named()
    {
        await _repository.CommitAsync(PasteCommit.Of("abcd", "x", "until"), Token);
        var refused = Assert.IsType<CreateOutcome.NoneEnds>(await Open().CreateAsync(New("x", TimeSpan.FromHours(1)), Token));
        Assert.Contains("until", refused.Reason, StringComparison.Ordinal);
        Assert.IsType<CreateOutcome.Created>(await Open().CreateAsync(New("x", null), Token));
    }

    private Task<Repository> OpenAsync() => Repository.OpenAsync(HurriedOptions.Of(Path), Token);

    private PasteStore Open() => PasteStore.Open(_repository, new PasteStoreOptions { Branch = "main", IdLength = 10, Server = "me", Time = _clock });

    private NewPaste New(string text, TimeSpan? life) =>
        new() { Files = [new NewFile(null, Encoding.UTF8.GetBytes(text))], Expires = life is { } time ? _clock.Now + time : null };

    private async Task<string> CreateAsync(PasteStore store, string text, TimeSpan? life) =>
        Assert.IsType<CreateOutcome.Created>(await store.CreateAsync(New(text, life), Token)).Id.ToString();

    private Task UntilRolledAsync() => ForgettingTests.UntilAsync(() => StockGit.Try(Path, default, "rev-parse", "-q", "--verify", "until/2026-11-27T12Z/me").ExitCode == 0);
}
