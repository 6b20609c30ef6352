using Pasteur.Git;
using Pasteur.Pastes;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Pastes;

/// <summary>Which branch a new paste goes to, and when the next inbox is begun.</summary>
public sealed class InboxTests : IAsyncDisposable
{
    private readonly MovedClock _clock = new();
    private readonly Repository _repository = Repository.OpenAsync(new RepositoryOptions { Folders = PasteFolders.Rules }, CancellationToken.None).Result;
    private bool? _isTaken = true;
    private int _changes;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _repository.DisposeAsync();

    [Fact]
    public async Task To_the_branch_up_to_the_bound_and_beyond_to_an_inbox_that_rolls_at_half_of_it()
    {
        using var inbox = NewInbox(above: 8);
        var pastes = Store(inbox);
        // Two files each, and pasteur.json.
        for (var n = 0; n < 3; n++) await CreateAsync(pastes);
        await inbox.StepAsync(Cancel);
        Assert.Null(inbox.Target);
        await CreateAsync(pastes);
        await inbox.StepAsync(Cancel);
        var first = inbox.Target;
        Assert.StartsWith("inbox/one-", first, StringComparison.Ordinal);
        for (var n = 0; n < 3; n++) Assert.Equal(first, await HomeAsync(pastes));
        await inbox.StepAsync(Cancel);
        Assert.Equal(first, inbox.Target);
        Assert.Equal(first, await HomeAsync(pastes));
        await inbox.StepAsync(Cancel);
        Assert.NotEqual(first, inbox.Target);
        Assert.True(inbox.IsDue(first!));
        Assert.False(inbox.IsDue(inbox.Target!));
        Assert.Equal(inbox.Target, await HomeAsync(pastes));
    }

    [Fact]
    public async Task It_rolls_by_files_and_by_age_but_never_while_it_is_empty()
    {
        using var inbox = NewInbox(above: 8);
        var pastes = Store(inbox);
        for (var n = 0; n < 5; n++) await CreateAsync(pastes);
        await inbox.StepAsync(Cancel);
        var first = inbox.Target;
        _clock.Moved += TimeSpan.FromDays(3);
        await inbox.StepAsync(Cancel);
        Assert.Equal(first, inbox.Target);
        await CreateAsync(pastes);
        await inbox.StepAsync(Cancel);
        var second = inbox.Target;
        Assert.NotEqual(first, second);
        var many = new NewPaste { Files = [.. Enumerable.Range(0, 8).Select(n => new NewFile($"f{n}", "x"u8.ToArray()))] };
        Assert.IsType<CreateOutcome.Created>(await pastes.CreateAsync(many, Cancel));
        await inbox.StepAsync(Cancel);
        Assert.NotEqual(second, inbox.Target);
    }

    [Fact]
    public async Task Off_or_refused_or_not_known_everything_stays_on_the_branch_and_ours_are_due()
    {
        using var on = NewInbox(above: 8);
        var pastes = Store(on);
        for (var n = 0; n < 5; n++) await CreateAsync(pastes);
        _isTaken = null;
        await on.StepAsync(Cancel);
        Assert.True(on.IsWanted);
        Assert.Null(on.Target);
        Assert.True(_changes > 0);
        _isTaken = true;
        await on.StepAsync(Cancel);
        var target = on.Target!;
        _isTaken = false;
        await on.StepAsync(Cancel);
        Assert.Null(on.Target);
        Assert.True(on.IsDue(target));
        Assert.Null(await HomeAsync(pastes));

        using var off = NewInbox(above: 0);
        Assert.False(off.IsDue(target));
        await off.StepAsync(Cancel);
        Assert.Null(off.Target);
        Assert.False(off.IsWanted);
        Assert.True(off.IsDue(target));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public async Task The_next_start_goes_on_with_the_inbox_that_is_there_and_counts_what_it_holds(int idLength)
    {
        string? target;
        using (var before = NewInbox(above: 20))
        {
            var pastes = Store(before, idLength);
            for (var n = 0; n < 11; n++) await CreateAsync(pastes);
            await before.StepAsync(Cancel);
            for (var n = 0; n < 9; n++) await CreateAsync(pastes);
            target = before.Target;
        }
        using var after = NewInbox(above: 20);
        _isTaken = null;
        await after.StepAsync(Cancel);
        Assert.Equal(target, after.Target);
        _isTaken = true;
        await CreateAsync(Store(after, idLength));
        await after.StepAsync(Cancel);
        Assert.NotEqual(target, after.Target);
    }

    [Fact]
    public async Task Another_servers_is_due_when_it_is_two_days_old_and_a_strangers_name_never()
    {
        using var inbox = NewInbox(above: 8);
        await inbox.StepAsync(Cancel);
        var now = _clock.GetUtcNow().ToUnixTimeSeconds();
        Assert.False(inbox.IsDue($"inbox/two-{now - (47 * 3600)}"));
        Assert.True(inbox.IsDue($"inbox/two-{now - (49 * 3600)}"));
        Assert.True(inbox.IsDue($"inbox/two-{now + (49 * 3600)}"));
        Assert.False(inbox.IsDue("inbox/mine"));
    }

    [Fact]
    public async Task A_branch_of_the_name_inbox_leaves_no_place_for_any()
    {
        await _repository.CommitAsync(PasteCommit.Of("aaaa1", "x", "inbox"), Cancel);
        using var inbox = NewInbox(above: 8);
        var pastes = Store(inbox);
        for (var n = 0; n < 6; n++) await CreateAsync(pastes);
        await inbox.StepAsync(Cancel);
        Assert.Null(inbox.Target);
        Assert.Null(await HomeAsync(pastes));
    }

    [Fact]
    public async Task Edits_and_deletions_go_to_where_the_paste_is()
    {
        using var inbox = NewInbox(above: 8);
        var pastes = Store(inbox);
        var onBranch = Assert.IsType<CreateOutcome.Created>(await pastes.CreateAsync(InboxServer.New("b"), Cancel));
        for (var n = 0; n < 5; n++) await CreateAsync(pastes);
        await inbox.StepAsync(Cancel);
        var inInbox = Assert.IsType<CreateOutcome.Created>(await pastes.CreateAsync(InboxServer.New("i"), Cancel));
        foreach (var (paste, home) in ((CreateOutcome.Created, string?)[])[(onBranch, null), (inInbox, inbox.Target)])
        {
            var id = paste.Id.ToString();
            Assert.IsType<ChangeOutcome.Changed>(await pastes.EditAsync(id, new PasteEdit { Token = paste.Token.Reveal(), Paste = InboxServer.New("edited") }, Cancel));
            var edited = pastes.FindHere(id)!;
            Assert.Equal((home, 2, "edited"), (edited.Inbox, edited.Revision.Number, System.Text.Encoding.UTF8.GetString(edited.Files[0].Content.Span)));
            Assert.IsType<ChangeOutcome.Changed>(await pastes.DeleteAsync(id, paste.Token.Reveal(), Cancel));
            Assert.Null(pastes.FindHere(id));
        }
    }

    private Inbox NewInbox(int above) => new(_repository, new InboxOptions("main", "one", above) { IsTaken = () => _isTaken, Changed = () => _changes++, Time = _clock });

    private PasteStore Store(Inbox inbox, int idLength = 10) => PasteStore.Open(_repository, new PasteStoreOptions { Branch = "main", IdLength = idLength, Server = "one", Inbox = inbox });

    private static async Task<string> CreateAsync(PasteStore pastes) => Assert.IsType<CreateOutcome.Created>(await pastes.CreateAsync(InboxServer.New("text"), Cancel)).Id.ToString();

    private static async Task<string?> HomeAsync(PasteStore pastes) => pastes.FindHere(await CreateAsync(pastes))!.Inbox;
}
