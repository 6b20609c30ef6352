using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Hosting;

namespace Pasteur.Tls;

/// <summary>
/// What Kestrel's TLS asks a host for: its own services, which only a builder of hosts can be given. They are made when a port speaks TLS; a server without needs no container.
/// </summary>
internal sealed class KestrelServices : IWebHostBuilder, IMeterFactory
{
    private readonly ServiceCollection _services = new();

    private KestrelServices()
    {
    }

    public static IServiceProvider Make(ILoggerFactory logs)
    {
        var builder = new KestrelServices();
        builder._services.AddSingleton(logs);
        builder._services.AddSingleton<IMeterFactory>(builder);
        builder.UseKestrelCore();
        return builder._services.BuildServiceProvider();
    }

    public IWebHostBuilder ConfigureServices(Action<IServiceCollection> configureServices)
    {
        configureServices(_services);
        return this;
    }

    public IWebHostBuilder ConfigureServices(Action<WebHostBuilderContext, IServiceCollection> configureServices)
    {
        configureServices(new WebHostBuilderContext(), _services);
        return this;
    }

    public Meter Create(MeterOptions options) => new(options);

    public string? GetSetting(string key) => null;

    public IWebHostBuilder UseSetting(string key, string? value) => this;

    public IWebHostBuilder ConfigureAppConfiguration(Action<WebHostBuilderContext, IConfigurationBuilder> configureDelegate) => this;

#pragma warning disable ASPDEPR008 // A part of the interface, which is not obsolete.
    public IWebHost Build() => throw new NotSupportedException("The server is made without a host.");
#pragma warning restore ASPDEPR008

    public void Dispose()
    {
        // Meters go with the process.
    }
}
