using System.Diagnostics;
using System.Net;
using Pasteur.Interop.NameServers;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Proxies;

/// <summary>Behind a real Caddy, configured as docs/operate/caddy.md says, but for TLS.</summary>
public sealed class CaddyTests : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = Ports.Free();
    private Process? _caddy;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_caddy is not null)
        {
            _caddy.Kill(entireProcessTree: true);
            await _caddy.WaitForExitAsync();
            _caddy.Dispose();
        }
        _folder.Dispose();
    }

    [Theory]
    [InlineData("/", "reverse_proxy {0} {{\n header_up -X-Forwarded-Prefix\n }}")]
    [InlineData("/paste/", "handle /paste/* {{\n reverse_proxy {0}\n }}", "--base-path", "/paste")]
    [InlineData("/paste/", "handle_path /paste/* {{\n reverse_proxy {0} {{\n header_up X-Forwarded-Prefix /paste\n }}\n }}")]
    public async Task Links_have_the_public_address_whatever_the_client_forges(string path, string directive, params string[] arguments)
    {
        await using var site = await PasteurProcess.ServeAsync(["--no-data", "--trusted-proxy", "127.0.0.1", .. arguments]);
        await StartAsync(site, string.Format(null, directive, $"127.0.0.1:{site.Http.BaseAddress!.Port}"));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{_port}{path}") { Content = new StringContent("behind Caddy") };
        request.Headers.Host = "paste.example.org";
        foreach (var (name, value) in new[] { ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-Prefix", "/evil") })
            request.Headers.Add(name, value);

        var response = await site.Http.SendAsync(request, TestContext.Current.CancellationToken);

        var address = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith($"http://paste.example.org{path}", address, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await site.Http.GetAsync($"http://127.0.0.1:{_port}{new Uri(address.TrimEnd()).AbsolutePath}", TestContext.Current.CancellationToken)).StatusCode);
    }

    private async Task StartAsync(PasteurProcess site, string directive)
    {
        File.WriteAllText(_folder["Caddyfile"], $"{{\n admin off\n auto_https off\n}}\nhttp://:{_port} {{\n {directive}\n}}\n");
        var start = new ProcessStartInfo("caddy", ["run", "--config", _folder["Caddyfile"], "--adapter", "caddyfile"]) { RedirectStandardError = true };
        start.Environment["HOME"] = start.Environment["XDG_DATA_HOME"] = start.Environment["XDG_CONFIG_HOME"] = _folder.Path;
        _caddy = Process.Start(start)!;
        var errors = new List<string?>();
        _caddy.ErrorDataReceived += (_, e) => errors.Add(e.Data);
        _caddy.BeginErrorReadLine();
        using var patience = new CancellationTokenSource(s_patience);
        while (true)
        {
            try
            {
                await site.Http.GetAsync($"http://127.0.0.1:{_port}/", patience.Token);
                return;
            }
            catch (HttpRequestException)
            {
                Assert.False(_caddy.HasExited, string.Join('\n', errors));
                await Task.Delay(50, patience.Token);
            }
        }
    }
}
