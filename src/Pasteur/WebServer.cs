using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using Pasteur.Configuration;
using Pasteur.Logging;
using Pasteur.Tls;

namespace Pasteur;

/// <summary>Kestrel as this program uses it: no configuration but the settings, and a bound on everything that a client can hold.</summary>
internal static class WebServer
{
    /// <param name="tls">Null for plain HTTP.</param>
    public static WebApplication Build(Settings settings, SiteTls? tls)
    {
        // An empty builder: no configuration files, no watcher on the folder that the program happens to stand in.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, settings, tls));
        builder.Services.Configure<ConsoleLifetimeOptions>(o => o.SuppressStatusMessages = true);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = Limits.RequestDrainTimeout);
        builder.Services.AddRoutingCore();
        AddPlainOptions(builder.Services);
        builder.Logging.SetMinimumLevel(settings.LogLevel)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None) // says nothing that we log; enabled, it makes an Activity for each request
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None) // a failed start is told once, by Program
            .AddProvider(new LineLog(Console.OpenStandardError(), TimeProvider.System));
        return builder.Build();
    }

    // The framework makes each of these through a dozen generic types that are built while the program starts (docs/decisions/0008-start.md).
    private static void AddPlainOptions(IServiceCollection services)
    {
        services.AddSingleton(Make<KestrelServerOptions>);
        services.AddSingleton(Make<SocketTransportOptions>);
        services.AddSingleton(Make<RouteOptions>);
        services.AddSingleton(Make<RouteHandlerOptions>);
        services.AddSingleton(Make<FormOptions>);
        services.AddSingleton(Make<HostOptions>);
        services.AddSingleton(Make<ConsoleLifetimeOptions>);
        services.AddSingleton(Make<LoggerFactoryOptions>);
    }

    private static IOptions<T> Make<T>(IServiceProvider services) where T : class, new()
    {
        var options = new T();
        foreach (var configure in services.GetServices<IConfigureOptions<T>>()) configure.Configure(options);
        foreach (var configure in services.GetServices<IPostConfigureOptions<T>>()) configure.PostConfigure(Options.DefaultName, options);
        return Options.Create(options);
    }

    /// <exception cref="StartFailedException">The address or port is not to be had.</exception>
    public static async Task ListenAsync(WebApplication app, Settings settings, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new StartFailedException(ExitCodes.AddressUnavailable, Explain(e, settings), e);
        }
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
