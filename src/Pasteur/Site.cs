using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Console;
using Pasteur.Configuration;
using Pasteur.Health;

namespace Pasteur;

/// <summary>One running site: its data folder, its repository, its sync and its web server, started and ended in order.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DataFolder? _folder;

    private Site(WebApplication app, DataFolder? folder)
    {
        _app = app;
        _folder = folder;
    }

    /// <summary>Where it really listens; the port is known even when the settings said 0.</summary>
    public Uri Address => new(_app.Urls.First());

    /// <exception cref="StartFailedException">The folder or the address can't be used.</exception>
    public static async Task<Site> StartAsync(Settings settings, CancellationToken cancel)
    {
        var folder = settings.DataFolder is { } path ? DataFolder.Open(path) : null;
        var app = Build(settings);
        try
        {
            await app.StartAsync(cancel);
            return new Site(app, folder);
        }
        catch (Exception e)
        {
            await app.DisposeAsync();
            folder?.Dispose();
            if (e is IOException or SocketException)
                throw CannotListen(settings, e);
            throw;
        }
    }

    /// <summary>Returns once SIGTERM or SIGINT has come and every accepted request is answered.</summary>
    public Task RunUntilStoppedAsync(CancellationToken cancel) => _app.WaitForShutdownAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder?.Dispose();
    }

    private static WebApplication Build(Settings settings)
    {
        // An empty builder: no configuration files, no watcher on the folder that the program happens to stand in.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, settings));
        builder.Services.Configure<ConsoleLifetimeOptions>(o => o.SuppressStatusMessages = true);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = Limits.RequestDrainTimeout);
        builder.Services.AddSingleton<ConsoleFormatter, LogLineFormatter>();
        builder.Logging.SetMinimumLevel(settings.LogLevel).AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None) // a failed start is told once, by Program
            .AddConsole(console =>
        {
            console.FormatterName = LogLineFormatter.FormatterName;
            console.LogToStandardErrorThreshold = LogLevel.Trace;
        });

        var app = builder.Build();
        var monitor = new HealthMonitor(() => new StoreStatus(true, null, 0, 0, 0, null), hasRemote: settings.Remote is not null);
        var health = new HealthEndpoints(monitor, new SiteMetrics(monitor));
        app.Run(context => context.Request.Path.Value switch
        {
            "/healthz" => health.Healthz(context),
            "/readyz" => health.Readyz(context),
            "/metrics" => health.Metrics(context),
            _ => Task.FromResult(context.Response.StatusCode = StatusCodes.Status404NotFound),
        });
        return app;
    }

    private static void Configure(KestrelServerOptions kestrel, Settings settings)
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
        kestrel.Listen(settings.Bind, settings.Port, listen => listen.Protocols = HttpProtocols.Http1);
    }

    private static StartFailedException CannotListen(Settings settings, Exception e)
    {
        var where = new IPEndPoint(settings.Bind, settings.Port);
        var reason = e.InnerException is AddressInUseException
            ? "another program uses that port; stop it, or give --port another number"
            : $"{(e.InnerException ?? e).Message}; give another --bind or --port";
        return new StartFailedException(ExitCodes.AddressUnavailable, $"can't listen on {where}: {reason}", e);
    }
}
