using System.Text;
using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Pastes;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Pastes;

/// <summary>Two servers have opened the same paste before they knew of each other: each reading counts once, in the order in which the remote has them.</summary>
public sealed class BurningAtTwoServersTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private string _id = "";
    private string _branch = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Ours => _folder["ours.git"];

    private string Theirs => _folder["theirs.git"];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(1, 1, 1, 0)]
    [InlineData(2, 1, 1, 1)]
    [InlineData(3, 1, 2, 2)]
    [InlineData(3, 2, 2, 1)]
    [InlineData(5, 2, 2, 2)]
    public async Task Ours_count_behind_theirs_and_no_more_than_may(int reads, int theirs, int ours, int oursInTime)
    {
        await CreateAsync(reads);
        await OpenAtAsync(Theirs, "them", theirs);
        await OpenAtAsync(Ours, "us", ours);
        await using var repository = await OpenAsync(Ours);
        Assert.True(await repository.RecordRemoteAsync(_branch, ObjectId.Parse(StockGit.Run(_folder.Path, "--git-dir", Ours, "rev-parse", "unread")), Token));

        var outcome = await repository.IntegrateAsync(_branch, Fetch(), RewindPolicy.Follow, Token);

        Assert.True(outcome is IntegrateOutcome.Replayed { Conflicts.Count: 0 } or IntegrateOutcome.FastForwarded, outcome.ToString());
        var burning = Burning.Of(PasteReader.Describe(repository.Current, Folder(repository)))!;
        Assert.Equal(Enumerable.Repeat("them", theirs).Concat(Enumerable.Repeat("us", oursInTime)), burning.ReadBy.Select(mark => mark.Split('-')[3]));
        Assert.Equal(oursInTime, burning.ReadBy.Count(mark => mark.Contains("-us-", StringComparison.Ordinal) && burning.WasOpenedBy(mark)));
        Assert.Equal(Math.Max(0, reads - theirs - ours), burning.Left);
        Assert.Equal(burning.IsBurnt ? PasteFate.Read : PasteFate.Burns, Store(repository, "us").FateOf(_id));
        // Taken in once more, as after a push whose answer was lost, nothing changes.
        Assert.IsNotType<IntegrateOutcome.Replayed>(await repository.IntegrateAsync(_branch, Fetch(), RewindPolicy.Follow, Token));
        Assert.Equal(burning.ReadBy, Burning.Of(PasteReader.Describe(repository.Current, Folder(repository)))!.ReadBy);
    }

    [Fact]
    public async Task What_its_owner_has_deleted_no_reading_brings_back()
    {
        var token = await CreateAsync(2);
        await using (var theirs = await OpenAsync(Theirs)) Assert.IsType<ChangeOutcome.Changed>(await Store(theirs, "them").DeleteAsync(_id, token, Token));
        await OpenAtAsync(Ours, "us", 1);
        await using var repository = await OpenAsync(Ours);
        Assert.True(await repository.RecordRemoteAsync(_branch, ObjectId.Parse(StockGit.Run(_folder.Path, "--git-dir", Ours, "rev-parse", "unread")), Token));

        await repository.IntegrateAsync(_branch, Fetch(), RewindPolicy.Follow, Token);

        Assert.Equal(PasteFate.Unknown, Store(repository, "us").FateOf(_id));
        Assert.Null(await Store(repository, "us").FindAnyAsync(_id, Token));
    }

    // Both hold it unread.
    private async Task<string> CreateAsync(int reads)
    {
        string token;
        await using (var theirs = await OpenAsync(Theirs))
        {
            var paste = new NewPaste { Files = [new NewFile(null, Encoding.UTF8.GetBytes("secret"))], Reads = reads, Expires = DateTimeOffset.UtcNow + TimeSpan.FromDays(5) };
            var created = Assert.IsType<CreateOutcome.Created>(await Store(theirs, "them").CreateAsync(paste, Token));
            (_id, token) = (created.Id.ToString(), created.Token.Reveal());
            _branch = theirs.Current.RefNames.Single()["refs/heads/".Length..];
        }
        StockGit.Run(_folder.Path, "clone", "-q", "--bare", Theirs, Ours);
        StockGit.Run(Ours, "tag", "unread", _branch);
        return token;
    }

    private async Task OpenAtAsync(string folder, string server, int times)
    {
        await using var repository = await OpenAsync(folder);
        for (var n = 0; n < times; n++) Assert.IsType<OpenOutcome.Opened>(await Store(repository, server).OpenAsync(_id, null, Token));
    }

    private ObjectId Fetch()
    {
        StockGit.Run(Ours, "fetch", "-q", Theirs, $"+{_branch}:refs/heads/theirs");
        return ObjectId.Parse(StockGit.Run(Theirs, "rev-parse", _branch));
    }

    private ObjectId Folder(Repository repository)
    {
        Assert.True(repository.Current.TryGetRef("refs/heads/" + _branch, out var tip));
        return repository.Current.Find(tip, PasteCommit.FolderOf(_id))!.Value.Id;
    }

    private static Task<Repository> OpenAsync(string folder) => Repository.OpenAsync(new RepositoryOptions { Folder = folder, Folders = PasteFolders.Rules }, Token);

    private static PasteStore Store(Repository repository, string server) => PasteStore.Open(repository, new PasteStoreOptions { Branch = "main", IdLength = 10, Server = server });
}
