using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Git.Protocol;
using Pasteur.Sync.Transports.Http;
using Pasteur.Tests.Protocol;

namespace Pasteur.Tests.Sync.Http;

/// <summary>Both ends of a conversation over HTTP: fetches and pushes through the transport, and the answers of a sound server.</summary>
internal static class HttpTalk
{
    public const string FetchAdvertisement = "application/x-git-upload-pack-advertisement";
    public const string FetchResult = "application/x-git-upload-pack-result";
    public const string PushAdvertisement = "application/x-git-receive-pack-advertisement";
    public const string PushResult = "application/x-git-receive-pack-result";
    private const string Tip = "cf54ce03737d3f641afed39184937b696154dc25";
    private const string New = "1111111111111111111111111111111111111111";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static bool IsPost(ScriptedRequest request) => request.Line.StartsWith("POST", StringComparison.Ordinal);

    public static async Task Sound(ScriptedRequest request, CancellationToken ct)
    {
        if (IsPost(request))
            await request.HearBodyAsync(ct);
        await request.AnswerAsync("200 OK", IsPost(request) ? FetchResult : FetchAdvertisement, IsPost(request) ? GoldenFile.Read("ls-refs-unborn")
            : [.. Wire.Message("# service=git-upload-pack"), .. GoldenFile.Read("advertisement-v2")], ct);
    }

    public static async Task AnswerPushAsync(ScriptedRequest request, CancellationToken ct, bool hear = false)
    {
        if (IsPost(request) && hear)
            await request.HearBodyAsync(ct);
        await request.AnswerAsync("200 OK", IsPost(request) ? PushResult : PushAdvertisement, IsPost(request) ? Wire.Report("unpack ok", "ok refs/heads/main")
            : [.. Wire.Message("# service=git-receive-pack"), .. GoldenFile.Read("advertisement-receive")], ct);
    }

    public static HttpTransport Transport(ScriptedWebServer server, string login = "", TimeProvider? time = null) =>
        Transport($"http://{login}127.0.0.1:{server.Port}/a%20b.git/", time);

    public static HttpTransport Transport(string url, TimeProvider? time = null)
    {
        var http = Assert.IsType<RemoteUrl.Http>(RemoteUrl.Parse(url).Value);
        var settings = new RemoteSettings { Url = http, Ack = AckMode.Local, PullEvery = TimeSpan.FromSeconds(30), OnRewind = RewindPolicy.Replay };
        return new HttpTransport(http, settings, time ?? TimeProvider.System);
    }

    public static async Task<FetchOutcome> FetchAsync(ScriptedWebServer server)
    {
        await using var transport = Transport(server);
        return await FetchAsync(transport);
    }

    public static Task<FetchOutcome> FetchAsync(HttpTransport transport) => Remote(transport).FetchAsync(
        new FetchRequest { Refs = ["refs/heads/main"], IsKnown = _ => false, Receive = (pack, _, ct) => pack.CopyToAsync(Stream.Null, ct) }, Cancel);

    public static async Task<PushOutcome> PushAsync(ScriptedWebServer server, int packBytes)
    {
        await using var transport = Transport(server);
        return await PushAsync(transport, packBytes);
    }

    public static Task<PushOutcome> PushAsync(HttpTransport transport, int packBytes) => Remote(transport).PushAsync(new PushRequest
    {
        Updates = [new RefUpdate("refs/heads/main", ObjectId.Parse(Tip), ObjectId.Parse(New))],
        WritePack = async (stream, ct) => await stream.WriteAsync(Pack(packBytes), ct),
    }, Cancel);

    private static GitRemote Remote(HttpTransport transport) => new(transport.ConnectAsync, new GitRemoteOptions { MaxSilence = TimeSpan.FromSeconds(0.5), MaxConversation = TimeSpan.FromSeconds(30) });

    public static byte[] Pack(int length)
    {
        var bytes = new byte[length];
        new Random(3).NextBytes(bytes);
        return bytes;
    }

    public static string Reason(FetchOutcome outcome) => outcome switch
    {
        FetchOutcome.Broken broken => broken.Reason,
        FetchOutcome.Refused refused => refused.Words,
        _ => $"{outcome}",
    };
}
