using System.Net;
using System.Net.Sockets;
using Pasteur.Dns;
using Pasteur.Dns.Exchange;
using Pasteur.Dns.Messages;

namespace Pasteur.Tests.Dns;

/// <summary>Servers that misbehave on TCP, where a request goes at once that is too long for a datagram.</summary>
public sealed class DnsServerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Broken => new()
    {
        { "hangs up without a word", "" },
        { "hangs up within the length", "00" },
        { "hangs up within the message", "0020 1234 8400" },
        { "says nothing in a message", "0000" },
        { "is something else", "4854 5450 2f31 2e31 2034 3030" },
        { "answers another request", "000c 0000 a800 0000 0000 0000 0000" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_server_that_is_none_is_told_apart_from_one_that_is_away(string what, string answer)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = AnswerAsync(listener, Convert.FromHexString(answer.Replace(" ", "", StringComparison.Ordinal)));

        var reply = await new DnsServer((IPEndPoint)listener.LocalEndpoint, TimeProvider.System).AskAsync(LongRequest(), Token);

        Assert.True(reply is Reply.Malformed, $"{what}: {reply}");
        await answering;
    }

    [Fact]
    public async Task A_request_that_is_cancelled_ends_at_once()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new DnsServer((IPEndPoint)listener.LocalEndpoint, TimeProvider.System).AskAsync(LongRequest(), cancelled.Token));
    }

    // Reads the whole request first: a connection that is closed over unread bytes is reset.
    private static async Task AnswerAsync(TcpListener listener, byte[] answer)
    {
        using var client = await listener.AcceptTcpClientAsync(Token);
        await client.GetStream().ReadExactlyAsync(new byte[2 + LongRequest().Length], Token);
        await client.GetStream().WriteAsync(answer, Token);
    }

    private static byte[] LongRequest()
    {
        Assert.True(DnsName.TryParse(string.Join('.', Enumerable.Repeat(new string('a', 60), 4)), out var name));
        var request = DnsRequest.Update(name, new TxtChange(name, new string('x', 255), IsAddition: true));
        Assert.True(request.Length > DnsLimits.MaxUdpRequestBytes);
        return request;
    }
}
