using System.Net;
using Pasteur.Git.Protocol;

namespace Pasteur.Sync.Transports.Http;

/// <summary>Requests to a Git service, and what becomes of their answers.</summary>
internal sealed class HttpCalls(HttpSender sender, HttpCredentials credentials, HttpPause pause)
{
    // Until a server says that it does not know "Expect" (417).
    private volatile bool _asksFirst = true;

    public Task<HttpResponseMessage> DiscoverAsync(HttpTarget target, CancellationToken cancellationToken) =>
        sender.SendAsync(target.NewDiscovery(), cancellationToken);

    /// <summary>
    /// A body of unknown length waits a moment for a go-ahead (RFC 9110, section 10.1.1): a refusal that comes while a pack is on
    /// its way is often lost with the connection.
    /// </summary>
    public Task<HttpResponseMessage> PostAsync(HttpTarget target, HttpContent body, bool inVersion2, CancellationToken cancellationToken)
    {
        var request = target.NewCall(body, inVersion2);
        if (_asksFirst && body.Headers.ContentLength is null)
            request.Headers.ExpectContinue = true;
        return sender.SendAsync(request, cancellationToken);
    }

    /// <summary>Words from the server, without the login that it was shown.</summary>
    public string Conceal(string words) => credentials.Mask(words);

    /// <summary>A conversation ends before its time: its connection may be stuck.</summary>
    public void GiveUp() => sender.Renew();

    /// <summary>The body of an answer that is what was asked for.</summary>
    /// <exception cref="RequestRefusedException">It says no.</exception>
    /// <exception cref="IOException">It says something else.</exception>
    public async Task<Stream> OpenAsync(HttpTarget target, HttpResponseMessage answer, string mediaType, CancellationToken cancellationToken)
    {
        if (answer.StatusCode == HttpStatusCode.ExpectationFailed)
            _asksFirst = false;
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            var refusal = await HttpRefusal.OfAsync(target, answer, credentials, cancellationToken);
            pause.Heed(answer, refusal.Message);
            // Some servers show their refs to everybody and ask whoever pushes: the next try knows.
            if (answer.StatusCode == HttpStatusCode.Unauthorized)
                credentials.Use(credentials.Next(target, answer.Headers.WwwAuthenticate));
            throw refusal;
        }
        if (answer.Content.Headers.ContentType?.MediaType is not { } given || !given.Equals(mediaType, StringComparison.OrdinalIgnoreCase))
            throw new IOException(credentials.Mask(await DescribeStrangerAsync(target, answer, cancellationToken)));
        return await answer.Content.ReadAsStreamAsync(cancellationToken);
    }

    private async Task<string> DescribeStrangerAsync(HttpTarget target, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var kind = answer.Content.Headers.ContentType?.MediaType;
        var words = await HttpWords.ReadAsync(answer, credentials, cancellationToken);
        if (kind == "text/html")
            return $"{target.Repository.AbsoluteUri} answers with a web page{(words.Length > 0 ? $" (\"{words}\")" : "")} in place of a repository; check the remote's URL";
        // Refs as plain text are the dumb protocol: files behind a web server that knows nothing of Git.
        return kind == "text/plain"
            ? $"{target.Repository.AbsoluteUri} answers with plain text: it does not speak Git's smart protocol, which Pasteur needs; set up git-http-backend there"
            : $"{target.Repository.AbsoluteUri} answers with {RemoteText.Clean(kind ?? "nothing that says what it is")} in place of a repository; check the remote's URL";
    }
}
