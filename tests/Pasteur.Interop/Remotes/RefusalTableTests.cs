using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>
/// Every way in which a git daemon refuses: what it says stands in the log, in the health report and on the page of whoever
/// pasted, and the paste is still here.
/// </summary>
public sealed partial class RefusalTableTests : IDisposable
{
    private const string Repository = "r.git";

    private readonly TemporaryFolder _folder = new();

    /// <summary>What is wrong with the remote, and the words for it; where the end of the connection may overtake them, what is said then.</summary>
    public static TheoryData<string, string> Refusals => new()
    {
        { "read-only", "service not enabled" },
        { "unexported", "access denied or repository not exported" },
        { "missing", "no such repository" },
        { "pre-receive", "pre-receive hook declined; no pastes on <Sundays>" },
        { "update", "hook declined; no <pastes> today" },
        { "hidden branch", "deny updating a hidden ref" },
        { "branch hidden from pushes", "the remote shows no main to a push" },
        { "folder in the branch's place", "failed to update ref" },
        { "locked branch", "failed to update ref" },
        { "full disk", "the remote could not take the pack: unpack-objects abnormal exit" },
        { "unsound object", "the remote could not take the pack: unpack-objects abnormal exit; error: object " },
        { "too large", "pack exceeds maximum allowed size|the outcome of a push is unknown: the connection to the remote was lost" },
        { "checked out", "branch is currently checked out; use a bare repository, or run there: git config receive.denyCurrentBranch updateInstead" },
        { "away", "Connection refused" },
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_the_server_says_is_told(string refusal, string words)
    {
        bool Tells(string text) => words.Split('|').Any(way => text.Contains(way, StringComparison.Ordinal));
        await using var daemon = await StartAsync(refusal);
        using var disk = refusal == "full disk" ? new SmallDisk(daemon.Path(Repository), "6m") : null;
        await PrepareAsync(daemon, refusal);
        disk?.Fill(leave: 8192);
        await using var site = await PasteurProcess.ServeAsync("--data", _folder["data"], "--remote", daemon.Url(Repository), "--ack", "remote", "--pull-every", "1s");
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var first = PasteAsync(site, "first", hangUp.Token);

        await UntilAsync(async () => Tells(await ProblemAsync(site)), () => $"{words} in {string.Join('\n', site.Errors)}");
        var second = await PasteAsync(site, "second", Cancel);

        Assert.Equal(HttpStatusCode.GatewayTimeout, second.StatusCode);
        var page = await TextAsync(second);
        Assert.True(Tells(page), page);
        Assert.Contains(site.Errors, Tells);
        await AssertIsKeptAsync(site, page);
        await hangUp.CancelAsync();
        await first.ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    private static Task<GitDaemon> StartAsync(string refusal) => refusal switch
    {
        "read-only" => GitDaemon.StartAsync(readOnly: true),
        "unexported" => GitDaemon.StartTaciturnAsync(),
        _ => GitDaemon.StartAsync(),
    };

    private async Task PrepareAsync(GitDaemon daemon, string refusal)
    {
        if (refusal == "missing")
            return;
        if (refusal == "hidden branch")
            daemon.CreateEmpty(Repository);
        else
            daemon.CreateSeedling(Repository);
        switch (refusal)
        {
            case "pre-receive":
                daemon.AddHook(Repository, "pre-receive", "echo 'no pastes on <Sundays>' >&2; exit 1");
                break;
            case "update":
                daemon.AddHook(Repository, "update", "echo 'no <pastes> today' >&2; exit 1");
                break;
            case "hidden branch" or "branch hidden from pushes":
                daemon.Git(Repository, "config", "receive.hideRefs", "refs/heads/main");
                break;
            case "folder in the branch's place":
                daemon.Git(Repository, "branch", "-m", "main", "main/x");
                break;
            case "locked branch":
                await File.WriteAllTextAsync(Path.Combine(daemon.Path(Repository), "refs/heads/main.lock"), "", Cancel);
                break;
            case "unsound object":
                CommitLongAttributes();
                break;
            case "too large":
                daemon.Git(Repository, "config", "receive.maxInputSize", "10k");
                break;
            case "checked out":
                daemon.Git(Repository, "config", "core.bare", "false");
                daemon.Git(Repository, "config", "core.worktree", _folder.Path);
                break;
            case "away":
                await daemon.StopAsync();
                break;
        }
    }

    // The owner of the site has committed what `git fsck` takes for an attack: a line of .gitattributes that is too long.
    private void CommitLongAttributes()
    {
        var repository = Path.Combine(_folder["data"], "pastes.git");
        Directory.CreateDirectory(repository);
        StockGit.Run(repository, "init", "-q", "--bare", "-b", "main");
        var blob = StockGit.RunWithInput(repository, Encoding.ASCII.GetBytes(new string('x', 3000)), "hash-object", "-w", "--stdin");
        StockGit.Run(repository, "update-index", "--add", "--cacheinfo", $"100644,{Encoding.ASCII.GetString(blob).Trim()},.gitattributes");
        StockGit.Run(repository, "update-ref", "refs/heads/main", StockGit.Run(repository, "commit-tree", StockGit.Run(repository, "write-tree"), "-m", "attributes"));
    }

    private static async Task<HttpResponseMessage> PasteAsync(PasteurProcess site, string text, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "") { Content = new StringContent(text + RandomNumberGenerator.GetHexString(400_000)) };
        request.Headers.Accept.ParseAdd("text/html");
        return await site.Http.SendAsync(request, cancellationToken);
    }

    private static async Task<string> TextAsync(HttpResponseMessage answer)
    {
        var html = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.DoesNotContain("<Sundays>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<pastes>", html, StringComparison.Ordinal);
        Assert.Contains("may or may not be kept", html, StringComparison.Ordinal);
        return WebUtility.HtmlDecode(html);
    }

    private static async Task AssertIsKeptAsync(PasteurProcess site, string page)
    {
        var id = Address().Match(page).Groups[1].Value;
        Assert.StartsWith("second", await site.Http.GetStringAsync($"raw/{id}", Cancel), StringComparison.Ordinal);
    }

    [GeneratedRegex("its address is http[^ ]*/([0-9a-z]{10})")]
    private static partial Regex Address();

    private static async Task<string> ProblemAsync(PasteurProcess site)
    {
        using var health = JsonDocument.Parse(await site.Http.GetStringAsync("healthz", Cancel));
        return health.RootElement.GetProperty("remote").GetProperty("problem").GetString() ?? "";
    }

    private static async Task UntilAsync(Func<Task<bool>> holds, Func<string> what)
    {
        for (var tries = 0; !await holds(); tries++)
        {
            Assert.True(tries < 400, $"not within 20 s: {what()}");
            await Task.Delay(50, Cancel);
        }
    }
}
