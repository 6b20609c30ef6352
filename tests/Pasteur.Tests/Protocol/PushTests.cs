using Pasteur.Git.Objects;
using Pasteur.Git.Protocol;

namespace Pasteur.Tests.Protocol;

public sealed class PushTests
{
    private const string Old = "cf54ce03737d3f641afed39184937b696154dc25";
    private const string New = "1111111111111111111111111111111111111111";
    private const string Zero = "0000000000000000000000000000000000000000";
    private static readonly string Asked = $"report-status side-band-64k ofs-delta quiet object-format=sha1 agent={ClientName.Agent}";
    private static readonly byte[] Pack = [.. "PACK"u8, .. Enumerable.Range(0, 200).Select(i => (byte)i)];
    private static readonly GitRemoteOptions Hurried = new() { MaxSilence = TimeSpan.FromMilliseconds(200), MaxConversation = TimeSpan.FromSeconds(5) };

    private static readonly FakeGitScript Accepted = FakeGitScript.Start
        .Say(GoldenFile.Read("advertisement-receive"))
        .Hear($"{Old} {New} refs/heads/main\0{Asked}")
        .HearBytes(Pack)
        .Say(Wire.Band(2, "thank you\n"), Wire.Report("unpack ok", "ok refs/heads/main"));

    // The steps before the push was sent, and those after.
    private const int SentAt = 1;

    [Fact]
    public async Task Push_that_the_server_answers_with_ok_is_accepted()
    {
        await using var server = new FakeGitServer(Accepted);
        var accepted = Assert.IsType<PushOutcome.Accepted>(await PushAsync(server));
        server.AssertFollowed();
        Assert.Equal(["thank you"], accepted.Messages);
    }

    [Fact]
    public async Task New_branch_is_created_from_the_zero_id_on_an_empty_remote()
    {
        await using var server = new FakeGitServer(FakeGitScript.Start
            .Say(GoldenFile.Read("advertisement-receive-empty"))
            .Hear($"{Zero} {New} refs/heads/main\0{Asked}").HearBytes(Pack)
            .Say(Wire.Report("unpack ok", "ok refs/heads/main")));
        Assert.IsType<PushOutcome.Accepted>(await PushAsync(server, Update("refs/heads/main", Zero, New)));
        server.AssertFollowed();
    }

    [Fact]
    public async Task Several_refs_are_moved_together_or_not_at_all_where_the_server_can()
    {
        await using var server = new FakeGitServer(FakeGitScript.Start
            .Say(GoldenFile.Read("advertisement-receive"))
            .Hear($"{Old} {New} refs/heads/main\0{Asked.Replace(" object-format", " atomic object-format", StringComparison.Ordinal)}", $"{Zero} {New} refs/heads/inbox/2")
            .HearBytes(Pack)
            .Say(Wire.Report("unpack ok", "ok refs/heads/main", "ok refs/heads/inbox/2")));
        Assert.IsType<PushOutcome.Accepted>(await PushAsync(server, Update("refs/heads/main", Old, New), Update("refs/heads/inbox/2", Zero, New)));
        server.AssertFollowed();
    }

    [Fact]
    public async Task Deletion_goes_without_a_pack()
    {
        await using var server = new FakeGitServer(FakeGitScript.Start
            .Say(GoldenFile.Read("advertisement-receive"))
            .Hear($"{Old} {Zero} refs/heads/main\0{Asked}")
            .Say(Wire.Report("unpack ok", "ok refs/heads/main")));
        var request = new PushRequest { Updates = [Update("refs/heads/main", Old, Zero)] };
        Assert.IsType<PushOutcome.Accepted>(await server.Remote(Hurried).PushAsync(request, TestContext.Current.CancellationToken));
        server.AssertFollowed();
    }

    [Fact]
    public async Task Deletion_is_not_asked_of_a_server_that_deletes_nothing()
    {
        await using var server = new FakeGitServer(FakeGitScript.Start.Say(Wire.Message($"{Old} refs/heads/main\0report-status side-band-64k")).Stall());
        var request = new PushRequest { Updates = [Update("refs/heads/main", Old, Zero)] };
        Assert.Equal(new PushOutcome.Broken("the remote deletes no refs (delete-refs)"), await server.Remote(Hurried).PushAsync(request, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(New, New, Old)]
    [InlineData(Zero, New, Old)]
    public async Task Ref_that_is_elsewhere_stops_the_push_before_anything_is_sent(string believed, string wanted, string actual)
    {
        await using var server = new FakeGitServer(FakeGitScript.Start.Say(GoldenFile.Read("advertisement-receive")).Hear());
        var request = new PushRequest { Updates = [Update("refs/heads/main", believed, wanted)], WritePack = (_, _) => throw new InvalidOperationException("A pack was asked for.") };
        Assert.Equal(new PushOutcome.RemoteMoved("refs/heads/main", ObjectId.Parse(actual)), await server.Remote(Hurried).PushAsync(request, TestContext.Current.CancellationToken));
        server.AssertFollowed();
    }

    [Fact]
    public async Task Branch_that_is_gone_has_moved_to_nothing()
    {
        await using var server = new FakeGitServer(FakeGitScript.Start.Say(GoldenFile.Read("advertisement-receive-empty")).Hear());
        Assert.Equal(new PushOutcome.RemoteMoved("refs/heads/main", ObjectId.Zero), await PushAsync(server));
    }

    [Fact]
    public async Task Push_that_landed_before_is_accepted_without_sending_it_again()
    {
        await using var server = new FakeGitServer(FakeGitScript.Start.Say(GoldenFile.Read("advertisement-receive")).Hear());
        Assert.IsType<PushOutcome.Accepted>(await PushAsync(server, Update("refs/heads/main", New, Old)));
        server.AssertFollowed();
    }

    [Theory]
    [InlineData("ng refs/heads/main pre-receive hook declined", RejectionKind.Hook)]
    [InlineData("ng refs/heads/main non-fast-forward", RejectionKind.NonFastForward)]
    public async Task Rejection_carries_the_servers_words(string line, RejectionKind kind)
    {
        await using var server = new FakeGitServer(Accepted.CutAt(3, script => script.Say(Wire.Band(2, "not today\n"), Wire.Report("unpack ok", line))));
        var rejected = Assert.IsType<PushOutcome.Rejected>(await PushAsync(server));
        Assert.Equal((kind, line["ng refs/heads/main ".Length..]), (rejected.Kind, rejected.Reason));
        Assert.Equal(["not today"], rejected.Messages);
    }

    public static TheoryData<int> Steps => [.. Enumerable.Range(0, Accepted.Steps)];

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Connection_that_ends_leaves_the_push_broken_before_it_was_sent_and_undecided_after(int step)
    {
        await using var server = new FakeGitServer(Accepted.CutAt(step, script => script.Close()));
        AssertNotAccepted(step, await PushAsync(server));
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Server_that_falls_silent_leaves_the_push_broken_or_undecided(int step)
    {
        await using var server = new FakeGitServer(Accepted.CutAt(step, script => script.Stall()));
        Assert.Matches("^the remote was silent for 0.2 s while we waited for its (refs|report on the push)$", AssertNotAccepted(step, await PushAsync(server)));
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Garbage_leaves_the_push_broken_or_undecided(int step)
    {
        await using var server = new FakeGitServer(Accepted.CutAt(step, script => script.SayText("HTTP/1.1 502 Bad Gateway\r\n").Stall()));
        Assert.Contains("does not speak the Git protocol", AssertNotAccepted(step, await PushAsync(server)), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Flood_leaves_the_push_broken_or_undecided(int step)
    {
        await using var server = new FakeGitServer(Accepted.CutAt(step, script => script.Flood(Wire.Band(2, new string('x', 60_000)))));
        AssertNotAccepted(step, await PushAsync(server));
    }

    [Fact]
    public async Task Half_a_report_is_undecided()
    {
        await using var server = new FakeGitServer(Accepted.CutAt(3, script => script.Say(Wire.Band(1, Wire.Lines("unpack ok", "ok refs/heads/main"))).Close()));
        Assert.IsType<PushOutcome.Undecided>(await PushAsync(server));
    }

    [Fact]
    public async Task Report_counts_though_the_connection_ends_right_after_it()
    {
        await using var server = new FakeGitServer(Accepted.CutAt(3, script => script.Say(Wire.Band(1, Wire.Message("unpack ok", "ok refs/heads/main"))).Close()));
        Assert.IsType<PushOutcome.Accepted>(await PushAsync(server));
    }

    [Fact]
    public async Task Server_that_stops_reading_and_says_why_is_heard()
    {
        var early = FakeGitScript.Start.Say(GoldenFile.Read("advertisement-receive")).HearAnything()
            .Say(Wire.Band(2, "remote: disk full\n"), Wire.Report("unpack index-pack abnormal exit", "ng refs/heads/main unpacker error")).Close();
        await using var server = new FakeGitServer(early);
        var request = new PushRequest
        {
            Updates = [Update("refs/heads/main", Old, New)],
            WritePack = async (stream, ct) =>
            {
                for (var i = 0; i < 1000; i++) await stream.WriteAsync(new byte[64 * 1024], ct);
            },
        };
        var rejected = Assert.IsType<PushOutcome.Rejected>(await server.Remote(Hurried).PushAsync(request, TestContext.Current.CancellationToken));
        Assert.Equal("the remote could not take the pack: index-pack abnormal exit", rejected.Reason);
    }

    [Fact]
    public async Task Servers_refusal_before_the_push_is_refused_in_its_words()
    {
        await using var server = new FakeGitServer(FakeGitScript.Start.Say(Wire.Packet("ERR access denied or repository not exported: /r\n"u8)).Stall());
        Assert.Equal(new PushOutcome.Refused("access denied or repository not exported: /r"), await PushAsync(server));
    }

    [Theory]
    [InlineData("side-band-64k", "report-status")]
    [InlineData("report-status", "side-band-64k")]
    public async Task Server_that_cannot_report_is_sent_nothing(string has, string lacks)
    {
        await using var server = new FakeGitServer(FakeGitScript.Start.Say(Wire.Message($"{Old} refs/heads/main\0{has}")).Stall());
        Assert.Contains(lacks, Assert.IsType<PushOutcome.Broken>(await PushAsync(server)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fault_of_the_packs_writer_is_not_blamed_on_the_remote()
    {
        await using var server = new FakeGitServer(Accepted);
        var request = new PushRequest { Updates = [Update("refs/heads/main", Old, New)], WritePack = (_, _) => throw new InvalidDataException("our pack is damaged") };
        await Assert.ThrowsAsync<InvalidDataException>(() => server.Remote(Hurried).PushAsync(request, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Push_without_a_pack_that_it_needs_is_a_mistake_of_ours()
    {
        await using var server = new FakeGitServer(Accepted);
        var request = new PushRequest { Updates = [Update("refs/heads/main", Old, New)] };
        await Assert.ThrowsAsync<ArgumentException>(() => server.Remote(Hurried).PushAsync(request, TestContext.Current.CancellationToken));
    }

    private static string AssertNotAccepted(int step, PushOutcome outcome) => step < SentAt
        ? Assert.IsType<PushOutcome.Broken>(outcome).Reason
        : Assert.IsType<PushOutcome.Undecided>(outcome).Reason;

    private static RefUpdate Update(string name, string old, string @new) => new(name, ObjectId.Parse(old), ObjectId.Parse(@new));

    private static Task<PushOutcome> PushAsync(FakeGitServer server, params RefUpdate[] updates)
    {
        var request = new PushRequest
        {
            Updates = updates.Length > 0 ? updates : [Update("refs/heads/main", Old, New)],
            WritePack = (stream, ct) => stream.WriteAsync(Pack, ct),
        };
        return server.Remote(Hurried).PushAsync(request, TestContext.Current.CancellationToken);
    }
}
