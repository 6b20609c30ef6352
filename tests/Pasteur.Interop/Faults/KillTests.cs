using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Faults;

/// <summary>kill -9 at random moments under 64 writers. `bench/soak-kill9` does it 200 times.</summary>
public sealed class KillTests : IDisposable
{
    private const int Kills = 6, Writers = 64, Sigkill = 9;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task No_acknowledged_paste_is_lost_and_the_repository_is_clean_each_time()
    {
        var acknowledged = new ConcurrentDictionary<string, string>();
        for (var kill = 0; kill < Kills; kill++)
        {
            await using (var site = await PasteurProcess.ServeAsync("--data", _folder["data"]))
            {
                var writers = Enumerable.Range(0, Writers).Select(_ => Task.Run(() => WriteUntilKilledAsync(site, acknowledged), Cancel)).ToArray();
                await Task.Delay(Random.Shared.Next(300, 1500), Cancel);
                site.Signal(Sigkill);
                await Task.WhenAll(writers);
                await site.WaitForExitAsync();
            }
            StockGit.Run(Path.Combine(_folder["data"], "pastes.git"), "fsck", "--strict", "--no-dangling");
        }

        Assert.True(acknowledged.Count > Writers, $"only {acknowledged.Count} pastes were acknowledged: this proves nothing");
        await using var last = await PasteurProcess.ServeAsync("--data", _folder["data"]);
        foreach (var (id, content) in acknowledged)
            Assert.Equal(content, await last.Http.GetStringAsync($"raw/{id}", Cancel));
        Assert.Equal(0, await last.StopAsync());
        StockGit.Run(Path.Combine(_folder["data"], "pastes.git"), "fsck", "--strict", "--no-dangling");
    }

    private static async Task WriteUntilKilledAsync(PasteurProcess site, ConcurrentDictionary<string, string> acknowledged)
    {
        try
        {
            for (var i = 0; ; i++)
            {
                var content = $"{Guid.NewGuid()} {i.ToString(CultureInfo.InvariantCulture)} {new string('x', Random.Shared.Next(2000))}";
                using var body = new StringContent(content);
                using var answer = await site.Http.PostAsync("", body, Cancel);
                var link = await answer.Content.ReadAsStringAsync(Cancel);
                if (answer.StatusCode == HttpStatusCode.OK)
                    acknowledged[link.TrimEnd().Split('/')[^1]] = content;
            }
        }
        catch (HttpRequestException)
        {
            // The program was killed: whatever was not answered was not promised.
            return;
        }
        catch (IOException)
        {
            // The same, in the middle of an answer.
            return;
        }
    }
}
