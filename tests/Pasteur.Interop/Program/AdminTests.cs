using System.Net.Http;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Program;

/// <summary><c>pasteur admin</c> does the same whether the site runs or not, and nobody else can ask.</summary>
public sealed class AdminTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_decided_while_the_site_runs_counts_at_once_and_after_it_and_the_other_way_round()
    {
        string first, second;
        await using (var site = await PasteurProcess.ServeAsync("--data", _folder["data"]))
        {
            first = await PasteAsync(site, "first bad text");
            second = await PasteAsync(site, "second bad text");
            await site.Http.PostAsync($"report/{first}", new StringContent("reason=spam\u001b[31m"), Cancel);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["data/admin.sock"]));

            var reports = await AdminAsync(0, "reports");
            Assert.Contains($"{first}  spam[31m\n1 report\n", reports, StringComparison.Ordinal);
            Assert.Contains("first bad text", await AdminAsync(0, "show", first), StringComparison.Ordinal);
            await AdminAsync(0, "block", first);
            await AdminAsync(0, "delete", first);
            await AdminAsync(0, "ban", "203.0.113.0/24", "for", "7d");
            Assert.Equal("0 reports\n", await AdminAsync(0, "reports"));
            Assert.Equal(404, (int)(await site.GetAsync(first)).StatusCode);
            Assert.Equal(403, (int)(await site.Http.PostAsync("", new StringContent("first bad text"), Cancel)).StatusCode);
            Assert.Equal(0, await site.StopAsync());
        }
        Assert.False(File.Exists(_folder["data/admin.sock"]));

        await AdminAsync(0, "block", second);
        await AdminAsync(0, "delete", second);
        Assert.Contains("203.0.113.0/24  until", await AdminAsync(0, "bans"), StringComparison.Ordinal);
        await AdminAsync(0, "unban", "203.0.113.0/24");
        await AdminAsync(66, "unban", "203.0.113.0/24");
        await AdminAsync(66, "nonsense");
        var check = await Tool.RunAsync("git", ["-C", _folder["data/pastes.git"], "fsck", "--strict"]);
        Assert.Equal(0, check.ExitCode);

        await using var again = await PasteurProcess.ServeAsync("--data", _folder["data"]);
        foreach (var (path, text) in new[] { (first, "first bad text"), (second, "second bad text") })
        {
            Assert.Equal(404, (int)(await again.GetAsync(path)).StatusCode);
            Assert.Equal(403, (int)(await again.Http.PostAsync("", new StringContent(text), Cancel)).StatusCode);
        }
        Assert.Contains("2 digests", await AdminAsync(0, "blocked"), StringComparison.Ordinal);
        Assert.Contains("0 bans", await AdminAsync(0, "bans"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_site_that_was_killed_leaves_a_socket_that_hinders_nobody()
    {
        await using (var site = await PasteurProcess.ServeAsync("--data", _folder["data"]))
        {
            site.Signal(9);
            await site.WaitForExitAsync();
        }
        Assert.True(File.Exists(_folder["data/admin.sock"]));
        Assert.Equal("0 reports\n", await AdminAsync(0, "reports"));
        await using var again = await PasteurProcess.ServeAsync("--data", _folder["data"]);
        Assert.Equal("0 reports\n", await AdminAsync(0, "reports"));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_not_made()
    {
        Assert.Contains("there is no data folder", await AdminAsync(73, "reports"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["data"]));
    }

    private async Task<string> AdminAsync(int exitCode, params string[] words)
    {
        var result = await Tool.RunAsync(PasteurProcess.ProgramPath, ["admin", "--data", _folder["data"], .. words]);
        Assert.True(result.ExitCode == exitCode, $"{string.Join(' ', words)}: {result.ExitCode} {result.Text} {result.Errors}");
        return result.Text + result.Errors;
    }

    private static async Task<string> PasteAsync(PasteurProcess site, string text)
    {
        var answer = await site.Http.PostAsync("", new StringContent(text), Cancel);
        return (await answer.Content.ReadAsStringAsync(Cancel)).TrimEnd().Split('/')[^1];
    }
}
