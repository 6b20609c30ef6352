using System.Diagnostics;
using System.Net;
using System.Text;
using Pasteur.Interop.Remotes;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Program;

/// <summary>The whole way, through the program that users run: paste, link, commit on the remote.</summary>
public sealed class RemoteTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Paste_is_a_commit_on_the_remote_byte_for_byte_with_its_author_and_message()
    {
        await using var daemon = await GitDaemon.StartAsync();
        await using var site = await PasteurProcess.ServeAsync("--data", _folder["data"], "--remote", daemon.CreateSeedling("pastes.git"));

        byte[] pasted = [.. "let x = \"é\t<b>\";\nend"u8, 0xFF, 0];
        var id = await PasteAsync(site, pasted);
        await UntilAsync(() => daemon.Git("pastes.git", "log", "-1", "--format=%an|%s", "main") == "Ada|first light");

        Assert.Equal(pasted, StockGit.RunWithInput(daemon.Path("pastes.git"), default, "show", $"main:{id[0]}/{id[1]}/{id[2]}/{id}/in.ml"));
        Assert.Equal(0, await site.StopAsync());
        daemon.AssertSound("pastes.git");
        Assert.EndsWith($"/pastes.git and pushed to {daemon.Url("pastes.git")}", site.Output.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Site_is_not_ready_before_its_first_fetch_but_serves_and_keeps_what_is_pasted()
    {
        await using var daemon = await GitDaemon.StartAsync();
        var url = daemon.CreateSeedling("pastes.git");
        await daemon.StopAsync();
        await using var site = await PasteurProcess.ServeAsync("--data", _folder["data"], "--remote", url);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await site.GetAsync("readyz")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("healthz")).StatusCode);
        var id = await PasteAsync(site, "kept"u8.ToArray());
        Assert.Equal("kept", await site.Http.GetStringAsync($"raw/{id}", Cancel));

        await daemon.StartAsync();
        await UntilAsync(() => daemon.Git("pastes.git", "log", "-1", "--format=%an", "main") == "Ada");
        await UntilAsync(async () => (await site.GetAsync("readyz")).StatusCode == HttpStatusCode.OK);
        Assert.Equal(0, await site.StopAsync());
    }

    [Fact]
    public async Task What_a_newer_program_keeps_on_the_remote_is_not_taken_in_nor_written_to()
    {
        await using var daemon = await GitDaemon.StartAsync();
        var url = daemon.CreateSeedling("pastes.git");
        var tip = daemon.PushForeign("pastes.git", "pasteur.json", "{\"format\": 2}");
        await using var site = await PasteurProcess.ServeAsync("--data", _folder["data"], "--remote", url);

        await UntilAsync(async () => (await site.Http.GetStringAsync("healthz", Cancel)).Contains("The repository is in format 2", StringComparison.Ordinal));
        await PasteAsync(site, "kept here"u8.ToArray());
        await Task.Delay(1000, Cancel);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await site.GetAsync("readyz")).StatusCode);
        Assert.Equal(tip, daemon.Git("pastes.git", "rev-parse", "main"));
        Assert.Equal(0, await site.StopAsync());
    }

    [Fact]
    public async Task With_ack_remote_the_answer_waits_until_the_remote_has_it()
    {
        await using var daemon = await GitDaemon.StartAsync();
        await using var site = await PasteurProcess.ServeAsync("--no-data", "--remote", daemon.CreateSeedling("pastes.git"));

        var id = await PasteAsync(site, "there at once"u8.ToArray());

        Assert.Equal("there at once", daemon.Git("pastes.git", "show", $"main:{id[0]}/{id[1]}/{id[2]}/{id}/in.ml"));
        Assert.Equal(0, await site.StopAsync());
    }

    [Fact]
    public async Task Remote_that_is_away_does_not_keep_it_from_ending()
    {
        await using var site = await PasteurProcess.ServeAsync("--data", _folder["data"], "--remote", "git://127.0.0.1:1/nobody");
        await PasteAsync(site, "waits here"u8.ToArray());

        Assert.Equal(0, await site.StopAsync().WaitAsync(TimeSpan.FromSeconds(40), Cancel));
        Assert.Contains(site.Errors, line => line.Contains("cannot fetch", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Memory_that_a_large_first_fetch_took_is_given_back()
    {
        await using var daemon = await GitDaemon.StartAsync();
        var url = daemon.CreateSeedling("pastes.git");
        var files = Enumerable.Range(0, 100_000).Select(n => $"M 100644 inline {n / 300}/{n}\ndata <<.\n{n}\n.\n");
        var import = "commit refs/heads/main\ncommitter a <a@b> 1800000000 +0000\ndata 0\nfrom refs/heads/main^0\n" + string.Concat(files);
        StockGit.RunWithInput(daemon.Path("pastes.git"), Encoding.ASCII.GetBytes(import), "fast-import", "--quiet");
        await using var site = await PasteurProcess.ServeAsync("--no-data", "--remote", url);
        await UntilAsync(async () => (await site.GetAsync("readyz")).StatusCode == HttpStatusCode.OK);

        using var process = Process.GetProcessById(site.Id);
        var (peak, resident) = (process.PeakWorkingSet64 >> 20, process.WorkingSet64 >> 20);
        Assert.True(peak - resident >= 8, $"it held {peak} MiB, and holds {resident} still");
        Assert.Equal(0, await site.StopAsync());
    }

    private static async Task<string> PasteAsync(PasteurProcess site, byte[] content)
    {
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(content), "paste", "in.ml" },
            { new StringContent("Ada"), "user" },
            { new StringContent("first light"), "comment" },
        };
        var answer = await site.Http.PostAsync("", form, Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadAsStringAsync(Cancel)).TrimEnd().Split('/')[^1];
    }

    private static Task UntilAsync(Func<bool> holds) => UntilAsync(() => Task.FromResult(holds()));

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var tries = 0; !await holds(); tries++)
        {
            Assert.True(tries < 300, "not within 30 s");
            await Task.Delay(100, Cancel);
        }
    }
}
