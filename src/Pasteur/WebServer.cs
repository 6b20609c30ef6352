using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using Pasteur.Configuration;
using Pasteur.Tls;

namespace Pasteur;

/// <summary>
/// Kestrel as this program uses it: no configuration but the settings, and a bound on everything that a client can hold. No host and no container of services are
/// around it: docs/decisions/0008-start.md.
/// </summary>
internal sealed class WebServer : IAsyncDisposable
{
    private static readonly PosixSignal[] s_ends = [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT];

    private readonly Settings _settings;
    private readonly KestrelServer _server;
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PosixSignalRegistration[] _signals = [];

    /// <param name="tls">Null for plain HTTP.</param>
    public WebServer(Settings settings, SiteTls? tls, ILoggerFactory logs)
    {
        _settings = settings;
        var options = new KestrelServerOptions();
        if (tls is not null) options.ApplicationServices = KestrelServices.Make(logs);
        Configure(options, settings, tls);
        _server = new KestrelServer(Options.Create(options), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), logs), logs);
    }

    /// <summary>What it listens to, once it does.</summary>
    public ICollection<string> Addresses => _server.Features.Get<IServerAddressesFeature>()!.Addresses;

    /// <exception cref="StartFailedException">The address or port is not to be had.</exception>
    public async Task ListenAsync(RequestDelegate site, CancellationToken cancellationToken)
    {
        _signals = [.. s_ends.Select(signal => PosixSignalRegistration.Create(signal, OnEnd))];
        try
        {
            await _server.StartAsync(new SiteApplication(site), cancellationToken);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new StartFailedException(ExitCodes.AddressUnavailable, Explain(e, _settings), e);
        }
    }

    /// <summary>Returns once a signal has come, or the token, and every accepted request is answered.</summary>
    public async Task RunUntilStoppedAsync(CancellationToken cancellationToken)
    {
        await _end.Task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var drain = new CancellationTokenSource(Limits.RequestDrainTimeout);
        await _server.StopAsync(drain.Token);
    }

    public ValueTask DisposeAsync()
    {
        foreach (var signal in _signals) signal.Dispose();
        _server.Dispose();
        return ValueTask.CompletedTask;
    }

    private void OnEnd(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _end.TrySetResult();
    }

    // Kestrel does not say in its exception which of two ports it was.
    private static string Explain(Exception e, Settings settings)
    {
        var isHttpPort = settings.Tls?.HttpPort is { } http && http != 0 && e.Message.Contains($":{http}", StringComparison.Ordinal);
        var (port, option) = isHttpPort ? (settings.Tls!.HttpPort!.Value, "--http-port") : (settings.Port, "--port");
        var reason = e.InnerException is AddressInUseException
            ? $"another program uses that port; stop it, or give {option} another number"
            : (e.InnerException ?? e) is SocketException { SocketErrorCode: SocketError.AccessDenied }
                ? $"this user may not use a port below 1024; give {option} another number, or let the program have them (AmbientCapabilities=CAP_NET_BIND_SERVICE with systemd)"
                : $"{(e.InnerException ?? e).Message}; give another --bind or {option}";
        return $"can't listen on {new IPEndPoint(settings.Bind, port)}: {reason}";
    }

    private static void Configure(KestrelServerOptions kestrel, Settings settings, SiteTls? tls)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = Limits.MaxConnections;
        kestrel.Limits.MaxRequestLineSize = Limits.MaxRequestLineBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = Limits.MaxRequestHeadersTotalBytes;
        kestrel.Limits.MaxRequestHeaderCount = Limits.MaxRequestHeaderCount;
        kestrel.Limits.MaxRequestBodySize = Limits.MaxRequestBodyBytes(settings.MaxPasteBytes);
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(Limits.MinBodyBytesPerSecond, Limits.MinBodyRateGrace);
        kestrel.Limits.MinResponseDataRate = new MinDataRate(Limits.MinBodyBytesPerSecond, Limits.MinBodyRateGrace);
        kestrel.Limits.RequestHeadersTimeout = Limits.RequestHeadersTimeout;
        kestrel.Limits.KeepAliveTimeout = Limits.KeepAliveTimeout;
        kestrel.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http1);
        Action<ListenOptions> secure = tls is null ? static _ => { } : tls.Secure;
        foreach (var socket in settings.Sockets)
            kestrel.ListenHandle((ulong)socket.Descriptor, socket.IsOn(settings.Tls?.HttpPort) ? static _ => { } : secure);
        if (settings.Sockets.Count > 0)
            return;
        Listen(kestrel, settings.Bind, settings.Port, secure);
        if (settings.Tls?.HttpPort is { } httpPort)
            Listen(kestrel, settings.Bind, httpPort, static _ => { });
    }

    private static void Listen(KestrelServerOptions kestrel, IPAddress address, int port, Action<ListenOptions> configure)
    {
        if (address.Equals(IPAddress.IPv6Any))
            kestrel.ListenAnyIP(port, configure); // of IPv4 alone, on a machine without IPv6
        else
            kestrel.Listen(address, port, configure);
    }
}
