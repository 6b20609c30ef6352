using System.Text;
using Pasteur.Git.Protocol;
using Pasteur.Tests.Protocol;
using static Pasteur.Tests.Sync.Http.HttpTalk;

namespace Pasteur.Tests.Sync.Http;

/// <summary>A server, or a hook of its owner, that repeats the login it was shown inside of Git's own protocol.</summary>
public sealed class HttpEchoTests
{
    private const string Canary = "token-canary";

    [Theory]
    [InlineData("an error in place of refs")]
    [InlineData("a line that is none")]
    [InlineData("an error in place of a pack")]
    [InlineData("side-band 3")]
    public async Task Login_that_comes_back_to_a_fetch_is_masked(string way)
    {
        await using var server = new ScriptedWebServer(async (request, ct) =>
        {
            var asksForPack = IsPost(request) && Encoding.ASCII.GetString(await request.HearBodyAsync(ct)).Contains("command=fetch", StringComparison.Ordinal);
            if (asksForPack || way is "an error in place of refs" or "a line that is none")
                await AnswerAsync(request, IsPost(request) ? FetchResult : FetchAdvertisement, Echo(way), ct);
            else
                await request.AnswerAsync("200 OK", IsPost(request) ? FetchResult : FetchAdvertisement, IsPost(request) ? GoldenFile.Read("ls-refs") : GoldenFile.Read("advertisement-v2"), ct);
        });
        await using var transport = Transport(server, $"{Canary}@");
        AssertMasked(Reason(await FetchAsync(transport)));
    }

    [Theory]
    [InlineData("an error in place of refs")]
    [InlineData("a hook that declines")]
    [InlineData("a hook that talks")]
    [InlineData("a pack that is not taken")]
    public async Task Login_that_comes_back_to_a_push_is_masked(string way)
    {
        await using var server = new ScriptedWebServer(async (request, ct) =>
        {
            if (IsPost(request))
                await request.HearBodyAsync(ct);
            if (IsPost(request) || way == "an error in place of refs")
                await AnswerAsync(request, IsPost(request) ? PushResult : PushAdvertisement, Echo(way), ct);
            else
                await AnswerPushAsync(request, ct);
        });
        await using var transport = Transport(server, $"{Canary}@");
        AssertMasked(await PushAsync(transport, packBytes: 100) switch
        {
            PushOutcome.Accepted accepted => string.Join(' ', accepted.Messages),
            PushOutcome.Rejected rejected => $"{rejected.Reason} {string.Join(' ', rejected.Messages)}",
            var outcome => $"{outcome}",
        });
    }

    private static byte[] Echo(string way) => way switch
    {
        "an error in place of refs" or "an error in place of a pack" => Wire.Lines($"ERR you are {Canary}"),
        "a line that is none" => Wire.Lines($"welcome {Canary}"),
        "side-band 3" => [.. Wire.Lines("packfile"), .. Wire.Band(3, $"you are {Canary}")],
        "a hook that declines" => Wire.Report("unpack ok", $"ng refs/heads/main {Canary} may not"),
        "a hook that talks" => [.. Wire.Band(2, $"HTTP_AUTHORIZATION={Canary}\n"), .. Wire.Report("unpack ok", "ok refs/heads/main")],
        "a pack that is not taken" => Wire.Report($"unpack {Canary}", "ng refs/heads/main no"),
        _ => throw new ArgumentOutOfRangeException(nameof(way), way, null),
    };

    // A server that asks first is shown the login over http too.
    private static Task AnswerAsync(ScriptedRequest request, string type, byte[] body, CancellationToken ct) => request.Header("Authorization") is null && !IsPost(request)
        ? request.SendAsync("HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n", ct)
        : request.AnswerAsync("200 OK", type, body, ct);

    private static void AssertMasked(string said)
    {
        Assert.Contains("***", said, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", said, StringComparison.Ordinal);
    }
}
