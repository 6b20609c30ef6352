using System.IO.Compression;
using System.Text;
using Pasteur.Configuration;
using Pasteur.Git.Protocol;
using Pasteur.Tests.Protocol;
using static Pasteur.Tests.Sync.Http.HttpTalk;

namespace Pasteur.Tests.Sync.Http;

/// <summary>HTTP against a scripted server: what is asked, and what becomes of every kind of misbehaviour.</summary>
public sealed class HttpTransportTests
{
    [Fact]
    public async Task Fetch_is_a_discovery_and_posts_as_git_makes_them()
    {
        await using var server = new ScriptedWebServer(Sound);
        Assert.IsType<FetchOutcome.UpToDate>(await FetchAsync(server));
        var (discovery, listing) = (server.Requests.First(), server.Requests.Last());
        Assert.Equal("GET /a%20b.git/info/refs?service=git-upload-pack HTTP/1.1", discovery.Line);
        Assert.Equal("version=2", discovery.Header("Git-Protocol"));
        Assert.Equal("no-cache", discovery.Header("Pragma"));
        Assert.StartsWith("git/pasteur-", discovery.Header("User-Agent"), StringComparison.Ordinal);
        Assert.Null(discovery.Header("Authorization"));
        Assert.Null(discovery.Header("traceparent"));
        Assert.Equal("POST /a%20b.git/git-upload-pack HTTP/1.1", listing.Line);
        Assert.Equal("application/x-git-upload-pack-request", listing.Header("Content-Type"));
        Assert.Equal(FetchResult, listing.Header("Accept"));
        Assert.Equal("version=2", listing.Header("Git-Protocol"));
        Assert.NotNull(listing.Header("Content-Length"));
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task Push_beyond_a_megabyte_asks_first_and_comes_in_chunks_byte_for_byte()
    {
        byte[]? heard = null;
        await using var server = new ScriptedWebServer(async (request, ct) =>
        {
            if (IsPost(request))
                heard = await request.HearBodyAsync(ct);
            await AnswerPushAsync(request, ct);
        });
        Assert.IsType<PushOutcome.Accepted>(await PushAsync(server, packBytes: 3_000_000));
        var post = server.Requests.Last();
        Assert.Equal("chunked", post.Header("Transfer-Encoding"));
        Assert.Equal("100-continue", post.Header("Expect"));
        Assert.Null(post.Header("Content-Length"));
        Assert.Null(post.Header("Git-Protocol"));
        Assert.Equal(Pack(3_000_000), heard![^3_000_000..]);
    }

    [Fact]
    public async Task Small_push_has_a_length_and_asks_nothing_first()
    {
        await using var server = new ScriptedWebServer((request, ct) => AnswerPushAsync(request, ct, hear: true));
        Assert.IsType<PushOutcome.Accepted>(await PushAsync(server, packBytes: 1000));
        Assert.Null(server.Requests.Last().Header("Expect"));
        Assert.NotNull(server.Requests.Last().Header("Content-Length"));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(3_000_000)]
    public async Task Early_413_is_heard_before_the_pack_is_sent(int packBytes)
    {
        await using var server = new ScriptedWebServer(async (request, ct) =>
        {
            if (!IsPost(request))
            {
                await AnswerPushAsync(request, ct);
                return;
            }
            await request.SendAsync("HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", ct);
            request.Client.Client.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        });
        var refused = Assert.IsType<PushOutcome.Refused>(await PushAsync(server, packBytes));
        Assert.Contains("takes no request as large as this push (413)", refused.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_that_breaks_under_a_large_push_leaves_its_outcome_unknown_and_hints_at_a_limit()
    {
        await using var server = new ScriptedWebServer(async (request, ct) =>
        {
            if (!IsPost(request))
            {
                await AnswerPushAsync(request, ct);
                return;
            }
            await request.SendAsync("HTTP/1.1 100 Continue\r\n\r\n", ct);
            await Task.Delay(200, ct);
            request.Reset();
        });
        var undecided = Assert.IsType<PushOutcome.Undecided>(await PushAsync(server, packBytes: 30_000_000));
        Assert.Contains("takes no request so large", undecided.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_that_knows_no_Expect_is_not_asked_again()
    {
        await using var server = new ScriptedWebServer(async (request, ct) =>
        {
            if (request.Header("Expect") is not null)
                await request.SendAsync("HTTP/1.1 417 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", ct);
            else
                await AnswerPushAsync(request, ct, hear: true);
        });
        await using var transport = Transport(server);
        Assert.IsType<PushOutcome.Refused>(await PushAsync(transport, 2_000_000));
        Assert.IsType<PushOutcome.Accepted>(await PushAsync(transport, 2_000_000));
    }

    [Fact]
    public async Task Compressed_answers_are_read_and_damaged_ones_named()
    {
        foreach (var isDamaged in (bool[])[false, true])
        {
            await using var server = new ScriptedWebServer(async (request, ct) =>
            {
                Assert.Equal("gzip", request.Header("Accept-Encoding"));
                using var packed = new MemoryStream();
                await using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
                    await gzip.WriteAsync(GoldenFile.Read(!IsPost(request) ? "advertisement-v2" : "ls-refs-unborn"), ct);
                var bytes = packed.ToArray();
                if (isDamaged)
                    bytes[12] ^= 0x55;
                var type = !IsPost(request) ? FetchAdvertisement : FetchResult;
                if (IsPost(request))
                    await request.HearBodyAsync(ct);
                await request.SendAsync([.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nContent-Encoding: gzip\r\nContent-Length: {bytes.Length}\r\n\r\n"), .. bytes], ct);
            });
            var outcome = await FetchAsync(server);
            Assert.Equal(isDamaged, outcome is FetchOutcome.Broken);
        }
    }

    [Fact]
    public async Task Wish_to_be_left_alone_is_granted_and_bounded()
    {
        var time = new Clock();
        await using var server = new ScriptedWebServer((request, ct) => request.SendAsync("HTTP/1.1 429 Slow down\r\nRetry-After: 999999\r\nContent-Length: 0\r\n\r\n", ct));
        await using var transport = Transport(server, time: time);
        for (var i = 0; i < 3; i++)
            Assert.Contains("(429) and asks to be left alone for 999999 s", Reason(await FetchAsync(transport)), StringComparison.Ordinal);
        Assert.Single(server.Requests);
        time.Advance(Limits.LongestRetryAfter);
        await FetchAsync(transport);
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData("302 Found\r\nLocation: /x/git-upload-pack", "in the middle of a fetch; give the new address as --remote")]
    [InlineData("401 No", "asks for a login (401)")]
    [InlineData("500 Oh", "failed (500)")]
    [InlineData("200 OK\r\nContent-Type: text/html", "answers with a web page")]
    public async Task Post_that_is_refused_after_a_sound_discovery_is_told(string head, string expected)
    {
        await using var server = new ScriptedWebServer(async (request, ct) =>
        {
            if (!IsPost(request))
            {
                await Sound(request, ct);
                return;
            }
            await request.HearBodyAsync(ct);
            await request.SendAsync($"HTTP/1.1 {head}\r\nContent-Length: 0\r\n\r\n", ct);
        });
        Assert.Contains(expected, Reason(await FetchAsync(server)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_to_a_post_that_stalls_ends_by_the_clock()
    {
        await using var server = new ScriptedWebServer((request, ct) => IsPost(request) ? Task.Delay(Timeout.Infinite, ct) : Sound(request, ct));
        Assert.Contains("was silent for 0.5 s", Reason(await FetchAsync(server)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirected_discovery_moves_the_posts_too_and_leaves_the_login_behind()
    {
        await using var other = new ScriptedWebServer(Sound);
        var hasMoved = false;
        await using var server = new ScriptedWebServer((request, ct) => request.Header("Authorization") is null
            ? request.SendAsync("HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n", ct)
            : hasMoved
                ? request.SendAsync($"HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:{other.Port}/new.git/info/refs?service=git-upload-pack\r\nContent-Length: 0\r\n\r\n", ct)
                : Sound(request, ct));
        await using var transport = Transport(server, "ada:canary@");
        Assert.IsType<FetchOutcome.UpToDate>(await FetchAsync(transport));
        hasMoved = true;
        Assert.IsType<FetchOutcome.UpToDate>(await FetchAsync(transport));
        Assert.Equal("POST /new.git/git-upload-pack HTTP/1.1", other.Requests.Last().Line);
        Assert.DoesNotContain(other.Requests, request => request.Header("Authorization") is not null);
        Assert.Single(server.Requests, IsPost);
    }

    [Fact]
    public async Task Server_that_asks_for_the_login_only_when_pushed_to_gets_it_with_the_next_push()
    {
        await using var server = new ScriptedWebServer(async (request, ct) =>
        {
            if (IsPost(request) && request.Header("Authorization") is null)
            {
                await request.HearBodyAsync(ct);
                await request.SendAsync("HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n", ct);
                return;
            }
            await AnswerPushAsync(request, ct, hear: true);
        });
        await using var transport = Transport(server, "ada:canary@");
        Assert.Contains("asks for the login only now (401)", Assert.IsType<PushOutcome.Refused>(await PushAsync(transport, 1000)).Words, StringComparison.Ordinal);
        Assert.IsType<PushOutcome.Accepted>(await PushAsync(transport, 1000));
    }

    [Fact]
    public async Task Server_that_a_redirect_leads_to_and_that_asks_for_a_login_is_named()
    {
        await using var other = new ScriptedWebServer((request, ct) => request.SendAsync("HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n", ct));
        await using var server = new ScriptedWebServer((request, ct) =>
            request.SendAsync($"HTTP/1.1 301 Moved\r\nLocation: http://x:y@127.0.0.1:{other.Port}/new.git/info/refs?service=git-upload-pack\r\nContent-Length: 0\r\n\r\n", ct));
        await using var transport = Transport(server, "ada:canary@");
        Assert.Contains($"http://127.0.0.1:{other.Port}/new.git, where http://127.0.0.1:{server.Port}/a%20b.git redirects to, asks for a login (401)", Reason(await FetchAsync(transport)), StringComparison.Ordinal);
        Assert.Single(other.Requests);
    }

    [Fact]
    public async Task Nobody_there_and_no_such_name_are_one_line_each()
    {
        Assert.Contains("cannot connect to 127.0.0.1:1: Connection refused", Reason(await FetchAsync(Transport("http://127.0.0.1:1/r"))), StringComparison.Ordinal);
        Assert.Contains("the name nowhere.invalid, or that of a proxy on the way, is not found", Reason(await FetchAsync(Transport("https://nowhere.invalid/r"))), StringComparison.Ordinal);
    }

    private sealed class Clock : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(TimeSpan by) => _now += by;
    }
}
