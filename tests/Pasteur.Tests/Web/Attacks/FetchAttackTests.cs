using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Web.Attacks;

/// <summary>
/// The server made to fetch an address (rustypaste #508, 0x0 store_url), from where it can reach what nobody else can. The canary is a listener beside it:
/// whoever connects there was sent by the request.
/// </summary>
public sealed class FetchAttackTests : IAsyncLifetime
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(1);

    private readonly CanaryListener _canary = new();
    private TestSite _site = null!;

    private string Address => $"http://127.0.0.1:{_canary.Port}/canary.txt";

    // Whatever a library takes for an address; 2130706433 is 127.0.0.1.
    private string[] Addresses =>
    [
        Address, $"http://localhost:{_canary.Port}/", $"//127.0.0.1:{_canary.Port}/x", $"https://127.0.0.1:{_canary.Port}/", $"http://2130706433:{_canary.Port}/", $"http://[::ffff:127.0.0.1]:{_canary.Port}/",
        $"ftp://127.0.0.1:{_canary.Port}/x", $"gopher://127.0.0.1:{_canary.Port}/x", $"git://127.0.0.1:{_canary.Port}/x.git", $"ssh://git@127.0.0.1:{_canary.Port}/x.git",
        $"ext::nc 127.0.0.1 {_canary.Port}", $@"\\127.0.0.1@{_canary.Port}\x", $"127.0.0.1:{_canary.Port}", $"@{Address}", $"<{Address}",
    ];

    public async ValueTask InitializeAsync() => _site = await Prey.StartSiteAsync("--trusted-proxy", "127.0.0.1");

    public ValueTask DisposeAsync()
    {
        _canary.Dispose();
        return _site.DisposeAsync();
    }

    [Fact]
    public async Task The_canary_sees_who_comes()
    {
        using var visitor = new TcpClient(AddressFamily.InterNetwork);
        await visitor.ConnectAsync(IPAddress.Loopback, _canary.Port, TestSite.Token);

        Assert.Equal([visitor.Client.LocalEndPoint], await _canary.VisitorsAsync(TimeSpan.Zero, TestSite.Token));
        Assert.Empty(await _canary.VisitorsAsync(TimeSpan.Zero, TestSite.Token));
    }

    [Theory]
    [InlineData("url shorten remote oneshot_url link src href uri fetch import callback webhook redirect next image avatar")]
    [InlineData("paste content sprunge f:1 file c text data filename title next-name")]
    [InlineData("user poster author comment hl syntax lang language expires burn reads proof-hash encrypted")]
    [InlineData("token base keep delete origin show-token reason command")]
    public async Task No_field_of_a_form_is_fetched(string names)
    {
        var prey = await Prey.PutAsync(_site);
        foreach (var name in names.Split(' '))
        {
            // A field that is known comes first: else the body is taken for the text itself.
            foreach (var path in (string[])["/", "/api/create", "/documents", $"/edit/{prey.Code}", $"/{prey.Code}", $"/report/{prey.Code}", $"/open/{prey.Burning}", "/admin"])
            {
                using var plain = new FormUrlEncodedContent([KeyValuePair.Create("content", "x"), KeyValuePair.Create(name, Address), KeyValuePair.Create("token", prey.Token), KeyValuePair.Create("proof", prey.Proof)]);
                await SendAsync(HttpMethod.Post, path, plain, ("Cookie", prey.Cookie));
            }
            using var parts = new MultipartFormDataContent { { new StringContent(Address), name }, { new StringContent("x"), "file", Address } };
            parts.First().Headers.TryAddWithoutValidation("Content-Type", $"message/external-body; access-type=URL; URL=\"{Address}\"");
            parts.First().Headers.TryAddWithoutValidation("Content-Location", Address);
            await SendAsync(HttpMethod.Post, "/", parts);
            await SendAsync(HttpMethod.Get, $"/?{name}={Uri.EscapeDataString(Address)}", null);
        }

        Assert.Empty(await _canary.VisitorsAsync(s_grace, TestSite.Token));
    }

    [Fact]
    public async Task No_member_of_JSON_is_fetched()
    {
        var prey = await Prey.PutAsync(_site);
        foreach (var address in Addresses)
        {
            var whole = new
            {
                files = new[] { new { name = address, content = address, url = address, src = address } }, author = address, comment = address, language = address, origin = address,
                url = address, remote = address, import = address, callback = address, image = address,
            };
            foreach (var json in (object[])
            [
                whole, new { files = new[] { new { url = address } } }, new { files = new[] { address } }, new { files = address }, new { url = address }, new { keep = new[] { address } }, address,
                new { whole.files, expires = address }, new { whole.files, encrypted = address }, new { whole.files, proofHash = address, reads = 1 }, new { whole.files, @base = address }, new { proof = address },
            ])
            {
                foreach (var (method, path) in new[] { (HttpMethod.Post, "/api/v1/pastes"), (HttpMethod.Put, $"/api/v1/pastes/{prey.Code}"), (HttpMethod.Post, $"/api/v1/pastes/{prey.Burning}/open") })
                {
                    using var body = JsonContent.Create(json);
                    await body.LoadIntoBufferAsync(TestSite.Token);
                    await SendAsync(method, path, body, ("X-Token", prey.Token));
                }
            }
        }

        Assert.Empty(await _canary.VisitorsAsync(s_grace, TestSite.Token));
    }

    /// <summary>In each place where a route takes something, and in what proxies and browsers say of a request.</summary>
    [Fact]
    public async Task No_path_body_or_header_is_fetched()
    {
        var routes = await RoutesTests.RoutesAsync();
        foreach (var address in Addresses)
        {
            var segment = Uri.EscapeDataString(address);
            foreach (var route in routes.Select(route => route.Split(' ')))
            {
                using var body = route[0] == "GET" ? null : new StringContent(address);
                var path = System.Text.RegularExpressions.Regex.Replace(route[1], @"\{\w+\}", segment);
                await SendAsync(new HttpMethod(route[0]), path, body);
            }
            (string, string)[] headers =
            [
                ("Referer", address), ("Origin", address), ("X-Forwarded-For", address), ("X-Forwarded-Host", $"127.0.0.1:{_canary.Port}"), ("X-Forwarded-Prefix", "/x"), ("Forwarded", $"for=\"{address}\";host=127.0.0.1:{_canary.Port}"),
                ("X-Original-URL", address), ("X-Rewrite-URL", address), ("Destination", address), ("Link", $"<{address}>; rel=preload"), ("Content-Location", address), ("Via", $"1.1 127.0.0.1:{_canary.Port}"), ("X-Pingback", address), ("SourceMap", address),
            ];
            using var form = new StringContent("paste=x", Encoding.ASCII, "application/x-www-form-urlencoded");
            await SendAsync(HttpMethod.Get, "/", null, headers);
            await SendAsync(HttpMethod.Post, "/", form, headers);
        }
        foreach (var start in (string[])[$"GET {Address}", $"POST {Address}", $"CONNECT 127.0.0.1:{_canary.Port}", $"GET //127.0.0.1:{_canary.Port}/x", $"GET /@127.0.0.1:{_canary.Port}/x"])
            await _site.SendRawAsync($"{start} HTTP/1.1\r\nHost: 127.0.0.1:{_canary.Port}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        Assert.Empty(await _canary.VisitorsAsync(s_grace, TestSite.Token));
    }

    /// <summary>What a reader, a renderer or git would follow, if one of them were let.</summary>
    [Fact]
    public async Task Nothing_that_a_paste_refers_to_is_fetched_when_it_is_read()
    {
        var path = await _site.PasteFilesAsync(
            ("a.md", Encoding.ASCII.GetBytes($"![x]({Address}) <{Address}>\n\n[a]: {Address}\n\n<img src=\"{Address}\"><link rel=stylesheet href=\"{Address}\">\n")),
            ("a.svg", Encoding.ASCII.GetBytes($"<svg xmlns:xlink='http://www.w3.org/1999/xlink'><image xlink:href='{Address}'/></svg>")),
            ("a.xml", Encoding.ASCII.GetBytes($"<!DOCTYPE x [<!ENTITY % e SYSTEM '{Address}'> %e;]><?xml-stylesheet href='{Address}'?><x/>")),
            (".gitmodules", Encoding.ASCII.GetBytes($"[submodule \"x\"]\n\tpath = x\n\turl = {Address}\n")),
            (".lfsconfig", Encoding.ASCII.GetBytes($"[lfs]\n\turl = {Address}\n")),
            ("a.url", Encoding.ASCII.GetBytes($"[InternetShortcut]\nURL={Address}\n")));
        foreach (var way in (string[])["?rendered=true", "?ln=true", ".zip", ".tar", "/a.svg", "/a.xml?download=true", "@1"]) await _site.GetBytesAsync(path + way);
        foreach (var way in (string[])["", "/raw", "/revisions", "/diff", "/edit", "/delete", "/report", "/api/v1/pastes", "/documents", "/?from="]) await _site.GetBytesAsync(way.EndsWith('=') ? way + path[1..] : way + path);

        Assert.Empty(await _canary.VisitorsAsync(s_grace, TestSite.Token));
    }

    private async Task SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await _site.Http.SendAsync(request, TestSite.Token);
        Assert.InRange((int)answer.StatusCode, 200, 499);
    }
}
