using System.Net;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>kill -9 at each step of an inbox's life, of the program and of the remote's git: hooks of the remote do it.</summary>
public sealed class InboxKillTests : IDisposable
{
    private const string Repository = "r.git";
    private const string Begun = "case $ref in refs/heads/inbox/check/*) false;; refs/heads/inbox/*) [ $old = $zero ];; *) false;; esac";
    private const string Pasted = "case $ref in refs/heads/inbox/check/*) false;; refs/heads/inbox/*) [ $old != $zero ] && [ $new != $zero ];; *) false;; esac";
    private const string Merged = "[ $ref = refs/heads/main ] && git rev-parse -q --verify $new^2 >/dev/null";
    private const string Deleted = "case $ref in refs/heads/inbox/check/*) false;; refs/heads/inbox/*) [ $new = $zero ];; *) false;; esac";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("update", Begun, true)]
    [InlineData("update", Begun, false)]
    [InlineData("post-receive", Begun, true)]
    [InlineData("update", Pasted, true)]
    [InlineData("post-receive", Pasted, true)]
    [InlineData("post-receive", Pasted, false)]
    [InlineData("update", Merged, true)]
    [InlineData("update", Merged, false)]
    [InlineData("post-receive", Merged, true)]
    [InlineData("post-receive", Merged, false)]
    [InlineData("update", Deleted, true)]
    [InlineData("update", Deleted, false)]
    [InlineData("post-receive", Deleted, true)]
    [InlineData("post-receive", Deleted, false)]
    public async Task Killed_at_any_step_nothing_is_lost_or_twice(string hook, string step, bool killsProgram)
    {
        await using var daemon = await GitDaemon.StartAsync();
        daemon.CreateSeedling(Repository);
        var (victim, armed) = (_folder["victim"], _folder["armed"]);
        var act = $"if {step}; then if rm {armed} 2>/dev/null; then kill -9 {(killsProgram ? $"$(cat {victim})" : "$PPID")}; fi; fi";
        daemon.AddHook(Repository, hook, $"zero={new string('0', 40)}\n" + (hook == "update" ? $"ref=$1 old=$2 new=$3\n{act}\nexit 0" : $"while read -r old new ref; do {act}; done"));
        var stored = new List<string>();
        var site = await ServeAsync(daemon, 8);
        try
        {
            await File.WriteAllTextAsync(victim, $"{site.Id}", Cancel);
            for (var n = 0; n < 5; n++) stored.Add(await PasteAsync(site, n) ?? throw new InvalidOperationException("a paste failed"));
            await File.WriteAllTextAsync(armed, "", Cancel);
            for (var n = 0; n < 60 && File.Exists(armed); n++)
            {
                if (await PasteAsync(site, n) is { } id) stored.Add(id);
                await Task.Delay(100, Cancel);
            }
            Assert.False(File.Exists(armed), "the step was never reached");
            if (killsProgram)
            {
                await site.WaitForExitAsync();
                await site.DisposeAsync();
                StockGit.Run(Path.Combine(_folder["data"], "pastes.git"), "fsck", "--strict", "--no-dangling");
                site = await ServeAsync(daemon, 8);
            }
            for (var n = 0; n < 12; n++) stored.Add(await PasteAsync(site, n) ?? throw new InvalidOperationException("a paste failed after the kill"));
            foreach (var id in stored) Assert.StartsWith("paste ", await site.Http.GetStringAsync($"raw/{id}", Cancel), StringComparison.Ordinal);
            await site.StopAsync();
            var before = string.Join('\n', site.Errors);
            await site.DisposeAsync();

            site = await ServeAsync(daemon, 0);
            for (var n = 0; daemon.Git(Repository, "for-each-ref", "refs/heads").Split('\n').Length > 1; n++)
            {
                Assert.True(n < 300, $"inboxes are left: {daemon.Git(Repository, "for-each-ref")}\n{StockGit.Run(Path.Combine(_folder["data"], "pastes.git"), "for-each-ref")}\n{before}\n{string.Join('\n', site.Errors)}");
                await Task.Delay(50, Cancel);
            }
            var paths = daemon.Git(Repository, "ls-tree", "-r", "--name-only", "main").Split('\n');
            foreach (var id in stored)
            {
                Assert.Equal(2, paths.Count(path => path.Contains($"/{id}/", StringComparison.Ordinal)));
                Assert.StartsWith("paste ", await site.Http.GetStringAsync($"raw/{id}", Cancel), StringComparison.Ordinal);
            }
            daemon.AssertSound(Repository);
            Assert.Equal(0, await site.StopAsync());
            StockGit.Run(Path.Combine(_folder["data"], "pastes.git"), "fsck", "--strict", "--no-dangling");
        }
        finally
        {
            await site.DisposeAsync();
        }
    }

    private Task<PasteurProcess> ServeAsync(GitDaemon daemon, int above) =>
        PasteurProcess.ServeAsync("--data", _folder["data"], "--remote", daemon.Url(Repository), "--inbox-above", $"{above}", "--pull-every", "1s", "--log-level", "debug");

    // Null: it was not answered.
    private static async Task<string?> PasteAsync(PasteurProcess site, int number)
    {
        try
        {
            using var body = new StringContent($"paste {number} {Guid.NewGuid()}");
            using var answer = await site.Http.PostAsync("", body, Cancel);
            var link = await answer.Content.ReadAsStringAsync(Cancel);
            return answer.StatusCode == HttpStatusCode.OK ? link.TrimEnd().Split('/')[^1] : null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return null;
        }
    }
}
