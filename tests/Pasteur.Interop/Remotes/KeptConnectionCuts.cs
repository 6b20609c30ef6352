using System.Globalization;
using Pasteur.Interop.Support;
using Pasteur.Sync;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>
/// Transports that keep a connection for the conversations to come: it breaks at any byte, in any way, with its handshake or long after it.
/// Every paste arrives at the server, and none twice.
/// </summary>
public abstract class KeptConnectionCuts : IAsyncLifetime
{
    private const string Repository = "r.git";
    private const int SilenceMilliseconds = 700;

    private BareRepositories _server = null!;
    private CuttingProxy _proxy = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        (_server, var port) = await StartServerAsync();
        _server.MakeSeedling(Repository);
        _proxy = new CuttingProxy(port);
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(nameof(Way.ToServer), true)]
    [InlineData(nameof(Way.ToServer), false)]
    [InlineData(nameof(Way.ToClient), true)]
    [InlineData(nameof(Way.ToClient), false)]
    public async Task Push_that_is_cut_anywhere_is_made_again_and_made_once(string way, bool onKept)
    {
        const int cuts = 5;
        await using var site = await StartAsync();
        var length = await MeasureAsync(site, Enum.Parse<Way>(way), onKept);
        for (var i = 0; i < cuts; i++)
        {
            var cut = new Cut(Enum.Parse<Way>(way), length * i / cuts, i % 2 == 0 ? CutKind.Reset : CutKind.Close);
            await MakeReadyAsync(onKept);
            if (onKept)
                _proxy.CutOpen(cut);
            else
                _proxy.CutNext(cut);
            await LandAsync(site, $"c{i:d3}", $"text {i}");
        }
        Assert.InRange(_proxy.Struck, cuts - 1, cuts);
        await AssertAllThereOnceAsync(site, cuts);
    }

    [Theory]
    [InlineData(nameof(CutKind.Stall))]
    [InlineData(nameof(CutKind.Late))]
    public async Task Push_on_a_connection_that_died_without_a_word_is_made_on_another_and_made_once(string kind)
    {
        const int cuts = 4;
        await using var site = await StartAsync();
        var length = await MeasureAsync(site, Way.ToServer, onKept: true);
        for (var i = 0; i < cuts; i++)
        {
            // What is held back is on its way to the server.
            var way = kind == nameof(CutKind.Late) ? Way.ToServer : WayOf(i);
            _proxy.CutOpen(new Cut(way, length * i / (2 * cuts), Enum.Parse<CutKind>(kind)));
            await LandAsync(site, $"c{i:d3}", $"text {i}");
        }
        Assert.Equal(cuts, _proxy.Struck);
        await Task.Delay(500, Cancel);
        await AssertAllThereOnceAsync(site, cuts);
    }

    // The server has moved the ref, and only we do not know.
    [Fact]
    public async Task Answer_that_is_lost_is_not_needed()
    {
        await using var site = await StartAsync();
        await MeasureAsync(site, Way.ToClient, onKept: true);
        using var folder = new TemporaryFolder();
        var moved = folder["moved"];
        _server.AddHook(Repository, "reference-transaction", $"[ \"$1\" = committed ] || exit 0; [ -e {moved} ] || {{ touch {moved}; sleep 1; }}");
        var landing = LandAsync(site, "c000", "text 0");
        await site.UntilAsync(() => File.Exists(moved), "the hook");
        await _proxy.CloseOpenAsync();
        await landing;
        Assert.Contains(site.Log, line => line.Contains("the outcome of a push is unknown", StringComparison.Ordinal));
        await AssertAllThereOnceAsync(site, 1);
    }

    [Fact]
    public async Task Fetch_that_is_cut_anywhere_is_made_again_and_brings_all()
    {
        const int cuts = 8;
        _server.PushForeign(Repository, "x/y/z/xyz0/paste.txt", "foreign");
        await (await StartAsync()).DisposeAsync();
        var (toServer, toClient) = _proxy.Carried;
        for (var i = 0; i < cuts; i++)
        {
            var length = WayOf(i) == Way.ToServer ? toServer : toClient;
            _proxy.CutNext(new Cut(WayOf(i), length * i / cuts, i % 4 < 2 ? CutKind.Reset : CutKind.Close));
            await using var site = await StartAsync();
            Assert.Equal("foreign", site.Read("xyz0"));
        }
        Assert.InRange(_proxy.Struck, cuts - 1, cuts);
    }

    [Fact]
    public async Task Fetch_on_a_connection_that_died_without_a_word_is_made_on_another()
    {
        const int cuts = 4;
        await using var site = await StartAsync(TimeSpan.FromMilliseconds(200));
        for (var i = 0; i < cuts; i++)
        {
            _proxy.CutOpen(new Cut(WayOf(i), 300 * i, CutKind.Stall));
            _server.PushForeign(Repository, $"x/y/z/xyz{i}/paste.txt", "foreign");
            await site.UntilAsync(() => site.Read($"xyz{i}") == "foreign", "the foreign paste");
            await site.UntilAsync(() => _proxy.Struck == i + 1, "the cut");
        }
    }

    private protected abstract Task<(BareRepositories Server, int Port)> StartServerAsync();

    /// <summary>Where the repository is for who goes through this port.</summary>
    private protected abstract string Url(int port, string name);

    private protected abstract SyncHostOptions Options();

    private async Task<SyncHost> StartAsync(TimeSpan? pullEvery = null)
    {
        var options = Options() with { PullEvery = pullEvery ?? TimeSpan.FromMinutes(5), MaxSilence = TimeSpan.FromMilliseconds(SilenceMilliseconds) };
        var site = await SyncHost.StartAsync(Url(_proxy.Port, Repository), options);
        await site.UntilAsync(() => site.Status.FirstFetchDone, "the first fetch");
        return site;
    }

    // What one push carries, with or without all that comes before it on its connection. The second: the first brings more.
    private async Task<long> MeasureAsync(SyncHost site, Way way, bool onKept)
    {
        await LandAsync(site, "m000", "measured");
        await MakeReadyAsync(onKept);
        var before = onKept ? _proxy.Carried : default;
        await LandAsync(site, "m001", "measured");
        return way == Way.ToServer ? _proxy.Carried.ToServer - before.ToServer : _proxy.Carried.ToClient - before.ToClient;
    }

    private static Way WayOf(int cut) => cut % 2 == 0 ? Way.ToServer : Way.ToClient;

    private Task MakeReadyAsync(bool onKept) => onKept ? Task.CompletedTask : _proxy.CloseOpenAsync();

    private static async Task LandAsync(SyncHost site, string id, string text)
    {
        var ack = await site.CommitAndWaitAsync(id, text);
        Assert.True(ack is RemoteAck.Landed, $"{id}: {ack}; {string.Join(" | ", site.Log)}");
    }

    private async Task AssertAllThereOnceAsync(SyncHost site, int count)
    {
        await site.UntilSyncedAsync();
        for (var i = 0; i < count; i++)
            Assert.Equal($"text {i}", _server.Git(Repository, "cat-file", "-p", $"main:c/0/0/c{i:d3}/paste.txt"));
        Assert.Equal((count + 3).ToString(CultureInfo.InvariantCulture), _server.Git(Repository, "rev-list", "--count", "main"));
        _server.AssertSound(Repository);
    }
}
