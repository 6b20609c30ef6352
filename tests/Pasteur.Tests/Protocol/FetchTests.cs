using Pasteur.Git.Objects;
using Pasteur.Git.Protocol;

namespace Pasteur.Tests.Protocol;

public sealed class FetchTests
{
    private const string Tip = "cf54ce03737d3f641afed39184937b696154dc25";
    private const string Old = "1525222ef666d1d383d646ff825164aeba350dc9";
    private static readonly string Agent = $"agent={ClientName.Agent}";
    private static readonly GitRemoteOptions Hurried = new() { MaxSilence = TimeSpan.FromMilliseconds(200), MaxConversation = TimeSpan.FromSeconds(5) };

    private static readonly string[] AsksForRefs =
        ["command=ls-refs", Agent, "object-format=sha1", "|", "symrefs", "unborn", "ref-prefix HEAD", "ref-prefix refs/heads/main"];

    // A first fetch of depth 1, as a store without data does it.
    private static readonly FakeGitScript FirstFetch = FakeGitScript.Start
        .Say(GoldenFile.Read("advertisement-v2"))
        .Hear(AsksForRefs)
        .Say(GoldenFile.Read("ls-refs"))
        .Hear("command=fetch", Agent, "object-format=sha1", "|", "ofs-delta", "deepen 1", $"want {Tip}", "done")
        .Say(GoldenFile.Read("fetch-v2-shallow"));

    [Fact]
    public async Task First_fetch_is_shallow_and_hands_on_the_pack_and_its_edge()
    {
        await using var server = new FakeGitServer(FirstFetch);
        var receiver = new PackReceiver();
        var outcome = await server.Remote().FetchAsync(Request(receiver) with { Depth = 1 }, TestContext.Current.CancellationToken);
        var fetched = Assert.IsType<FetchOutcome.Fetched>(outcome);
        server.AssertFollowed();
        Assert.Equal(ObjectId.Parse(Tip), fetched.Refs.Tips["refs/heads/main"]);
        Assert.Equal("refs/heads/main", fetched.Refs.Head);
        Assert.Equal([ObjectId.Parse(Tip)], receiver.Shallow);
        Assert.StartsWith("PACK", receiver.Text, StringComparison.Ordinal);
        Assert.Equal(receiver.Bytes.Length, fetched.PackBytes);
        Assert.Contains("Compressing objects: 100% (2/2), done.", fetched.Messages);
    }

    [Fact]
    public async Task Later_fetch_says_what_we_have_and_names_our_edge()
    {
        await using var server = new FakeGitServer(FakeGitScript.Start
            .Say(GoldenFile.Read("advertisement-v2")).Hear(AsksForRefs).Say(GoldenFile.Read("ls-refs"))
            .Hear("command=fetch", Agent, "object-format=sha1", "|", "ofs-delta", $"shallow {Old}", $"want {Tip}", $"have {Old}", "done")
            .Say(GoldenFile.Read("fetch-v2-incremental")));
        var receiver = new PackReceiver();
        var request = Request(receiver) with { Haves = [ObjectId.Parse(Old)], Shallow = [ObjectId.Parse(Old)] };
        Assert.IsType<FetchOutcome.Fetched>(await server.Remote().FetchAsync(request, TestContext.Current.CancellationToken));
        server.AssertFollowed();
        Assert.Empty(receiver.Shallow!);
    }

    [Fact]
    public async Task Nothing_new_costs_one_list_of_refs()
    {
        await using var server = new FakeGitServer(FakeGitScript.Start
            .Say(GoldenFile.Read("advertisement-v2")).Hear(AsksForRefs).Say(GoldenFile.Read("ls-refs")).Hear());
        var receiver = new PackReceiver();
        var request = Request(receiver) with { IsKnown = id => id == ObjectId.Parse(Tip) };
        Assert.IsType<FetchOutcome.UpToDate>(await server.Remote().FetchAsync(request, TestContext.Current.CancellationToken));
        server.AssertFollowed();
        Assert.Null(receiver.Shallow);
    }

    [Fact]
    public async Task Empty_remote_is_up_to_date_and_names_its_branch_to_be()
    {
        await using var server = new FakeGitServer(FakeGitScript.Start
            .Say(GoldenFile.Read("advertisement-v2")).Hear(AsksForRefs).Say(GoldenFile.Read("ls-refs-unborn")).Hear());
        var upToDate = Assert.IsType<FetchOutcome.UpToDate>(await server.Remote().FetchAsync(Request(new PackReceiver()), TestContext.Current.CancellationToken));
        Assert.Empty(upToDate.Refs.Tips);
        Assert.Equal("refs/heads/main", upToDate.Refs.Head);
        server.AssertFollowed();
    }

    [Fact]
    public async Task Refs_that_were_not_asked_for_are_not_fetched()
    {
        await using var server = new FakeGitServer(FirstFetch);
        var outcome = await server.Remote().FetchAsync(Request(new PackReceiver()) with { Depth = 1 }, TestContext.Current.CancellationToken);
        Assert.Equal(["refs/heads/main"], Assert.IsType<FetchOutcome.Fetched>(outcome).Refs.Tips.Keys);
    }

    [Theory]
    [InlineData("advertisement-v0")]
    [InlineData("advertisement-v1")]
    public async Task Server_of_an_older_protocol_is_asked_in_it(string advertisement)
    {
        await using var server = new FakeGitServer(FakeGitScript.Start
            .Say(GoldenFile.Read(advertisement))
            .Hear($"want {Tip} multi_ack_detailed side-band-64k ofs-delta {Agent}", "deepen 1")
            .HearLine($"have {Old}").HearLine("done")
            .Say(GoldenFile.Read("fetch-v0-shallow")));
        var receiver = new PackReceiver();
        var request = Request(receiver) with { Depth = 1, Haves = [ObjectId.Parse(Old)] };
        Assert.IsType<FetchOutcome.Fetched>(await server.Remote().FetchAsync(request, TestContext.Current.CancellationToken));
        server.AssertFollowed();
        Assert.Equal([ObjectId.Parse(Tip)], receiver.Shallow);
        Assert.StartsWith("PACK", receiver.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_of_an_older_protocol_may_know_any_number_of_our_commits()
    {
        await using var server = new FakeGitServer(FakeGitScript.Start
            .Say(GoldenFile.Read("advertisement-v0"))
            .Hear($"want {Tip} multi_ack_detailed side-band-64k ofs-delta {Agent}")
            .HearLine($"have {Tip}").HearLine($"have {Old}").HearLine("done")
            .Say(GoldenFile.Read("fetch-v0-incremental")));
        var receiver = new PackReceiver();
        var request = Request(receiver) with { Haves = [ObjectId.Parse(Tip), ObjectId.Parse(Old)] };
        Assert.IsType<FetchOutcome.Fetched>(await server.Remote().FetchAsync(request, TestContext.Current.CancellationToken));
        server.AssertFollowed();
        Assert.StartsWith("PACK", receiver.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Empty_remote_of_the_old_protocol_is_up_to_date()
    {
        await using var server = new FakeGitServer(FakeGitScript.Start.Say(GoldenFile.Read("advertisement-v0-empty")).Hear());
        Assert.IsType<FetchOutcome.UpToDate>(await server.Remote().FetchAsync(Request(new PackReceiver()), TestContext.Current.CancellationToken));
        server.AssertFollowed();
    }

    public static TheoryData<int> Steps => [.. Enumerable.Range(0, FirstFetch.Steps)];

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Connection_that_ends_at_any_step_is_broken(int step)
    {
        await using var server = new FakeGitServer(FirstFetch.CutAt(step, script => script.Close()));
        var broken = Assert.IsType<FetchOutcome.Broken>(await FetchFirstAsync(server));
        Assert.Contains("connection", broken.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Server_that_falls_silent_at_any_step_is_given_up(int step)
    {
        await using var server = new FakeGitServer(FirstFetch.CutAt(step, script => script.Stall()));
        var broken = Assert.IsType<FetchOutcome.Broken>(await FetchFirstAsync(server));
        Assert.Matches("^the remote was silent for 0.2 s while we waited for its (refs|pack)$", broken.Reason);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Garbage_at_any_step_is_refused(int step)
    {
        await using var server = new FakeGitServer(FirstFetch.CutAt(step, script => script.SayText("HTTP/1.1 400 Bad Request\r\n\r\n").Stall()));
        var broken = Assert.IsType<FetchOutcome.Broken>(await FetchFirstAsync(server));
        Assert.Contains("does not speak the Git protocol here: \"HTTP/1.1 400 Bad Request", broken.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Servers_own_words_are_handed_on_at_any_step(int step)
    {
        await using var server = new FakeGitServer(FirstFetch.CutAt(step, script => script.Say(Wire.Packet("ERR access denied\n"u8)).Stall()));
        Assert.Equal(new FetchOutcome.Refused("access denied"), await FetchFirstAsync(server));
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Lines_without_end_at_any_step_are_refused(int step)
    {
        await using var server = new FakeGitServer(FirstFetch.CutAt(step, script => script.Flood(Wire.Lines([.. Enumerable.Repeat("shallow " + Tip, 1000)]))));
        Assert.IsType<FetchOutcome.Broken>(await FetchFirstAsync(server));
    }

    [Fact]
    public async Task Server_that_trickles_is_given_up_at_the_deadline()
    {
        var options = new GitRemoteOptions { MaxSilence = TimeSpan.FromSeconds(30), MaxConversation = TimeSpan.FromMilliseconds(300) };
        var trickle = FakeGitScript.Start.Say(GoldenFile.Read("advertisement-v2")).Hear(AsksForRefs).Then(async (peer, ct) =>
        {
            for (var i = 0; ; i++)
            {
                await peer.WriteAsync(Wire.Lines($"{Tip} refs/heads/{i}"), ct);
                await Task.Delay(20, ct);
            }
        });
        await using var server = new FakeGitServer(trickle);
        Assert.Equal(new FetchOutcome.Broken("the conversation with the remote took longer than 0.3 s") { IsAway = true },
            await server.Remote(options).FetchAsync(Request(new PackReceiver()), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Pack_over_the_limit_is_cut_off()
    {
        await using var server = new FakeGitServer(FirstFetch);
        var outcome = await server.Remote(new GitRemoteOptions { MaxPackBytes = 100 }).FetchAsync(Request(new PackReceiver()) with { Depth = 1 }, TestContext.Current.CancellationToken);
        Assert.Equal(new FetchOutcome.TooLarge("the remote sends more than the 100 bytes that are accepted at once"), outcome);
    }

    [Fact]
    public async Task Fault_of_the_receiver_is_not_blamed_on_the_remote()
    {
        await using var server = new FakeGitServer(FirstFetch);
        var request = Request(new PackReceiver()) with { Depth = 1, Receive = (_, _, _) => throw new IOException("No space left on device") };
        var e = await Assert.ThrowsAsync<IOException>(() => server.Remote().FetchAsync(request, TestContext.Current.CancellationToken));
        Assert.Equal("No space left on device", e.Message);
    }

    [Fact]
    public async Task Fault_of_the_remote_is_told_even_when_the_receiver_wraps_it()
    {
        await using var server = new FakeGitServer(FirstFetch.CutAt(4, script => script.Say(Wire.Lines("packfile"), Wire.Band(3, "disk on fire"))));
        var request = Request(new PackReceiver()) with
        {
            Depth = 1,
            Receive = async (pack, _, ct) =>
            {
                try
                {
                    await pack.CopyToAsync(Stream.Null, ct);
                }
                catch (IOException e)
                {
                    throw new InvalidDataException("bad pack", e);
                }
            },
        };
        Assert.Equal(new FetchOutcome.Refused("disk on fire"), await server.Remote().FetchAsync(request, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Cancelled_fetch_is_cancelled_not_broken()
    {
        await using var server = new FakeGitServer(FakeGitScript.Start.Stall());
        using var cancel = new CancellationTokenSource(50);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server.Remote().FetchAsync(Request(new PackReceiver()), cancel.Token));
    }

    [Fact]
    public async Task Remote_that_cannot_be_reached_is_broken()
    {
        var remote = new GitRemote((_, _) => throw new IOException("connection refused"), new GitRemoteOptions());
        Assert.Equal(new FetchOutcome.Broken("connection refused") { IsAway = true }, await remote.FetchAsync(Request(new PackReceiver()), TestContext.Current.CancellationToken));
    }

    public static TheoryData<string, string[]> BadAnswers => new()
    {
        { "an unknown section", ["brandnew"] },
        { "no section", ["PACK"] },
        { "a bad shallow line", ["shallow-info", "shallow 12"] },
        { "another line among shallow ones", ["shallow-info", "deep " + Tip] },
    };

    [Theory]
    [MemberData(nameof(BadAnswers))]
    public async Task Answer_out_of_order_is_refused(string what, string[] lines)
    {
        await using var server = new FakeGitServer(FirstFetch.CutAt(4, script => script.Say(Wire.Message(lines)).Stall()));
        var broken = Assert.IsType<FetchOutcome.Broken>(await FetchFirstAsync(server));
        Assert.True(broken.Reason.Contains("has the unexpected line", StringComparison.Ordinal), what);
    }

    private static Task<FetchOutcome> FetchFirstAsync(FakeGitServer server) =>
        server.Remote(Hurried).FetchAsync(Request(new PackReceiver()) with { Depth = 1 }, TestContext.Current.CancellationToken);

    private static FetchRequest Request(PackReceiver receiver) => new()
    {
        Refs = ["refs/heads/main"],
        IsKnown = _ => false,
        Receive = receiver.ReceiveAsync,
    };

    private sealed class PackReceiver
    {
        public IReadOnlyList<ObjectId>? Shallow { get; private set; }

        public byte[] Bytes { get; private set; } = [];

        public string Text => System.Text.Encoding.Latin1.GetString(Bytes);

        public async Task ReceiveAsync(Stream pack, IReadOnlyList<ObjectId> shallow, CancellationToken ct)
        {
            Shallow = shallow;
            using var bytes = new MemoryStream();
            await pack.CopyToAsync(bytes, ct);
            Bytes = bytes.ToArray();
        }
    }
}
