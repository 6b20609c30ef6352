using System.Net;
using System.Net.Http;
using System.Text;
using System.Text.Json;

namespace Pasteur.Tests.Acme;

/// <summary>An authority in this process that answers as it is told to, request by request, and checks nothing. Kept: what it was asked.</summary>
internal sealed class ScriptedAuthority : HttpMessageHandler
{
    private readonly Dictionary<string, Queue<Func<HttpResponseMessage>>> _answers = [];
    private int _nonces;

    public static Uri Directory { get; } = new("https://ca.example/dir");

    /// <summary>"POST /path payload", the payload decoded.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>Members to be added to the directory, such as <c>"renewalInfo":"https://ca.example/ari"</c>.</summary>
    public string More { get; set; } = "";

    /// <summary>The next request to this path is answered so; without an answer left, by 404.</summary>
    public void Answer(string path, int status, string body, params (string Name, string Value)[] headers)
    {
        if (!_answers.TryGetValue(path, out var queue))
            _answers[path] = queue = new Queue<Func<HttpResponseMessage>>();
        queue.Enqueue(() =>
        {
            var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8) };
            foreach (var (name, value) in headers)
                response.Headers.TryAddWithoutValidation(name, value);
            return response;
        });
    }

    public void Refuse(string path, int status, string type, params (string Name, string Value)[] headers) =>
        Answer(path, status, $$"""{"type":"urn:ietf:params:acme:error:{{type}}","detail":"says the script"}""", headers);

    public void HasAccount() => Answer("/new-account", 200, "{}", ("Location", "https://ca.example/account/1"));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        Asked.Add($"{request.Method} {path} {(request.Content is null ? "" : Payload(await request.Content.ReadAsByteArrayAsync(cancellationToken)))}".TrimEnd());
        var response = path == "/dir" ? DirectoryAnswer() : path == "/nonce" ? new HttpResponseMessage() : _answers.TryGetValue(path, out var queue) && queue.Count > 0 ? queue.Dequeue()() : new HttpResponseMessage(HttpStatusCode.NotFound);
        if (path != "/dir")
            response.Headers.TryAddWithoutValidation("Replay-Nonce", $"nonce-{_nonces++}");
        return response;
    }

    private HttpResponseMessage DirectoryAnswer() => new()
    {
        Content = new StringContent($$"""{"newNonce":"https://ca.example/nonce","newAccount":"https://ca.example/new-account","newOrder":"https://ca.example/new-order"{{(More.Length > 0 ? "," + More : "")}}}"""),
    };

    private static string Payload(byte[] signed)
    {
        using var document = JsonDocument.Parse(signed);
        return Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(document.RootElement.GetProperty("payload").GetString()));
    }
}
