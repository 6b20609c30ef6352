using System.Text;
using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Pastes;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Pastes;

public sealed class EraserTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private Repository _repository = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _repository = await Repository.OpenAsync(new RepositoryOptions(), Token);

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return _repository.DisposeAsync();
    }

    [Fact]
    public async Task What_owners_delete_waits_in_a_private_list_and_is_forgotten_in_one_rewrite_by_the_next_run()
    {
        var answers = new Queue<EraseOutcome>([new EraseOutcome.Refused("denied")]);
        var asked = new List<EraseRequest>();
        using (var first = new Eraser("main", (request, _) => Answer(asked, answers, request), _folder.Path, TimeProvider.System))
        {
            var store = Open(first, forgets: true);
            foreach (var text in new[] { "one", "two" })
            {
                var (id, token) = await CreateAsync(store, text);
                Assert.IsType<ChangeOutcome.NotOwner>(await store.DeleteAsync(id, "wrong", Token));
                Assert.True(Assert.IsType<ChangeOutcome.Changed>(await store.DeleteAsync(id, token, Token)).IsForgotten);
            }
            Assert.Equal(2, first.Waiting);
            Assert.Equal("the remote does not take a rewritten history: denied", await first.ForgetAsync(id => store.FindHere(id.ToString()) is not null, Token));
            Assert.Equal(2, first.Waiting);
        }
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["to-forget"]));

        using var next = new Eraser("main", _repository.EraseAsync, _folder.Path, TimeProvider.System);
        Assert.Equal(2, next.Waiting);
        // One that nobody has any more: it keeps none of the others.
        Assert.True(next.Add(PasteIdOf("zzzzzzzz")));
        var before = Commits();
        Assert.Null(await next.ForgetAsync(static _ => false, Token));
        Assert.Equal(0, next.Waiting);
        Assert.Equal("", await File.ReadAllTextAsync(_folder["to-forget"], Token));
        // Two creates and two deletions, of which the first create wrote pasteur.json: that is left, and the mark.
        Assert.Equal((4, 2), (before, Commits()));
    }

    /// <summary>The program may be killed before or after the commit: the list has it before, and one that is there still is nobody's deletion.</summary>
    [Fact]
    public async Task It_is_on_the_list_before_it_is_deleted_and_is_forgotten_only_after()
    {
        using var eraser = new Eraser("main", _repository.EraseAsync, _folder.Path, TimeProvider.System);
        var store = Open(eraser, forgets: true);
        var (id, token) = await CreateAsync(store, "canary");
        Assert.True(eraser.Add(PasteIdOf(id)));
        Assert.Null(await eraser.ForgetAsync(IsThere, Token));
        Assert.Equal(1, eraser.Waiting);
        Assert.NotNull(await store.FindAsync(id, Token));

        var onDisk = "";
        var watched = PasteStore.Open(_repository, new PasteStoreOptions
        {
            Branch = "main",
            IdLength = 10,
            Eraser = eraser,
            ForgetsDeleted = true,
            AwaitRemote = async (_, cancel) =>
            {
                onDisk = await File.ReadAllTextAsync(_folder["to-forget"], cancel);
                return null;
            },
        });
        var (other, its) = await CreateAsync(store, "canary too");
        Assert.True(Assert.IsType<ChangeOutcome.Changed>(await watched.DeleteAsync(other, its, Token)).IsForgotten);
        Assert.Contains(other, onDisk, StringComparison.Ordinal);
        await store.DeleteAsync(id, token, Token);
        Assert.Null(await eraser.ForgetAsync(IsThere, Token));
        Assert.Equal(0, eraser.Waiting);
        _repository.Current.TryGetRef("refs/heads/main", out var tip);
        Assert.All([id, other], code => Assert.True(Erasures.IsErased(_repository.Current, tip, PasteIdOf(code))));

        bool IsThere(PasteId waiting) => store.FindHere(waiting.ToString()) is not null;
    }

    [Fact]
    public async Task Without_the_setting_the_history_keeps_it_and_the_owner_is_told_so()
    {
        using var eraser = new Eraser("main", _repository.EraseAsync, null, TimeProvider.System);
        var store = Open(eraser, forgets: false);
        var (id, token) = await CreateAsync(store, "one");
        Assert.False(Assert.IsType<ChangeOutcome.Changed>(await store.DeleteAsync(id, token, Token)).IsForgotten);
        Assert.Equal(0, eraser.Waiting);
    }

    [Fact]
    public async Task Pastes_of_both_kinds_are_erased_with_all_revisions_and_shown_to_nobody_when_somebody_puts_them_back()
    {
        using var eraser = new Eraser("main", _repository.EraseAsync, null, TimeProvider.System);
        var store = Open(eraser, forgets: false);
        await CreateAsync(store, "stays");
        var (id, token) = await CreateAsync(store, "canary");
        await store.EditAsync(id, new PasteEdit { Token = token, Paste = new NewPaste { Files = [new NewFile("b.txt", "canary edited"u8.ToArray())] } }, Token);
        var ends = Assert.IsType<CreateOutcome.Created>(await store.CreateAsync(new NewPaste { Files = [new NewFile("c.txt", "ends"u8.ToArray())], Expires = DateTimeOffset.UtcNow.AddHours(3) }, Token)).Id;
        var parsed = PasteIdOf(id);

        var erased = Assert.IsType<EraseOutcome.Erased>(await eraser.EraseAsync([parsed, ends], Token));

        Assert.Equal(2, erased.Refs.Count);
        Assert.Null(await store.FindAsync(id, Token));
        Assert.Null(await store.FindAsync(ends.ToString(), Token));
        Assert.DoesNotContain(_repository.Current.RefNames, name => name.StartsWith("refs/heads/until/", StringComparison.Ordinal));
        _repository.Current.TryGetRef("refs/heads/main", out var tip);
        Assert.True(Erasures.IsErased(_repository.Current, tip, parsed));
        Assert.Equal([Erasures.FolderOf(parsed), Erasures.FolderOf(ends)], Erasures.NewIn(_repository.Current, null, tip).OrderBy(one => Erasures.IsOf(one, ends)), (left, right) => left.Parent == right.Parent && left.NameDigest.Span.SequenceEqual(right.NameDigest.Span));
        Assert.Empty(Erasures.NewIn(_repository.Current, tip, tip));

        await _repository.CommitAsync(PasteCommit.Of(id, "canary"), Token);
        Assert.Null(await store.FindAsync(id, Token));
        Assert.IsType<EraseOutcome.Unknown>(await eraser.EraseAsync([PasteIdOf("0000000000")], Token));
    }

    private static Task<EraseOutcome> Answer(List<EraseRequest> asked, Queue<EraseOutcome> answers, EraseRequest request)
    {
        asked.Add(request);
        return Task.FromResult(answers.Dequeue());
    }

    private static PasteId PasteIdOf(string text) => PasteId.TryParse(text, out var id) ? id : throw new ArgumentException(text);

    private PasteStore Open(Eraser eraser, bool forgets) =>
        PasteStore.Open(_repository, new PasteStoreOptions { Branch = "main", IdLength = 10, Eraser = eraser, ForgetsDeleted = forgets });

    private int Commits()
    {
        _repository.Current.TryGetRef("refs/heads/main", out var tip);
        var count = 1;
        for (; _repository.Current.ReadCommit(tip).Parents is [var parent]; tip = parent) count++;
        return count;
    }

    private static async Task<(string Id, string Token)> CreateAsync(PasteStore store, string text)
    {
        var created = Assert.IsType<CreateOutcome.Created>(await store.CreateAsync(new NewPaste { Files = [new NewFile("a.txt", Encoding.UTF8.GetBytes(text))] }, Token));
        return (created.Id.ToString(), created.Token.Reveal());
    }
}
