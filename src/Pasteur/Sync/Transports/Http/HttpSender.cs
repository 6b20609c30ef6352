using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Pasteur.Configuration;

namespace Pasteur.Sync.Transports.Http;

/// <summary>
/// The connections to the remote. Follows no redirect, keeps no cookie, knows no login but that of a proxy; proxies are those of the
/// environment (http_proxy, https_proxy, no_proxy). What fails becomes an <see cref="IOException"/> in words for people.
/// </summary>
internal sealed class HttpSender : IDisposable
{
    private readonly Lock _lock = new();
    private readonly ServerCertificate _certificate;
    private HttpMessageInvoker _connections;
    private bool _isDisposed;

    public HttpSender(Authorities? authorities)
    {
        _certificate = new ServerCertificate(authorities);
        _connections = NewConnections();
    }

    public void Dispose()
    {
        lock (_lock)
            _isDisposed = true;
        _connections.Dispose();
    }

    /// <summary>
    /// A request was given up, and the way to the server may be dead without a word: the connections that rest would be tried first. What is
    /// under way on them ends as it may; what begins gets new ones.
    /// </summary>
    public void Renew()
    {
        HttpMessageInvoker old;
        lock (_lock)
        {
            if (_isDisposed)
                return;
            (old, _connections) = (_connections, NewConnections());
        }
        old.Dispose();
    }

    /// <summary>The answer, its body not yet read.</summary>
    /// <exception cref="IOException">
    /// There is none; the message says why. What the platform threw is not kept in it: that may name a proxy with its password.
    /// </exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var server = request.RequestUri!.Authority;
        try
        {
            return await Connections().SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw new IOException(Explain(e, server, request.RequestUri.IdnHost));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"{server} did not answer within {Limits.RemoteConnectTimeout.TotalSeconds} s");
        }
        catch (OperationCanceledException)
        {
            Renew();
            throw;
        }
        catch (ObjectDisposedException)
        {
            throw new IOException($"the connections to {server} were given up here");
        }
        catch (NotSupportedException)
        {
            throw new IOException("http_proxy or https_proxy names a proxy of an unknown kind; give http://host:port");
        }
    }

    private HttpMessageInvoker Connections()
    {
        lock (_lock)
            return _connections;
    }

    private HttpMessageInvoker NewConnections() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        AutomaticDecompression = DecompressionMethods.GZip,
        ConnectTimeout = Limits.RemoteConnectTimeout,
        Expect100ContinueTimeout = Limits.GoAheadWait,
        MaxConnectionsPerServer = Limits.MaxRemoteConnections,
        MaxResponseHeadersLength = Limits.MaxRemoteHeaderKilobytes,
        PooledConnectionLifetime = Limits.RemoteConnectionLifetime,
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = _certificate.Policy,
            RemoteCertificateValidationCallback = _certificate.Judge,
        },
    });

    private string Explain(HttpRequestException e, string server, string host) => e.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => $"the name {host}, or that of a proxy on the way, is not found: {Innermost(e)}",
        HttpRequestError.ConnectionError => $"cannot connect to {server}: {Innermost(e)}",
        HttpRequestError.SecureConnectionError => $"no safe connection to {server}: {_certificate.TakeProblem() ?? Innermost(e)}",
        HttpRequestError.ProxyTunnelError => e.StatusCode is HttpStatusCode.ProxyAuthenticationRequired
            ? "the proxy asks for a login, or refused the one in https_proxy (407)"
            : $"the proxy does not connect to {server}{(e.StatusCode is { } status ? $" ({(int)status})" : "")}",
        HttpRequestError.ConfigurationLimitExceeded => $"{server} answered with headers beyond {Limits.MaxRemoteHeaderKilobytes} KiB",
        HttpRequestError.ResponseEnded => $"{server} closed the connection before it answered",
        HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError => $"{server} does not answer as HTTP asks: {Innermost(e)}",
        _ => $"the connection to {server} was lost: {Innermost(e)}",
    };

    private static string Innermost(Exception e) => e.GetBaseException() is SocketException socket ? socket.Message : e.GetBaseException().Message;
}
