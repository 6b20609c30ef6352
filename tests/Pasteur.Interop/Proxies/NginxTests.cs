using System.Diagnostics;
using System.Net;
using Pasteur.Interop.NameServers;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Proxies;

/// <summary>Behind a real nginx, configured as docs/operate/nginx.md says.</summary>
public sealed class NginxTests : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = Ports.Free();
    private Process? _nginx;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_nginx is not null)
        {
            _nginx.Kill(entireProcessTree: true);
            await _nginx.WaitForExitAsync();
            _nginx.Dispose();
        }
        _folder.Dispose();
    }

    [Fact]
    public async Task A_site_at_the_root_has_the_public_address_in_its_links()
    {
        await using var site = await PasteurProcess.ServeAsync("--no-data", "--trusted-proxy", "127.0.0.1");
        await StartAsync($"location / {{ {Headers} proxy_pass http://127.0.0.1:{site.Http.BaseAddress!.Port}; }}");

        Assert.StartsWith("https://paste.example.org/", await PasteAsync(site, "/"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "--base-path", "/paste")]    // the whole path is handed on
    [InlineData("/", "--base-path", "/paste")]   // nginx cuts /paste/ off
    [InlineData("/")]                            // and is the only one that knows of it
    public async Task A_site_below_a_path_is_whole_whether_or_not_the_path_is_cut_off(string upstreamPath, params string[] arguments)
    {
        await using var site = await PasteurProcess.ServeAsync(["--no-data", "--trusted-proxy", "127.0.0.1", .. arguments]);
        await StartAsync($"location /paste/ {{ {Headers} proxy_set_header X-Forwarded-Prefix /paste; proxy_pass http://127.0.0.1:{site.Http.BaseAddress!.Port}{upstreamPath}; }}");

        var address = (await PasteAsync(site, "/paste/")).TrimEnd();

        Assert.StartsWith("https://paste.example.org/paste/", address, StringComparison.Ordinal);
        var page = await GetAsync(site, new Uri(address).AbsolutePath);
        Assert.Contains("behind nginx", page, StringComparison.Ordinal);
        var links = page.Split("=\"").Skip(1).Select(part => part[..part.IndexOf('"')]).Where(link => link.StartsWith('/')).Distinct().ToList();
        Assert.NotEmpty(links);
        foreach (var link in links)
            await GetAsync(site, link);
    }

    [Fact]
    public async Task What_a_client_forges_is_overruled_by_nginx()
    {
        await using var site = await PasteurProcess.ServeAsync("--no-data", "--trusted-proxy", "127.0.0.1");
        await StartAsync($"location / {{ {Headers} {NoPrefix} proxy_pass http://127.0.0.1:{site.Http.BaseAddress!.Port}; }}");

        var address = await PasteAsync(site, "/", ("X-Forwarded-Prefix", "/evil"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "http"), ("X-Forwarded-For", "6.6.6.6"));

        Assert.Matches("^https://paste.example.org/[0-9a-z]{10}\n$", address);
    }

    [Fact]
    public async Task An_nginx_that_is_not_trusted_is_a_client_as_any_other()
    {
        await using var site = await PasteurProcess.ServeAsync("--no-data", "--trusted-proxy", "192.0.2.1");
        await StartAsync($"location / {{ {Headers} proxy_pass http://127.0.0.1:{site.Http.BaseAddress!.Port}; }}");

        Assert.StartsWith("http://paste.example.org/", await PasteAsync(site, "/"), StringComparison.Ordinal); // it hands the Host on
    }

    // TLS ends in front of nginx here: https stands for $scheme.
    private static string Headers => """
        proxy_http_version 1.1; proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto https; proxy_set_header X-Forwarded-Host $http_host;
        """;

    private const string NoPrefix = """proxy_set_header X-Forwarded-Prefix "";""";

    private async Task<string> PasteAsync(PasteurProcess site, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{_port}{path}") { Content = new StringContent("behind nginx") };
        request.Headers.Host = "paste.example.org";
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        var response = await site.Http.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Token);
    }

    private async Task<string> GetAsync(PasteurProcess site, string path)
    {
        var response = await site.Http.GetAsync($"http://127.0.0.1:{_port}{path}", Token);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{path}: {response.StatusCode}");
        return await response.Content.ReadAsStringAsync(Token);
    }

    private async Task StartAsync(string location)
    {
        File.WriteAllText(_folder["nginx.conf"], $$"""
            daemon off;
            {{(Environment.UserName == "root" ? "user root;" : "")}}
            worker_processes 1;
            pid nginx.pid;
            events { }
            http {
                access_log off;
                client_body_temp_path temp; proxy_temp_path temp; fastcgi_temp_path temp; uwsgi_temp_path temp; scgi_temp_path temp;
                server { listen 127.0.0.1:{{_port}}; {{location}} }
            }
            """);
        _nginx = Process.Start(new ProcessStartInfo("/usr/sbin/nginx", ["-p", _folder.Path, "-e", _folder["error.log"], "-c", _folder["nginx.conf"]]))!;
        using var patience = new CancellationTokenSource(s_patience);
        while (!await AnswersAsync())
        {
            Assert.False(_nginx.HasExited, File.Exists(_folder["error.log"]) ? File.ReadAllText(_folder["error.log"]) : "nginx ended");
            await Task.Delay(20, patience.Token);
        }
    }

    private async Task<bool> AnswersAsync()
    {
        using var client = new System.Net.Sockets.TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, _port);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }
}
