using System.Security.Cryptography;
using Pasteur.Configuration;
using Pasteur.Git.Protocol;
using Pasteur.Sync.Transports;
using Pasteur.Tests.Protocol;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Sync;

/// <summary>The sync against a scripted server over TCP: whatever it does, the site goes on, says what is wrong, and keeps nothing of it.</summary>
public sealed class HostileRemoteTests
{
    private const string Tip = "cf54ce03737d3f641afed39184937b696154dc25";

    private static readonly FakeGitScript UpToPack = FakeGitScript.Start
        .Say(GoldenFile.Read("advertisement-v2")).HearAnything()
        .Say(Wire.Message($"{Tip} refs/heads/main")).HearAnything();

    public static TheoryData<string, string> Attacks => new()
    {
        { "ref with dots", "which Git does not allow" },
        { "endless refs", "lists more than" },
        { "endless capabilities", "advertises more than" },
        { "endless messages", "bytes of messages" },
        { "no Git at all", "does not speak the Git protocol" },
        { "wrong checksum", "checksum is wrong" },
        { "huge count", "counts 4294967295 objects" },
        { "tip without its trees", "which it did not send" },
        { "tip that never comes", "does not hold it" },
        { "cut pack", "closed the connection" },
        { "stall in the pack", "was silent for" },
        { "reset", "connection" },
    };

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Attack_is_named_and_leaves_the_site_as_it_was(string attack, string problem)
    {
        await using var server = new FakeGitServer(Script(attack));
        await using var site = await SyncHost.StartAsync($"git://127.0.0.1:{server.Listen()}/r", new SyncHostOptions { MaxSilence = TimeSpan.FromMilliseconds(500) });
        await site.UntilAsync(() => site.Status.Problem?.Contains(problem, StringComparison.Ordinal) == true, problem);
        Assert.Empty(site.Repository.Current.RefNames);
        Assert.False(site.Repository.HasCommit(Pasteur.Git.Objects.ObjectId.Parse(Tip)));
        await site.CommitAsync("abcd", "still here");
        Assert.Equal("still here", site.Read("abcd"));
    }

    [Fact]
    public async Task Greeting_names_the_service_the_path_the_host_and_version_2_for_fetching_alone()
    {
        var url = new RemoteUrl.GitDaemon("::1", 1234, "/a b");
        Assert.Equal("0034git-upload-pack /a b\0host=[::1]:1234\0\0version=2\0", System.Text.Encoding.UTF8.GetString(GitDaemonTransport.Greeting(url, GitService.UploadPack)));
        Assert.Equal("0029git-receive-pack /x\0host=example.org\0", System.Text.Encoding.UTF8.GetString(GitDaemonTransport.Greeting(new RemoteUrl.GitDaemon("example.org", 9418, "/x"), GitService.ReceivePack)));
        await using var server = new FakeGitServer(FakeGitScript.Start.Say(GoldenFile.Read("advertisement-v2")).HearAnything().Say(GoldenFile.Read("ls-refs-unborn")));
        var port = server.Listen();
        await using var site = await SyncHost.StartAsync($"git://localhost:{port}/r%20x");
        await site.UntilAsync(() => site.Status.FirstFetchDone, "the first fetch");
        Assert.Equal($"git-upload-pack /r x\0host=localhost:{port}\0\0version=2\0", server.Greetings.First());
    }

    [Fact]
    public async Task Cancellation_that_nobody_here_asked_for_is_a_failure_like_others()
    {
        var tries = 0;
        ValueTask<GitConversation> Connect(GitService service, CancellationToken ct) => Interlocked.Increment(ref tries) > 0 ? throw new TaskCanceledException() : default;
        await using var site = await SyncHost.StartAsync("git://127.0.0.1:1/r", new SyncHostOptions { Remote = new GitRemote(Connect, new GitRemoteOptions()) });
        await site.CommitAsync("abcd", "waits");
        await site.UntilAsync(() => Volatile.Read(ref tries) >= 6 && site.Status.Problem is not null, "another try");
    }

    [Fact]
    public async Task Flood_of_unknown_ids_costs_the_remote_one_fetch_in_two_seconds()
    {
        await using var server = new FakeGitServer(FakeGitScript.Start.Say(GoldenFile.Read("advertisement-v2")).HearAnything().Say(GoldenFile.Read("ls-refs-unborn")).HearAnything());
        await using var site = await SyncHost.StartAsync($"git://127.0.0.1:{server.Listen()}/r", new SyncHostOptions { PullEvery = TimeSpan.FromHours(1) });
        await site.UntilAsync(() => site.Status.FirstFetchDone, "the first fetch");
        var began = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
        {
            for (var i = 0; i < 3; i++)
                await site.Sync.RefreshAsync(TestContext.Current.CancellationToken);
        }));
        var allowed = 2 + (int)(TimeProvider.System.GetElapsedTime(began) / Limits.RefreshEvery);
        Assert.InRange(server.Connections, 2, 1 + allowed);
    }

    [Fact]
    public async Task Unknown_id_does_not_wait_for_a_remote_that_is_away()
    {
        await using var site = await SyncHost.StartAsync("git://127.0.0.1:1/r", new SyncHostOptions { PullEvery = TimeSpan.FromHours(1) });
        await site.UntilAsync(() => site.Status.Problem?.Contains("cannot connect to 127.0.0.1:1", StringComparison.Ordinal) == true, "the refusal");
        var began = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < 3; i++)
            await site.Sync.RefreshAsync(TestContext.Current.CancellationToken);
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, 3 * Limits.RefreshWait + TimeSpan.FromSeconds(5));
    }

    private static FakeGitScript Script(string attack) => attack switch
    {
        "ref with dots" => UpToPack.CutAt(2, script => script.Say(Wire.Message($"{Tip} refs/heads/../../x")).Stall()),
        "endless refs" => UpToPack.CutAt(2, script => script.Flood(Wire.Lines([.. Enumerable.Repeat($"{Tip} refs/heads/x", 1000)]))),
        "endless capabilities" => FakeGitScript.Start.Say(Wire.Lines("version 2")).Flood(Wire.Lines("x")),
        "endless messages" => UpToPack.Say(Wire.Lines("packfile")).Flood(Wire.Band(2, new byte[60_000])),
        "no Git at all" => FakeGitScript.Start.SayText("220 mail.example.org ESMTP\r\n").Stall(),
        "wrong checksum" => UpToPack.Say(Wire.Lines("packfile"), Wire.Band(1, [.. "PACK\0\0\0\u0002\0\0\0\0"u8, .. new byte[20]]), Wire.Flush),
        "huge count" => UpToPack.Say(Wire.Lines("packfile"), Wire.Band(1, [.. "PACK\0\0\0\u0002"u8, 255, 255, 255, 255])).Stall(),
        "tip without its trees" => UpToPack.Say(Wire.Lines("packfile"), Wire.Band(1, TipAlone()), Wire.Flush),
        "tip that never comes" => UpToPack.Say(Wire.Lines("packfile"), Wire.Band(1, Sealed([.. "PACK\0\0\0\u0002\0\0\0\0"u8])), Wire.Flush),
        "cut pack" => UpToPack.Say(Wire.Lines("packfile"), Wire.Band(1, TipAlone().AsSpan(0, 60))).Close(),
        "stall in the pack" => UpToPack.Say(Wire.Lines("packfile"), Wire.Band(1, TipAlone().AsSpan(0, 60))).Stall(),
        "reset" => UpToPack.Reset(),
        _ => throw new ArgumentOutOfRangeException(nameof(attack), attack, null),
    };

    // A commit that names a tree which is nowhere.
    private static byte[] TipAlone()
    {
        using var repository = new StockRepository();
        var commit = repository.Store(Pasteur.Git.Objects.ObjectKind.Commit, "tree 1111111111111111111111111111111111111111\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nx\n"u8.ToArray());
        return repository.GitBytes(System.Text.Encoding.ASCII.GetBytes(commit + "\n"), "pack-objects", "--stdout", "-q");
    }

    private static byte[] Sealed(byte[] pack) => [.. pack, .. SHA1.HashData(pack)];
}
