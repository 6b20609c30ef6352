using System.Net;
using System.Net.Sockets;
using Pasteur.Configuration;

namespace Pasteur.Client;

/// <summary>
/// Asks a site. Trusts what the system trusts (or SSL_CERT_FILE says), uses the proxies of the environment, keeps no cookie. What fails
/// becomes a <see cref="ClientFailedException"/>; in none of its words is a login, or what stands behind # in a link.
/// </summary>
/// <param name="followsRedirects">Where nothing is sent that only the site itself should have.</param>
internal sealed class SiteClient(BasicLogin? login, Patience patience, bool followsRedirects) : IDisposable
{
    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler
    {
        // Never from https to http, and without the login.
        AllowAutoRedirect = followsRedirects,
        MaxAutomaticRedirections = Limits.MaxRedirects,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = Limits.ClientConnectTimeout,
        Expect100ContinueTimeout = Limits.GoAheadWait,
        MaxResponseHeadersLength = Limits.MaxRemoteHeaderKilobytes,
    });

    public void Dispose() => _invoker.Dispose();

    /// <summary>The answer, its body not yet read; a refusal too.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        request.Headers.Authorization = login?.ToHeader();
        request.Headers.UserAgent.ParseAdd("pasteur");
        try
        {
            return await _invoker.SendAsync(request, patience.Token);
        }
        catch (HttpRequestException e)
        {
            // A site that takes no more may close the connection, and its words are lost with it.
            var hint = request.Content is not null && e.HttpRequestError == HttpRequestError.Unknown ? "; the paste may be larger than the site takes" : "";
            throw Unavailable(Explain(e, request.RequestUri!) + hint);
        }
        catch (OperationCanceledException) when (patience.IsOver)
        {
            throw Unavailable($"{request.RequestUri!.Authority} did not answer within {Limits.ClientSilence.TotalSeconds} s");
        }
        catch (OperationCanceledException e) when (e.InnerException is TimeoutException)
        {
            throw Unavailable($"{request.RequestUri!.Authority} did not take the connection within {Limits.ClientConnectTimeout.TotalSeconds} s");
        }
        catch (NotSupportedException)
        {
            throw Unavailable("http_proxy or https_proxy names a proxy of an unknown kind; give http://host:port");
        }
    }

    /// <summary>Hands on the body of an answer as it comes.</summary>
    /// <exception cref="IOException">The target takes no more.</exception>
    public async Task CopyAsync(HttpResponseMessage answer, Stream target)
    {
        var buffer = new byte[64 * 1024];
        await using var body = await answer.Content.ReadAsStreamAsync(patience.Token);
        while (true)
        {
            var length = await ReadAsync(body, buffer, answer);
            if (length == 0) return;
            await target.WriteAsync(buffer.AsMemory(0, length), CancellationToken.None);
            patience.Renew();
        }
    }

    /// <summary>The whole body, if it is no longer than this.</summary>
    public async Task<byte[]?> ReadWholeAsync(HttpResponseMessage answer, int maxBytes)
    {
        var whole = new MemoryStream();
        var buffer = new byte[16 * 1024];
        await using var body = await answer.Content.ReadAsStreamAsync(patience.Token);
        while (await ReadAsync(body, buffer, answer) is > 0 and var length)
        {
            if (whole.Length + length > maxBytes) return null;
            whole.Write(buffer, 0, length);
            patience.Renew();
        }
        return whole.ToArray();
    }

    private async Task<int> ReadAsync(Stream body, byte[] buffer, HttpResponseMessage answer)
    {
        try
        {
            return await body.ReadAsync(buffer, patience.Token);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw Unavailable($"the connection to {HostOf(answer)} was lost before all had come: {Innermost(e)}");
        }
        catch (OperationCanceledException) when (patience.IsOver)
        {
            throw Unavailable($"{HostOf(answer)} fell silent before all had come");
        }
    }

    private static string HostOf(HttpResponseMessage answer) => answer.RequestMessage!.RequestUri!.Authority;

    private static ClientFailedException Unavailable(string message) => new(ExitCodes.SiteUnavailable, message);

    private static string Explain(HttpRequestException e, Uri address) => e.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => $"the name {address.IdnHost}, or that of a proxy on the way, is not found: {Innermost(e)}",
        HttpRequestError.ConnectionError => $"can't connect to {address.Authority}: {Innermost(e)}; is this the address of the site? (--server, PASTEUR_SERVER)",
        HttpRequestError.SecureConnectionError => $"no safe connection to {address.Authority}: {Innermost(e)}; SSL_CERT_FILE can name more certificates to trust",
        HttpRequestError.ProxyTunnelError => $"the proxy does not connect to {address.Authority}{(e.StatusCode is { } status ? $" ({(int)status})" : "")}",
        HttpRequestError.ResponseEnded => $"{address.Authority} closed the connection before it answered",
        HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError => $"{address.Authority} does not answer as HTTP asks",
        _ => $"the connection to {address.Authority} was lost: {Innermost(e)}",
    };

    private static string Innermost(Exception e) => e.GetBaseException() is SocketException socket ? socket.Message : e.GetBaseException().Message.TrimEnd('.');
}
