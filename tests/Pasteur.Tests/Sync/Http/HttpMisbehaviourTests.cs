using System.Text;
using static Pasteur.Tests.Sync.Http.HttpTalk;

namespace Pasteur.Tests.Sync.Http;

/// <summary>A server that does anything but answer a discovery: each way is named, in one clean and short line.</summary>
public sealed class HttpMisbehaviourTests
{
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
}
