using System.Net;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Faults;

/// <summary>A disk that fills up: nothing is promised that is not stored, and the service returns with the space.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TemporaryFolder _disk = new();
    private readonly SmallDisk _mounted;

    public FullDiskTests() => _mounted = new SmallDisk(_disk.Path, "6m");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _mounted.Dispose();
        _disk.Dispose();
    }

    [Fact]
    public async Task Full_disk_is_told_and_the_service_returns_when_space_returns()
    {
        await File.WriteAllBytesAsync(_disk["ballast"], new byte[3 << 20], Cancel);
        await using var site = await PasteurProcess.ServeAsync("--data", _disk["data"]);
        var acknowledged = new Dictionary<string, string>();
        var refused = HttpStatusCode.OK;
        for (var i = 0; i < 200 && refused == HttpStatusCode.OK; i++)
            refused = await PasteAsync(site, acknowledged);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused);
        Assert.NotEmpty(acknowledged);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await site.GetAsync("readyz")).StatusCode);
        Assert.Contains("\"writable\": false", await site.Http.GetStringAsync("healthz", Cancel), StringComparison.Ordinal);
        await AssertReadableAsync(site, acknowledged);

        File.Delete(_disk["ballast"]);
        for (var tries = 0; await PasteAsync(site, acknowledged) != HttpStatusCode.OK; tries++)
        {
            Assert.True(tries < 300, "no paste was taken within 30 s of the space's return");
            await Task.Delay(100, Cancel);
        }
        await AssertReadableAsync(site, acknowledged);
        Assert.Equal(0, await site.StopAsync());
        StockGit.Run(Path.Combine(_disk["data"], "pastes.git"), "fsck", "--strict", "--no-dangling");
    }

    private static async Task<HttpStatusCode> PasteAsync(PasteurProcess site, Dictionary<string, string> acknowledged)
    {
        var content = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(60_000));
        using var body = new StringContent(content);
        using var answer = await site.Http.PostAsync("", body, Cancel);
        if (answer.StatusCode == HttpStatusCode.OK)
            acknowledged[(await answer.Content.ReadAsStringAsync(Cancel)).TrimEnd().Split('/')[^1]] = content;
        return answer.StatusCode;
    }

    private static async Task AssertReadableAsync(PasteurProcess site, Dictionary<string, string> acknowledged)
    {
        foreach (var (id, content) in acknowledged)
            Assert.Equal(content, await site.Http.GetStringAsync($"raw/{id}", Cancel));
    }
}
