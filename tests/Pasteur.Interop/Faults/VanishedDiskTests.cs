using System.Net;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Faults;

/// <summary>The file system with the data is unmounted under the running program, which still holds files of it.</summary>
public sealed class VanishedDiskTests : IAsyncLifetime
{
    private readonly TemporaryFolder _disk = new();
    private bool _isMounted;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", _disk.Path);
        _isMounted = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isMounted) await RunAsync("umount", "-l", _disk.Path);
        _disk.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Health_answers_and_tells_it_nothing_is_promised_and_reading_goes_on(bool isAtRest)
    {
        await using var site = await PasteurProcess.ServeAsync("--data", _disk["data"]);
        var kept = await (await PasteAsync(site)).Content.ReadAsStringAsync(Cancel);
        // At rest, a branch is on the disk, and must not be put back where the disk was.
        if (isAtRest) await UntilAsync(() => File.Exists(_disk["data/pastes.git/refs/heads/main"]));

        await RunAsync("umount", "-l", _disk.Path);
        _isMounted = false;

        for (var round = 0; round < 2; round++)
        {
            var health = await site.GetAsync("healthz").WaitAsync(TimeSpan.FromSeconds(5), Cancel);
            var report = await health.Content.ReadAsStringAsync(Cancel);
            Assert.Equal(HttpStatusCode.OK, health.StatusCode);
            Assert.Contains("\"writable\": false", report, StringComparison.Ordinal);
            Assert.Contains("is gone", report, StringComparison.Ordinal);
            Assert.Contains("\"diskFreeBytes\": null", report, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await site.GetAsync("readyz")).StatusCode);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await PasteAsync(site)).StatusCode);
            Assert.Equal("kept", await site.Http.GetStringAsync($"raw/{kept.TrimEnd().Split('/')[^1]}", Cancel));
            // Some looks of the upkeep.
            await Task.Delay(1500, Cancel);
        }

        Assert.Equal(0, await site.StopAsync());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_disk.Path));
        Assert.DoesNotContain(site.Errors, line => line.Contains("Unhandled", StringComparison.Ordinal));
    }

    private static async Task<HttpResponseMessage> PasteAsync(PasteurProcess site)
    {
        using var body = new StringContent("kept");
        return await site.Http.PostAsync("", body, Cancel);
    }

    private static async Task UntilAsync(Func<bool> isDone)
    {
        for (var wait = 0; !isDone(); wait++)
        {
            Assert.True(wait < 300, "it does not come about");
            await Task.Delay(100, Cancel);
        }
    }

    private static async Task RunAsync(string command, params string[] arguments)
    {
        var result = await Tool.RunAsync(command, arguments);
        Assert.True(result.ExitCode == 0, $"{command} {string.Join(' ', arguments)}: {result.Errors}");
    }
}
