using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;

namespace Pasteur.Interop.Vm;

/// <summary>Writers that paste until their machine is gone, and what it acknowledged to them.</summary>
internal sealed class Load
{
    private const int Writers = 8;

    private readonly ConcurrentDictionary<string, string> _acknowledged = new();

    public IReadOnlyDictionary<string, string> Acknowledged => _acknowledged;

    /// <summary>Pastes for a time chosen at random, then pulls the plug.</summary>
    public async Task UntilPluggedOutAsync(RunningMachine machine)
    {
        var before = _acknowledged.Count;
        var writers = Enumerable.Range(0, Writers).Select(_ => Task.Run(() => WriteAsync(machine.Http))).ToArray();
        while (_acknowledged.Count < before + Writers && !writers.All(writer => writer.IsCompleted))
            await Task.Delay(10, TestContext.Current.CancellationToken);
        await Task.Delay(Random.Shared.Next(1000), TestContext.Current.CancellationToken);
        await machine.PullPlugAsync();
        await Task.WhenAll(writers);
        Assert.True(_acknowledged.Count >= before + Writers, $"only {_acknowledged.Count - before} pastes were acknowledged: this proves nothing");
    }

    private async Task WriteAsync(HttpClient http)
    {
        try
        {
            for (var i = 0; ; i++)
            {
                var content = $"{Guid.NewGuid()} {i.ToString(CultureInfo.InvariantCulture)} {new string('x', Random.Shared.Next(2000))}";
                using var body = new StringContent(content);
                using var answer = await http.PostAsync("", body, TestContext.Current.CancellationToken);
                var link = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                if (answer.StatusCode == HttpStatusCode.OK)
                    _acknowledged[link.TrimEnd().Split('/')[^1]] = content;
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or TaskCanceledException)
        {
            // The plug is out: whatever was not answered was not promised.
            return;
        }
    }
}
