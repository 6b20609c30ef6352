using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Pasteur.Git;
using Pasteur.Pastes;
using Pasteur.Tests.Forgetting;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Pastes;

/// <summary>Pastes that are burnt after reading: given out as often as was said, by one store, whatever falls in between.</summary>
public sealed class BurningTests : IAsyncLifetime
{
    private const string Canary = "canary-51d2-burns-after-reading";
    private const string Branches = "refs/heads/until/2026-11-27T12Z/";

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
    public async Task It_is_on_a_branch_of_its_own_and_found_by_nobody_who_does_not_open_it()
    {
        var store = Open();
        var id = await CreateAsync(store, Canary);

        Assert.Null(await store.FindAsync(id, Token));
        Assert.Equal(PasteFate.Burns, store.FateOf(id));
        Assert.Equal(new Burning(1, [], null).Left, (await store.FindAnyAsync(id, Token))!.Burns!.Left);
        Assert.Equal([$"{Branches}burn-{id}"], _repository.Current.RefNames);
        Assert.Equal(id, Bucket.BurningCode($"until/2026-11-27T12Z/burn-{id}"));
        Assert.Null(Bucket.BurningCode("until/2026-11-27T12Z/7k2m9xq4"));
    }

    [Fact]
    public async Task It_is_given_out_once_and_the_store_knows_that_it_was_read()
    {
        var store = Open();
        var id = await CreateAsync(store, Canary);

        var opened = Assert.IsType<OpenOutcome.Opened>(await store.OpenAsync(id, null, Token));

        Assert.Equal((Canary, 0), (Encoding.UTF8.GetString(opened.Paste.Files[0].Content.Span), opened.Left));
        Assert.IsType<OpenOutcome.NotThere>(await store.OpenAsync(id, null, Token));
        Assert.Null(await store.FindAsync(id, Token));
        Assert.Null(await store.FindAnyAsync(id, Token));
        Assert.Equal(PasteFate.Read, store.FateOf(id));
    }

    [Fact]
    public async Task Of_many_at_the_same_instant_exactly_so_many_get_it_as_may()
    {
        var store = Open();
        var id = await CreateAsync(store, Canary, reads: 3);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(async () => await store.OpenAsync(id, null, Token))));

        Assert.Equal([0, 1, 2], outcomes.OfType<OpenOutcome.Opened>().Select(opened => opened.Left).Order());
        Assert.All(outcomes.Where(outcome => outcome is not OpenOutcome.Opened), outcome => Assert.True(outcome is OpenOutcome.NotThere or OpenOutcome.Busy, outcome.ToString()));
        Assert.Equal(PasteFate.Read, store.FateOf(id));
    }

    [Fact]
    public async Task A_wrong_proof_opens_and_burns_nothing()
    {
        var store = Open();
        var proof = RandomNumberGenerator.GetBytes(32);
        var id = await CreateAsync(store, Canary, proofHash: Convert.ToHexStringLower(SHA256.HashData(proof)));
        var right = Convert.ToHexStringLower(proof);
        string?[] wrong = [null, "", new('0', 64), right[..63], right + "0", right.ToUpperInvariant() + " ", Convert.ToHexStringLower(SHA256.HashData(proof)), new('é', 64)];
        foreach (var given in wrong) Assert.IsType<OpenOutcome.WrongProof>(await store.OpenAsync(id, given, Token));

        Assert.Equal(PasteFate.Burns, store.FateOf(id));
        Assert.IsType<OpenOutcome.Opened>(await store.OpenAsync(id, right, Token));
    }

    [Fact]
    public async Task Burnt_it_stays_burnt_after_a_restart_at_every_step()
    {
        var store = Open();
        var id = await CreateAsync(store, Canary);
        Assert.IsType<OpenOutcome.Opened>(await store.OpenAsync(id, null, Token));
        store = await RestartAsync();
        Assert.Equal(PasteFate.Read, store.FateOf(id));
        Assert.IsType<OpenOutcome.NotThere>(await store.OpenAsync(id, null, Token));

        Assert.Equal(1, await Sweep(store).SweepAsync(Token));
        store = await RestartAsync();
        Assert.Equal(PasteFate.Read, store.FateOf(id));
        Assert.IsType<OpenOutcome.NotThere>(await store.OpenAsync(id, null, Token));
        Assert.Equal([$"{Branches}me"], _repository.Current.RefNames.Where(name => name.StartsWith("refs/heads/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_branch_that_comes_back_is_given_out_to_nobody_and_goes_again()
    {
        var store = Open();
        var id = await CreateAsync(store, Canary);
        Assert.True(_repository.Current.TryGetRef($"{Branches}burn-{id}", out var unread));
        await ForgettingTests.UntilAsync(() => StockGit.Try(Path, default, "rev-parse", "-q", "--verify", $"{Branches}burn-{id}").ExitCode == 0);
        StockGit.Run(Path, "tag", "kept", unread.ToString());
        Assert.IsType<OpenOutcome.Opened>(await store.OpenAsync(id, null, Token));
        Assert.Equal(1, await Sweep(store).SweepAsync(Token));

        // As when a server that was away pushes what it believes was never pushed.
        await _repository.DisposeAsync();
        StockGit.Run(Path, "update-ref", $"{Branches}burn-{id}", unread.ToString());
        _repository = await OpenAsync();
        store = Open();

        Assert.True(_repository.Current.TryGetRef($"{Branches}burn-{id}", out _));
        Assert.Equal(PasteFate.Read, store.FateOf(id));
        Assert.Null(await store.FindAnyAsync(id, Token));
        Assert.IsType<OpenOutcome.NotThere>(await store.OpenAsync(id, null, Token));
        Assert.Equal(1, await Sweep(store).SweepAsync(Token));
        Assert.False(_repository.Current.TryGetRef($"{Branches}burn-{id}", out _));
    }

    [Fact]
    public async Task Burnt_it_is_gone_from_the_packs_and_its_neighbours_of_the_same_bucket_are_not()
    {
        var store = Open();
        var id = await CreateAsync(store, Canary);
        var other = await CreateAsync(store, "unread");
        var ends = Assert.IsType<CreateOutcome.Created>(await store.CreateAsync(New("ends") with { Reads = null }, Token)).Id.ToString();
        await ForgettingTests.UntilAsync(() => ForgettingTests.Has(Path, Canary));
        Assert.IsType<OpenOutcome.Opened>(await store.OpenAsync(id, null, Token));

        Assert.Equal(1, await Sweep(store).SweepAsync(Token));
        Assert.Equal(0, await Sweep(store).SweepAsync(Token));

        await ForgettingTests.UntilAsync(() => !ForgettingTests.Has(Path, Canary));
        Assert.Equal(PasteFate.Read, store.FateOf(id));
        Assert.NotNull(await store.FindAsync(ends, Token));
        Assert.IsType<OpenOutcome.Opened>(await store.OpenAsync(other, null, Token));
        PasteCheck.IsClean(Path);
    }

    [Fact]
    public async Task Unread_it_ends_in_its_time()
    {
        var store = Open();
        var id = await CreateAsync(store, Canary);
        _clock.Now += TimeSpan.FromHours(1);
        Assert.Equal(PasteFate.Ended, store.FateOf(id));
        Assert.IsType<OpenOutcome.NotThere>(await store.OpenAsync(id, null, Token));
        _clock.Now += TimeSpan.FromHours(2);
        Assert.Equal(1, await new ExpirySweep(_repository, store, _clock, NullLogger.Instance).SweepAsync(Token));
        await ForgettingTests.UntilAsync(() => !ForgettingTests.Has(Path, Canary));
    }

    [Fact]
    public async Task Its_owner_may_delete_it_unread_and_not_edit_it()
    {
        var store = Open();
        var created = Assert.IsType<CreateOutcome.Created>(await store.CreateAsync(New(Canary), Token));
        var id = created.Id.ToString();
        await ForgettingTests.UntilAsync(() => ForgettingTests.Has(Path, Canary));
        var edit = new PasteEdit { Token = created.Token.Reveal(), Paste = New("other") with { Reads = null, Expires = null } };
        Assert.Equal(ChangeRefusal.Burns, Assert.IsType<ChangeOutcome.Refused>(await store.EditAsync(id, edit, Token)).Why);
        Assert.IsType<ChangeOutcome.NotOwner>(await store.EditAsync(id, edit with { Token = "wrong" }, Token));

        Assert.IsType<ChangeOutcome.Changed>(await store.DeleteAsync(id, created.Token.Reveal(), Token));

        Assert.Equal(PasteFate.Unknown, store.FateOf(id));
        Assert.IsType<OpenOutcome.NotThere>(await store.OpenAsync(id, null, Token));
        Assert.Equal(1, await Sweep(store).SweepAsync(Token));
        await ForgettingTests.UntilAsync(() => !ForgettingTests.Has(Path, Canary));
        Assert.Equal(PasteFate.Unknown, store.FateOf(id));
    }

    [Fact]
    public async Task What_cannot_be_told_to_the_remote_is_not_burnt_and_of_an_unknown_outcome_nothing_is_shown()
    {
        string? away = "the remote is away", doubt = "no answer came";
        var store = Open(options => options with { AskRemote = _ => ValueTask.FromResult<string?>(away), AwaitRemoteOfEnding = (_, _) => ValueTask.FromResult<string?>(doubt) });
        var outcome = await store.CreateAsync(New(Canary), Token);
        var id = Assert.IsType<CreateOutcome.Undecided>(outcome).Id.ToString();

        Assert.IsType<OpenOutcome.Unavailable>(await store.OpenAsync(id, null, Token));
        Assert.Equal(PasteFate.Burns, store.FateOf(id));

        away = null;
        Assert.IsType<OpenOutcome.Undecided>(await store.OpenAsync(id, null, Token));
        Assert.Equal(PasteFate.Read, store.FateOf(id));
        doubt = null;
        Assert.IsType<OpenOutcome.NotThere>(await store.OpenAsync(id, null, Token));
    }

    [Fact]
    public async Task The_repository_says_how_often_it_was_read_and_by_which_server_and_when_burnt_nothing_else()
    {
        var store = Open();
        var id = await CreateAsync(store, Canary, reads: 2);
        await store.OpenAsync(id, null, Token);
        Assert.Contains("\"readBy\": [\n    \"2026-11-27T10:20:30Z-me-", await JsonAsync(id), StringComparison.Ordinal);
        await store.OpenAsync(id, null, Token);
        var burnt = await JsonAsync(id);
        Assert.Equal(2, burnt.Split("Z-me-").Length - 1);
        Assert.DoesNotContain("Ada", burnt, StringComparison.Ordinal);
        Assert.Equal("paste.json\n", StockGit.Run(Path, "ls-tree", "--name-only", $"{Branches}burn-{id}:{id[0]}/{id[1]}/{id[2]}/{id}") + "\n");
    }

    [Fact]
    public async Task So_many_may_wait_to_be_read_and_another_is_taken_when_one_has_gone()
    {
        var store = Open(options => options with { MaxUnread = 2 });
        var first = await CreateAsync(store, Canary);
        await CreateAsync(store, "second");
        Assert.Equal(2, Assert.IsType<CreateOutcome.TooManyUnread>(await store.CreateAsync(New("third"), Token)).Count);
        Assert.IsType<CreateOutcome.Created>(await store.CreateAsync(New("ends") with { Reads = null }, Token));
        Assert.IsType<OpenOutcome.Opened>(await store.OpenAsync(first, null, Token));
        await Sweep(store).SweepAsync(Token);
        await CreateAsync(store, "third");
    }

    private async Task<string> JsonAsync(string id)
    {
        Assert.True(_repository.Current.TryGetRef($"{Branches}burn-{id}", out var tip));
        await ForgettingTests.UntilAsync(() => StockGit.Try(Path, default, "rev-parse", $"{Branches}burn-{id}") is { ExitCode: 0, Text: var at } && at.Trim() == tip.ToString());
        return StockGit.Run(Path, "cat-file", "-p", $"{Branches}burn-{id}:{id[0]}/{id[1]}/{id[2]}/{id}/paste.json");
    }

    private Task<Repository> OpenAsync() => Repository.OpenAsync(HurriedOptions.Of(Path) with { Folders = PasteFolders.Rules }, Token);

    private async Task<PasteStore> RestartAsync()
    {
        await _repository.DisposeAsync();
        _repository = await OpenAsync();
        return Open();
    }

    private PasteStoreOptions Options => new() { Branch = "main", IdLength = 10, Server = "me", Time = _clock };

    private PasteStore Open(Func<PasteStoreOptions, PasteStoreOptions>? change = null) => PasteStore.Open(_repository, change is null ? Options : change(Options));

    private BurnSweep Sweep(PasteStore store) => new(_repository, store, Options, waitsForRemote: false);

    private NewPaste New(string text) => new() { Files = [new NewFile(null, Encoding.UTF8.GetBytes(text))], Author = "Ada", Reads = 1, Expires = _clock.Now + TimeSpan.FromHours(1) };

    private async Task<string> CreateAsync(PasteStore store, string text, int reads = 1, string? proofHash = null) =>
        Assert.IsType<CreateOutcome.Created>(await store.CreateAsync(New(text) with { Reads = reads, ProofHash = proofHash }, Token)).Id.ToString();
}
