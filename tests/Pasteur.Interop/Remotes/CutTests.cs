using System.Globalization;
using System.Security.Cryptography;
using Pasteur.Interop.Support;
using Pasteur.Sync;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>Connections to a real git daemon that break at any byte, in any way: every paste arrives there, and none twice.</summary>
public sealed class CutTests : IAsyncLifetime
{
    private const string Repository = "r.git";
    private const int StallMilliseconds = 1000, LongMilliseconds = 20_000;

    private readonly TemporaryFolder _folder = new();
    private GitDaemon _daemon = null!;
    private CuttingProxy _proxy = null!;

    public static TheoryData<string, string> WaysAndKinds => new()
    {
        { nameof(Way.ToServer), nameof(CutKind.Close) },
        { nameof(Way.ToServer), nameof(CutKind.Reset) },
        { nameof(Way.ToServer), nameof(CutKind.Stall) },
        { nameof(Way.ToClient), nameof(CutKind.Close) },
        { nameof(Way.ToClient), nameof(CutKind.Reset) },
        { nameof(Way.ToClient), nameof(CutKind.Stall) },
    };

    public async ValueTask InitializeAsync()
    {
        _daemon = await GitDaemon.StartAsync();
        _daemon.CreateSeedling(Repository);
        _proxy = new CuttingProxy(_daemon.Port);
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _daemon.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(WaysAndKinds))]
    public async Task Push_that_is_cut_anywhere_is_made_again_and_made_once(string way, string kind)
    {
        await using var site = await StartAsync(MaxSilence(kind));
        var (toServer, toClient) = await MeasureAsync(site);
        var length = way == nameof(Way.ToServer) ? toServer : toClient;
        var cuts = Cuts(kind);
        for (var i = 0; i < cuts; i++)
        {
            _proxy.CutNext(new Cut(Enum.Parse<Way>(way), length * i / (cuts - 1), Enum.Parse<CutKind>(kind)));
            await LandAsync(site, $"c{i:d3}", $"text {i}");
        }
        Assert.InRange(_proxy.Struck, cuts - 1, cuts);
        await AssertAllThereOnceAsync(site, cuts);
    }

    // From when the report begins the push is made, and only we do not know.
    [Fact]
    public async Task Answer_that_is_lost_is_not_needed()
    {
        await using var site = await StartAsync(LongMilliseconds);
        var (_, toClient) = await MeasureAsync(site);
        var before = _daemon.Git(Repository, "rev-parse", "main");
        _daemon.AddHook(Repository, "post-receive", "echo x >>pushes");
        _proxy.CutNext(new Cut(Way.ToClient, toClient - 1, CutKind.Reset));
        await LandAsync(site, "c000", "text 0");
        Assert.Equal(1, _proxy.Struck);
        Assert.Equal(before, _daemon.Git(Repository, "rev-parse", "main~1"));
        Assert.Single(await File.ReadAllLinesAsync(Path.Combine(_daemon.Path(Repository), "pushes"), TestContext.Current.CancellationToken));
        await AssertAllThereOnceAsync(site, 1);
    }

    // The network held the push back, and it lands when another has been made, or is being made.
    [Theory]
    [InlineData(0)]
    [InlineData(150)]
    [InlineData(2000)]
    public async Task Push_that_lands_after_it_was_given_up_does_no_harm(int lateByMilliseconds)
    {
        await using var site = await StartAsync(StallMilliseconds);
        await MeasureAsync(site);
        for (var i = 0; i < 4; i++)
        {
            _proxy.CutNext(new Cut(Way.ToServer, 150 + (40 * i), CutKind.Late) { LateBy = TimeSpan.FromMilliseconds(lateByMilliseconds) });
            await LandAsync(site, $"c{i:d3}", $"text {i}");
        }
        Assert.Equal(4, _proxy.Struck);
        await Task.Delay(lateByMilliseconds + 300, TestContext.Current.CancellationToken);
        await AssertAllThereOnceAsync(site, 4);
    }

    // So large that our writes block, since nobody reads them.
    [Fact]
    public async Task Server_that_vanishes_in_the_middle_of_a_large_pack_is_given_up_and_asked_again()
    {
        await using var site = await StartAsync(StallMilliseconds);
        await MeasureAsync(site);
        var text = RandomNumberGenerator.GetHexString(24 << 20);
        _proxy.CutNext(new Cut(Way.ToServer, 100_000, CutKind.Stall));
        await LandAsync(site, "c000", text);
        Assert.Equal(1, _proxy.Struck);
        Assert.Contains(site.Log, line => line.Contains("the remote was silent for 1 s", StringComparison.Ordinal));
        Assert.Equal(text, _daemon.Git(Repository, "cat-file", "-p", "main:c/0/0/c000/paste.txt"));
    }

    [Theory]
    [MemberData(nameof(WaysAndKinds))]
    public async Task Fetch_that_is_cut_anywhere_is_made_again_and_brings_all(string way, string kind)
    {
        _daemon.CreateSeedling("measure.git");
        _daemon.PushForeign("measure.git", "x/y/z/xyz0/paste.txt", "foreign");
        await using (var measure = await SyncHost.StartAsync(Through("measure.git"), new SyncHostOptions { PullEvery = TimeSpan.FromMinutes(5) }))
            await measure.UntilAsync(() => measure.Status.FirstFetchDone, "the first fetch");
        // A first fetch is more than one conversation.
        var length = way == nameof(Way.ToServer) ? _proxy.CarriedByAll.ToServer : _proxy.CarriedByAll.ToClient;
        _daemon.PushForeign(Repository, "x/y/z/xyz0/paste.txt", "foreign");
        var cuts = Cuts(kind);
        for (var i = 0; i < cuts; i++)
        {
            _proxy.CutOnce(new Cut(Enum.Parse<Way>(way), length * i / (cuts - 1), Enum.Parse<CutKind>(kind)));
            await using var site = await StartAsync(MaxSilence(kind));
            Assert.Equal("foreign", site.Read("xyz0"));
        }
        Assert.InRange(_proxy.Struck, cuts - 1, cuts);
    }

    private static int Cuts(string kind) => kind == nameof(CutKind.Stall) ? 4 : 8;

    private static int MaxSilence(string kind) => kind == nameof(CutKind.Stall) ? StallMilliseconds : LongMilliseconds;

    private static async Task LandAsync(SyncHost site, string id, string text)
    {
        var ack = await site.CommitAndWaitAsync(id, text);
        Assert.True(ack is RemoteAck.Landed, $"{id}: {ack}; {string.Join(" | ", site.Log)}");
    }

    private string Through(string name) => $"git://127.0.0.1:{_proxy.Port.ToString(CultureInfo.InvariantCulture)}/{name}";

    private async Task<SyncHost> StartAsync(int maxSilence)
    {
        var site = await SyncHost.StartAsync(Through(Repository), new SyncHostOptions { PullEvery = TimeSpan.FromMinutes(5), MaxSilence = TimeSpan.FromMilliseconds(maxSilence) });
        await site.UntilAsync(() => site.Status.FirstFetchDone, "the first fetch");
        return site;
    }

    // The second push: the first brings more.
    private async Task<(long ToServer, long ToClient)> MeasureAsync(SyncHost site)
    {
        await LandAsync(site, "m000", "measured");
        await LandAsync(site, "m001", "measured");
        return _proxy.Carried;
    }

    private async Task AssertAllThereOnceAsync(SyncHost site, int count)
    {
        await site.UntilSyncedAsync();
        for (var i = 0; i < count; i++)
            Assert.Equal($"text {i}", _daemon.Git(Repository, "cat-file", "-p", $"main:c/{i / 100 % 10}/{i / 10 % 10}/c{i:d3}/paste.txt"));
        Assert.Equal($"{count + 3}", _daemon.Git(Repository, "rev-list", "--count", "main"));
        _daemon.AssertSound(Repository);
    }
}
