using System.Net;
using System.Net.Sockets;
using System.Text;
using Pasteur.Configuration;
using Pasteur.Limiting;
using Pasteur.Pastes;
using Pasteur.Termbin;

namespace Pasteur.Tests.Termbin;

public sealed class TermbinConversationTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // More than the kernel keeps for either side: who is not listened to until it has sent all meets a reset connection.
    [Theory]
    [InlineData(1)]
    [InlineData(20_000)]
    public async Task Who_finds_no_memory_is_told_so_however_much_it_has_sent(int maxBytes)
    {
        var memory = new MemoryBudget(maxBytes);

        Assert.Equal("Too much at once. Nothing was stored; try again in a moment.\n", await SendAsync(30_000_000, memory, _ => throw new InvalidOperationException("stored")));

        // And it has given back what it took.
        Assert.True(memory.TryTake(maxBytes));
    }

    [Fact]
    public async Task What_becomes_of_a_paste_is_told()
    {
        Assert.Equal("Too much at once. Nothing was stored; try again in a moment.\n", await SendAsync(1, new MemoryBudget(1 << 20), _ => new CreateOutcome.Busy()));
        Assert.Equal("The site takes no pastes at the moment. Nothing was stored.\n", await SendAsync(1, new MemoryBudget(1 << 20), _ => new CreateOutcome.Unavailable("why")));
    }

    [Fact]
    public async Task Whose_network_may_only_read_and_whoever_comes_to_a_site_for_reading_alone_is_told_so_and_stores_nothing()
    {
        Func<NewPaste, CreateOutcome> refuse = _ => throw new InvalidOperationException("it was stored");
        Assert.Equal("This network may not paste here. Nothing was stored.\n", await SendAsync(1, new MemoryBudget(1 << 20), refuse, site => site with { IsBanned = _ => true }));
        Assert.Equal("The site is for reading alone. Nothing was stored.\n", await SendAsync(1, new MemoryBudget(1 << 20), refuse, site => site with { IsReadOnly = true }));
        Assert.Equal("The site holds as many pastes as it may. Nothing was stored.\n", await SendAsync(1, new MemoryBudget(1 << 20), _ => new CreateOutcome.Full()));
        Assert.Equal("Whoever runs this site does not want this text. Nothing was stored.\n", await SendAsync(1, new MemoryBudget(1 << 20), _ => new CreateOutcome.Blocked()));
    }

    /// <summary>Sends so many bytes at once, reads nothing before all are gone, and answers what came back until the connection ended.</summary>
    private static async Task<string> SendAsync(int count, MemoryBudget memory, Func<NewPaste, CreateOutcome> store, Func<TermbinSite, TermbinSite>? change = null)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        var accepting = listener.AcceptSocketAsync(Cancel).AsTask();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, Cancel);
        var site = new TermbinSite((paste, _) => ValueTask.FromResult(store(paste)), new ClientLimits(RateSettings.None, TimeProvider.System), 1 << 20, 80, "");
        var conversation = new TermbinConversation(await accepting, change is null ? site : change(site), memory);
        var serving = Task.Run(
            async () =>
            {
                using (conversation) await conversation.RunAsync(Cancel);
            },
            Cancel);
        await using var stream = client.GetStream();
        await stream.WriteAsync(new byte[count], Cancel);
        client.Client.Shutdown(SocketShutdown.Send);
        await Task.Delay(100, Cancel);
        using var answer = new StreamReader(stream, Encoding.UTF8);
        var text = await answer.ReadToEndAsync(Cancel);
        await serving;
        return text;
    }
}
