using System.IO.Compression;
using System.Text;
using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Git.Protocol;
using Pasteur.Sync.Transports.Http;
using Pasteur.Tests.Protocol;

namespace Pasteur.Tests.Sync.Http;

/// <summary>HTTP against a scripted server: what is asked, and what becomes of every kind of misbehaviour.</summary>
public sealed class HttpTransportTests
{
    private const string Tip = "cf54ce03737d3f641afed39184937b696154dc25";
    private const string New = "1111111111111111111111111111111111111111";
    private const string FetchAdvertisement = "application/x-git-upload-pack-advertisement";
    private const string FetchResult = "application/x-git-upload-pack-result";
    private const string PushAdvertisement = "application/x-git-receive-pack-advertisement";
    private const string PushResult = "application/x-git-receive-pack-result";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

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

    /// <summary>What a server does instead of answering the discovery, and what is said of it.</summary>
    public static TheoryData<string, string> Misbehaviours => new()
    {
        { "close", "closed the connection before it answered" },
        { "reset", "connection" },
        { "cut in the head", "closed the connection before it answered" },
        { "endless head", "answered with headers beyond 32 KiB" },
        { "no HTTP", "does not answer as HTTP asks" },
        { "stall", "the remote was silent for 0.5 s" },
        { "stall in the head", "the remote was silent for 0.5 s" },
        { "cut in the body", "the connection to the remote was lost" },
        { "stall in the body", "the remote was silent for 0.5 s" },
        { "endless body", "advertises more than" },
        { "no type", "nothing that says what it is in place of a repository" },
        { "other type", "answers with application/json in place of a repository" },
        { "type of a push", "answers with application/x-git-receive-pack-advertisement in place of a repository" },
        { "long title", "…\") in place of a repository" },
        { "endless page", "answers with a web page in place" },
        { "redirect to itself", "redirects more than 5 times" },
        { "redirect to a file", "redirects to file:, which is not followed" },
        { "redirect to gopher", "redirects to gopher:, which is not followed" },
        { "redirect to another service", "which is no Git address" },
        { "redirect to nowhere", "redirects to nowhere" },
        { "login without end", "asks for a login (401)" },
        { "no content", "answered 204 where Git was expected" },
        { "steering words", "it says: ?[31mred?" },
        { "proxy", "the proxy asks for a login (407)" },
    };

    [Theory]
    [MemberData(nameof(Misbehaviours))]
    public async Task Misbehaving_server_is_named_for_what_it_does(string misbehaviour, string expected)
    {
        await using var server = new ScriptedWebServer((request, ct) => MisbehaveAsync(misbehaviour, request, ct));
        var reason = Reason(await FetchAsync(server));
        Assert.Contains(expected, reason, StringComparison.Ordinal);
        Assert.DoesNotContain(reason, char.IsControl);
        Assert.InRange(reason.Length, 1, 700);
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
        await using var server = new ScriptedWebServer((request, ct) => request.Header("Authorization") is null
            ? request.SendAsync("HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n", ct)
            : request.SendAsync($"HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:{other.Port}/new.git/info/refs?service=git-upload-pack\r\nContent-Length: 0\r\n\r\n", ct));
        await using var transport = Transport(server, "ada:canary@");
        Assert.IsType<FetchOutcome.UpToDate>(await FetchAsync(transport));
        Assert.Equal("POST /new.git/git-upload-pack HTTP/1.1", other.Requests.Last().Line);
        Assert.DoesNotContain(other.Requests, request => request.Header("Authorization") is not null);
        Assert.DoesNotContain(server.Requests, IsPost);
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

    private static bool IsPost(ScriptedRequest request) => request.Line.StartsWith("POST", StringComparison.Ordinal);

    private static async Task Sound(ScriptedRequest request, CancellationToken ct)
    {
        if (IsPost(request))
            await request.HearBodyAsync(ct);
        await request.AnswerAsync("200 OK", IsPost(request) ? FetchResult : FetchAdvertisement, IsPost(request) ? GoldenFile.Read("ls-refs-unborn")
            : [.. Wire.Message("# service=git-upload-pack"), .. GoldenFile.Read("advertisement-v2")], ct);
    }

    private static async Task AnswerPushAsync(ScriptedRequest request, CancellationToken ct, bool hear = false)
    {
        if (IsPost(request) && hear)
            await request.HearBodyAsync(ct);
        await request.AnswerAsync("200 OK", IsPost(request) ? PushResult : PushAdvertisement, IsPost(request) ? Wire.Report("unpack ok", "ok refs/heads/main")
            : [.. Wire.Message("# service=git-receive-pack"), .. GoldenFile.Read("advertisement-receive")], ct);
    }

    private static Task MisbehaveAsync(string misbehaviour, ScriptedRequest request, CancellationToken ct) => misbehaviour switch
    {
        "close" => CloseAfterAsync(request, ""),
        "reset" => Task.Run(request.Reset, ct),
        "cut in the head" => CloseAfterAsync(request, "HTTP/1.1 200 OK\r\nContent-Ty"),
        "endless head" => FloodAsync(request, "HTTP/1.1 200 OK\r\n", "X-Filler: 0123456789\r\n", ct),
        "no HTTP" => CloseAfterAsync(request, "220 mail.example.org ESMTP\r\n\r\n"),
        "stall" => Task.Delay(Timeout.Infinite, ct),
        "stall in the head" => StallAfterAsync(request, "HTTP/1.1 200 OK\r\nContent-Ty", ct),
        "cut in the body" => CloseAfterAsync(request, $"HTTP/1.1 200 OK\r\nContent-Type: {FetchAdvertisement}\r\nContent-Length: 100\r\n\r\n001e# serv"),
        "stall in the body" => StallAfterAsync(request, $"HTTP/1.1 200 OK\r\nContent-Type: {FetchAdvertisement}\r\nContent-Length: 100\r\n\r\n001e# serv", ct),
        "endless body" => FloodAsync(request, $"HTTP/1.1 200 OK\r\nContent-Type: {FetchAdvertisement}\r\n\r\n000eversion 2\n", "0006x\n", ct),
        "no type" => request.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ct),
        "other type" => request.AnswerAsync("200 OK", "application/json", "{}"u8.ToArray(), ct),
        "type of a push" => request.AnswerAsync("200 OK", PushAdvertisement, [], ct),
        "long title" => request.AnswerAsync("200 OK", "text/html", Encoding.ASCII.GetBytes($"<title>{new string('x', 5000)}</title>"), ct),
        "endless page" => FloodAsync(request, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>", "<p>", ct),
        "redirect to itself" => RedirectAsync(request, "/a%20b.git/info/refs?service=git-upload-pack", ct),
        "redirect to a file" => RedirectAsync(request, "file:///etc/info/refs?service=git-upload-pack", ct),
        "redirect to gopher" => RedirectAsync(request, "gopher://h/info/refs?service=git-upload-pack", ct),
        "redirect to another service" => RedirectAsync(request, "/r/info/refs?service=git-receive-pack", ct),
        "redirect to nowhere" => request.SendAsync("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", ct),
        "login without end" => request.SendAsync("HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic realm=x, Bearer\r\nContent-Length: 0\r\n\r\n", ct),
        "no content" => request.SendAsync("HTTP/1.1 204 No Content\r\n\r\n", ct),
        "steering words" => request.AnswerAsync("418 Teapot", "text/plain", Encoding.UTF8.GetBytes("\n \u001b[31mred\u202e\nmore"), ct),
        "proxy" => request.SendAsync("HTTP/1.1 407 Who\r\nContent-Length: 0\r\n\r\n", ct),
        _ => throw new ArgumentOutOfRangeException(nameof(misbehaviour), misbehaviour, null),
    };

    private static async Task CloseAfterAsync(ScriptedRequest request, string text)
    {
        await request.SendAsync(text, CancellationToken.None);
        request.Client.Client.Shutdown(System.Net.Sockets.SocketShutdown.Both);
    }

    private static async Task StallAfterAsync(ScriptedRequest request, string text, CancellationToken ct)
    {
        await request.SendAsync(text, ct);
        await Task.Delay(Timeout.Infinite, ct);
    }

    private static async Task FloodAsync(ScriptedRequest request, string begin, string again, CancellationToken ct)
    {
        await request.SendAsync(begin, ct);
        var many = string.Concat(Enumerable.Repeat(again, 100));
        while (true)
            await request.SendAsync(many, ct);
    }

    private static Task RedirectAsync(ScriptedRequest request, string to, CancellationToken ct) =>
        request.SendAsync($"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n", ct);

    private static HttpTransport Transport(ScriptedWebServer server, string login = "", TimeProvider? time = null) =>
        Transport($"http://{login}127.0.0.1:{server.Port}/a%20b.git/", time);

    private static HttpTransport Transport(string url, TimeProvider? time = null)
    {
        var http = Assert.IsType<RemoteUrl.Http>(RemoteUrl.Parse(url).Value);
        var settings = new RemoteSettings { Url = http, Ack = AckMode.Local, PullEvery = TimeSpan.FromSeconds(30), OnRewind = RewindPolicy.Replay };
        return new HttpTransport(http, settings, time ?? TimeProvider.System);
    }

    private static async Task<FetchOutcome> FetchAsync(ScriptedWebServer server)
    {
        await using var transport = Transport(server);
        return await FetchAsync(transport);
    }

    private static Task<FetchOutcome> FetchAsync(HttpTransport transport) => Remote(transport).FetchAsync(
        new FetchRequest { Refs = ["refs/heads/main"], IsKnown = _ => false, Receive = (pack, _, ct) => pack.CopyToAsync(Stream.Null, ct) }, Cancel);

    private static async Task<PushOutcome> PushAsync(ScriptedWebServer server, int packBytes)
    {
        await using var transport = Transport(server);
        return await PushAsync(transport, packBytes);
    }

    private static Task<PushOutcome> PushAsync(HttpTransport transport, int packBytes) => Remote(transport).PushAsync(new PushRequest
    {
        Updates = [new RefUpdate("refs/heads/main", ObjectId.Parse(Tip), ObjectId.Parse(New))],
        WritePack = async (stream, ct) => await stream.WriteAsync(Pack(packBytes), ct),
    }, Cancel);

    private static GitRemote Remote(HttpTransport transport) => new(transport.ConnectAsync, new GitRemoteOptions { MaxSilence = TimeSpan.FromSeconds(0.5), MaxConversation = TimeSpan.FromSeconds(30) });

    private static byte[] Pack(int length)
    {
        var bytes = new byte[length];
        new Random(3).NextBytes(bytes);
        return bytes;
    }

    private static string Reason(FetchOutcome outcome) => outcome switch
    {
        FetchOutcome.Broken broken => broken.Reason,
        FetchOutcome.Refused refused => refused.Words,
        _ => $"{outcome}",
    };

    private sealed class Clock : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(TimeSpan by) => _now += by;
    }
}
