using System.Collections.Concurrent;
using System.Net;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Faults;

/// <summary>A power cut, a disk that dies, an fsync that fails: what was answered is there, and what is not there was not answered.</summary>
public sealed class DiskTests
{
    private const int Writers = 16, Sigkill = 9, Sigstop = 19;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_a_power_cut_every_paste_that_was_answered_is_there_and_the_repository_is_clean()
    {
        using var disk = new LoopDisk();
        var acknowledged = new ConcurrentDictionary<string, string>();
        await using (var site = await PasteurProcess.ServeAsync("--data", Path.Combine(disk.Path, "data")))
        {
            var writers = Enumerable.Range(0, Writers).Select(_ => Task.Run(() => WriteAsync(site, acknowledged), Cancel)).ToArray();
            await Task.Delay(2500, Cancel);
            site.Signal(Sigstop);
            // Answers that had left the program before it stopped were promises too.
            await Task.Delay(200, Cancel);
            var promised = acknowledged.ToArray();
            Assert.True(promised.Length > Writers, $"only {promised.Length} pastes were acknowledged: this proves nothing");
            using (var copy = disk.AfterPowerCut()) await AssertKeptAsync(copy, promised);
            site.Signal(Sigkill);
            await site.WaitForExitAsync();
            await Task.WhenAll(writers);
        }
    }

    [Fact]
    public async Task A_disk_that_fails_is_told_and_nothing_more_is_promised()
    {
        using var disk = new LoopDisk();
        var acknowledged = new ConcurrentDictionary<string, string>();
        await using var site = await PasteurProcess.ServeAsync("--data", Path.Combine(disk.Path, "data"));
        for (var i = 0; i < 20; i++) Assert.Equal(HttpStatusCode.OK, await PasteAsync(site, acknowledged));
        disk.Fail();
        await AssertRefusesAsync(site, acknowledged);
    }

    [Fact]
    public async Task After_a_failed_fdatasync_nothing_is_promised_until_a_restart_which_finds_all_that_was()
    {
        using var folder = new TemporaryFolder();
        var acknowledged = new ConcurrentDictionary<string, string>();
        string[] strace = ["strace", "-f", "--seccomp-bpf", "-qq", "-o", folder["strace"], "-e", "trace=fdatasync", "-e", "inject=fdatasync:error=EIO:when=12+"];
        await using (var site = await PasteurProcess.ServeUnderAsync(strace, "--data", folder["data"]))
        {
            for (var i = 0; i < 30 && await PasteAsync(site, acknowledged) == HttpStatusCode.OK; i++) await Task.Delay(10, Cancel);
            Assert.InRange(acknowledged.Count, 5, 25);
            await AssertRefusesAsync(site, acknowledged);
            // It waits for the owner: a second sync would succeed and prove nothing.
            await Task.Delay(3000, Cancel);
            await AssertRefusesAsync(site, acknowledged);
            site.SignalChild(Sigkill);
            await site.WaitForExitAsync();
        }
        Assert.Contains("EIO", await File.ReadAllTextAsync(folder["strace"], Cancel), StringComparison.Ordinal);
        await AssertKeptAsync(folder["data"], [.. acknowledged]);
    }

    private static async Task AssertRefusesAsync(PasteurProcess site, ConcurrentDictionary<string, string> acknowledged)
    {
        var before = acknowledged.Count;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await PasteAsync(site, acknowledged));
        Assert.Equal(before, acknowledged.Count);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await site.GetAsync("readyz")).StatusCode);
        var health = await site.GetAsync("healthz");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Contains("\"writable\": false", await health.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    private static Task AssertKeptAsync(LoopDisk disk, KeyValuePair<string, string>[] promised) => AssertKeptAsync(Path.Combine(disk.Path, "data"), promised);

    private static async Task AssertKeptAsync(string data, KeyValuePair<string, string>[] promised)
    {
        var repository = Path.Combine(data, "pastes.git");
        StockGit.Run(repository, "fsck", "--strict", "--no-dangling");
        await using var site = await PasteurProcess.ServeAsync("--data", data);
        foreach (var (id, content) in promised)
            Assert.Equal(content, await site.Http.GetStringAsync($"raw/{id}", Cancel));
        Assert.Equal(0, await site.StopAsync());
        StockGit.Run(repository, "fsck", "--strict", "--no-dangling");
    }

    private static async Task WriteAsync(PasteurProcess site, ConcurrentDictionary<string, string> acknowledged)
    {
        try
        {
            while (await PasteAsync(site, acknowledged) == HttpStatusCode.OK)
            {
                // Until the program is stopped and then killed.
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // Whatever was not answered was not promised.
            return;
        }
    }

    private static async Task<HttpStatusCode> PasteAsync(PasteurProcess site, ConcurrentDictionary<string, string> acknowledged)
    {
        var content = $"{Guid.NewGuid()} {new string('x', Random.Shared.Next(2000))}";
        using var body = new StringContent(content);
        using var answer = await site.Http.PostAsync("", body, Cancel);
        var link = await answer.Content.ReadAsStringAsync(Cancel);
        if (answer.StatusCode == HttpStatusCode.OK) acknowledged[link.TrimEnd().Split('/')[^1]] = content;
        return answer.StatusCode;
    }
}
