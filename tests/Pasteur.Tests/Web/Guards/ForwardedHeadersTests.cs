using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Pasteur.Configuration;
using Pasteur.Web.Guards;

namespace Pasteur.Tests.Web.Guards;

public class ForwardedHeadersTests
{
    private const string Proxies = "10.0.0.0/8,fd00::/8";

    [Theory]
    [InlineData("10.0.0.1", "203.0.113.5", "203.0.113.5")]
    [InlineData("10.0.0.1", "6.6.6.6, 203.0.113.5", "203.0.113.5")]                       // forged by the client, leftmost
    [InlineData("10.0.0.1", "10.9.9.9, 203.0.113.5", "203.0.113.5")]                      // forged as one of ours
    [InlineData("10.0.0.1", "203.0.113.5, 10.0.0.2", "203.0.113.5")]                      // two proxies of ours
    [InlineData("10.0.0.1", "6.6.6.6, 203.0.113.5, 10.0.0.3, 10.0.0.2", "203.0.113.5")]
    [InlineData("::ffff:10.0.0.1", "203.0.113.5:4711", "203.0.113.5")]
    [InlineData("fd00::1", "[2001:db8::5]:4711", "2001:db8::5")]
    [InlineData("10.0.0.1", "2001:db8::5", "2001:db8::5")]
    [InlineData("10.0.0.1", "6.6.6.6, unknown", "10.0.0.1")]                              // what our proxy doesn't know, we don't either
    [InlineData("10.0.0.1", "6.6.6.6, <script>", "10.0.0.1")]
    [InlineData("10.0.0.1", "6.6.6.6, 7", "10.0.0.1")]
    [InlineData("10.0.0.1", "", "10.0.0.1")]
    [InlineData("10.0.0.1", " , ,", "10.0.0.1")]
    [InlineData("203.0.113.9", "6.6.6.6", "203.0.113.9")]                                 // no proxy of ours
    [InlineData("203.0.113.9", "10.0.0.1", "203.0.113.9")]
    public void The_client_is_who_the_outermost_proxy_of_ours_saw(string peer, string forwardedFor, string expected) =>
        Assert.Equal(expected, Apply(peer, ("X-Forwarded-For", forwardedFor)).Connection.RemoteIpAddress!.ToString());

    [Fact]
    public void Several_lines_of_a_header_are_one_list()
    {
        var context = Context("10.0.0.1");
        context.Request.Headers["X-Forwarded-For"] = new(["6.6.6.6", "203.0.113.5", "10.0.0.2"]);

        Assert.Equal("203.0.113.5", Run(context).Connection.RemoteIpAddress!.ToString());
    }

    [Theory]
    [InlineData("203.0.113.5", "https", "https")]
    [InlineData("203.0.113.5", "HTTPS", "https")]
    [InlineData("203.0.113.5", "https, http", "http")]                  // the first is the client's word
    [InlineData("203.0.113.5, 10.0.0.2", "https, http", "https")]       // TLS ends at the outer proxy
    [InlineData("203.0.113.5, 10.0.0.2", "https", "https")]             // the inner one writes none
    [InlineData("", "https", "https")]                                  // a proxy that writes this alone
    [InlineData("203.0.113.5", "gopher", "http")]
    [InlineData("203.0.113.5", "javascript", "http")]
    public void The_scheme_is_the_one_that_the_outermost_proxy_of_ours_was_asked_by(string forwardedFor, string proto, string expected) =>
        Assert.Equal(expected, Apply("10.0.0.1", ("X-Forwarded-For", forwardedFor), ("X-Forwarded-Proto", proto)).Request.Scheme);

    [Theory]
    [InlineData("paste.example.org", "paste.example.org")]
    [InlineData("paste.example.org:8443", "paste.example.org:8443")]
    [InlineData("[2001:db8::1]:80", "[2001:db8::1]:80")]
    [InlineData("evil.example, paste.example.org", "paste.example.org")]
    [InlineData("a/b", "inner")]
    [InlineData("a\"><script>", "inner")]
    [InlineData("user@host", "inner")]
    [InlineData("", "inner")]
    public void The_host_is_what_the_proxy_was_asked_for_and_nothing_that_is_no_host(string forwarded, string expected) =>
        Assert.Equal(expected, Apply("10.0.0.1", ("X-Forwarded-For", "203.0.113.5"), ("X-Forwarded-Host", forwarded)).Request.Host.Value);

    [Theory]
    [InlineData("/paste", "/paste", "/abc", "/paste/abc", "")]
    [InlineData("/paste", "/paste/", "/", "/paste/", "")]
    [InlineData("/paste", "/paste", "/paste/abc", "/paste/abc", "")]                    // a proxy that says so without cutting it off
    [InlineData("/paste", "/other", "/paste/abc", "/paste/abc", "")]                    // one that hands on what a client made up
    [InlineData("", "/paste", "/abc", "/paste/abc", "/paste")]
    [InlineData("", "/paste", "/paste/abc", "/paste/abc", "/paste")]
    [InlineData("", "/paste", "/pasteabc", "/paste/pasteabc", "/paste")]
    [InlineData("", "/evil, /paste", "/abc", "/paste/abc", "/paste")]
    [InlineData("", "/", "/abc", "/abc", "")]
    [InlineData("", "//evil.example", "/abc", "/abc", "")]
    [InlineData("", "/../x", "/abc", "/abc", "")]
    [InlineData("", "/a\"><script>", "/abc", "/abc", "")]
    public void A_path_that_the_proxy_cut_off_is_put_back_and_stands_before_the_links(string ownPath, string prefix, string path, string expected, string servedBelow)
    {
        var context = Context("10.0.0.1", path);
        context.Request.Headers["X-Forwarded-Prefix"] = prefix;

        Run(context, ownPath.Length == 0 ? [] : ["--base-path", ownPath]);

        Assert.Equal((expected, servedBelow), (context.Request.Path.Value, (string)context.Items["below"]!));
    }

    [Fact]
    public async Task Proxies_that_make_up_paths_do_not_make_sites_without_end()
    {
        var made = 0;
        var headers = Make(_ => Task.CompletedTask, _ =>
        {
            made++;
            return _ => Task.CompletedTask;
        });
        for (var i = 0; i < 100; i++)
        {
            var context = Context("10.0.0.1", "/abc");
            context.Request.Headers["X-Forwarded-Prefix"] = $"/p{i % 50}";
            await headers.InvokeAsync(context);
        }
        Assert.Equal(Limits.MaxForwardedPrefixes, made);
    }

    [Fact]
    public void From_anyone_else_they_are_nothing()
    {
        var context = Context("203.0.113.9", "/abc");
        foreach (var (name, value) in new[] { ("For", "6.6.6.6"), ("Proto", "https"), ("Host", "evil.example"), ("Prefix", "/paste") })
            context.Request.Headers["X-Forwarded-" + name] = value;

        Run(context, "--base-path", "/paste");

        Assert.Equal(("203.0.113.9", "http", "inner", "/abc"),
            (context.Connection.RemoteIpAddress!.ToString(), context.Request.Scheme, context.Request.Host.Value, context.Request.Path.Value));
    }

    private static DefaultHttpContext Apply(string peer, params (string Name, string Value)[] headers)
    {
        var context = Context(peer);
        foreach (var (name, value) in headers) context.Request.Headers[name] = value;
        return Run(context);
    }

    private static DefaultHttpContext Context(string peer, string path = "/")
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        (context.Request.Scheme, context.Request.Host, context.Request.Path) = ("http", new HostString("inner"), path);
        return context;
    }

    private static DefaultHttpContext Run(DefaultHttpContext context, params string[] arguments)
    {
        Make(Serve(""), Serve, arguments).InvokeAsync(context).GetAwaiter().GetResult();
        Assert.True(context.Items.ContainsKey("below"));
        return context;

        static RequestDelegate Serve(string basePath) => served =>
        {
            served.Items["below"] = basePath;
            return Task.CompletedTask;
        };
    }

    private static ForwardedHeaders Make(RequestDelegate next, Func<string, RequestDelegate> below, params string[] arguments)
    {
        var invocation = new CommandLine().Read(["--no-data", "--trusted-proxy", Proxies, .. arguments], _ => null);
        return new ForwardedHeaders(next, below, Assert.IsType<Invocation.Serve>(invocation).Settings, NullLogger.Instance);
    }
}
