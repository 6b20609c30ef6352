using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Pasteur.Interop.Support;

namespace Pasteur.Interop.Client;

/// <summary>A site that asks for work before a paste: <c>pasteur put</c> does it by itself, and for curl there is a recipe.</summary>
public sealed class WorkTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Put_does_the_work_for_text_files_and_what_is_encrypted()
    {
        await using var site = await ClientSite.StartAsync("--challenge", "on");

        foreach (var link in (string[])[
            await site.PutLinkAsync("text"u8.ToArray()),
            await site.PutLinkAsync("text"u8.ToArray(), "-e"),
            await site.PutLinkAsync(null, site.File("a.txt", "text")),
            await site.PutLinkAsync("text"u8.ToArray(), "-e", "-")])
        {
            Assert.Equal("text", Encoding.UTF8.GetString(await ClientSite.GetBytesAsync(link)));
        }
    }

    [Fact]
    public async Task Files_that_were_sent_in_vain_are_sent_whole()
    {
        await using var site = await ClientSite.StartAsync("--challenge", "on", "--max-size", "8MiB");
        byte[] small = new byte[60_000], large = new byte[4 << 20];
        new Random(3).NextBytes(small);
        new Random(4).NextBytes(large);

        Assert.Equal(small, await ClientSite.GetBytesAsync(await site.PutLinkAsync(null, site.File("small", small))));
        Assert.Equal(large, await ClientSite.GetBytesAsync(await site.PutLinkAsync(null, site.File("large", large))));
        // Of a pipe only the beginning is kept, so that it could not be sent twice.
        Assert.Equal(large, await ClientSite.GetBytesAsync(await site.PutLinkAsync(large)));
        Assert.Equal(large, await ClientSite.GetBytesAsync(await site.PutLinkAsync(large, "-", "--name", "a.bin")));
    }

    [Fact]
    public async Task An_update_needs_none()
    {
        await using var site = await ClientSite.StartAsync("--challenge", "on");
        var made = await site.PutAsync("one"u8.ToArray());
        var token = made.Errors["token: ".Length..].TrimEnd();

        var updated = await ClientSite.RunAsync(["put", "--update", made.Text.TrimEnd()], "two"u8.ToArray(), ("PASTEUR_TOKEN", token));

        Assert.Equal((0, made.Text), (updated.ExitCode, updated.Text));
        Assert.Equal("two", Encoding.UTF8.GetString(await ClientSite.GetBytesAsync(made.Text.TrimEnd())));
    }

    [Theory]
    [InlineData("HTTP/1.1 428 x\r\nX-Challenge: abc; bits=25\r\nContent-Length: 0\r\n\r\n", "asks for work of 25 bits before a paste; 24 is the most that is done")]
    [InlineData("HTTP/1.1 428 x\r\nX-Challenge: abc; bits=2000000000\r\nContent-Length: 0\r\n\r\n", "asks for work of 2000000000 bits")]
    [InlineData("HTTP/1.1 428 x\r\nX-Challenge: abc; bits=-1\r\nContent-Length: 0\r\n\r\n", "it answered 428")]
    [InlineData("HTTP/1.1 428 x\r\nX-Challenge: a b; bits=8\r\nContent-Length: 0\r\n\r\n", "it answered 428")]
    [InlineData("HTTP/1.1 428 x\r\nX-Challenge: abc\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nwhy so", ": why so")]
    [InlineData("HTTP/1.1 428 x\r\nContent-Length: 0\r\n\r\n", "it answered 428")]
    public async Task What_no_site_of_ours_asks_for_is_not_done(string answer, string words)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var serving = AnswerAsync(server, answer);

        var result = await ClientSite.RunAsync(["put", "--server", $"http://{server.LocalEndpoint}"], "x"u8.ToArray());

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(words, Assert.Single(result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        await serving;
    }

    [Fact]
    public async Task The_recipe_of_the_sites_page_works_as_it_stands_there()
    {
        await using var site = await ClientSite.StartAsync("--challenge", "on", "--base-path", "/p");
        var page = await site.Process.Http.GetStringAsync("/p/api", Cancel);
        var recipe = WebUtility.HtmlDecode(Regex.Match(page, "<pre tabindex=\"0\">(proof=.*?)</pre>", RegexOptions.Singleline).Groups[1].Value);
        site.File("notes.txt", "by hand");

        var result = await Tool.RunAsync("sh", ["-c", $"cd '{site.Folder.Path}' && {recipe}"]);

        Assert.Matches($"^{Regex.Escape(site.Address)}[0-9a-z]{{10}}\n$", result.Text);
        Assert.Equal("by hand", Encoding.UTF8.GetString(await ClientSite.GetBytesAsync(result.Text.TrimEnd())));

        var without = await Tool.RunAsync("curl", ["-sS", "-T", site.Folder["notes.txt"], site.Address]);
        Assert.Matches($"^Against floods, this site asks .* for other programs see {Regex.Escape(site.Address)}api#work\n$", without.Text);
    }

    private static async Task AnswerAsync(TcpListener server, string answer)
    {
        using var connection = await server.AcceptTcpClientAsync(Cancel);
        var stream = connection.GetStream();
        var request = new byte[64 * 1024];
        for (var length = 0; !Encoding.Latin1.GetString(request, 0, length).EndsWith("--\r\n", StringComparison.Ordinal);) length += await stream.ReadAsync(request.AsMemory(length), Cancel);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(answer), Cancel);
    }
}
