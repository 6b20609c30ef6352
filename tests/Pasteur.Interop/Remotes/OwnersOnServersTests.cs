using System.Collections.Concurrent;
using System.Net;
using System.Net.Http;
using System.Text.Json;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>Edits and deletions with several servers on one remote, and with one that is killed; stock git says what came of it.</summary>
public sealed class OwnersOnServersTests : IDisposable
{
    private const string Repository = "r.git";
    private const int Sigkill = 9;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Edits_of_one_paste_on_two_servers_at_once_are_all_revisions_and_git_shows_each()
    {
        await using var daemon = await GitDaemon.StartAsync();
        daemon.MakeSeedling(Repository);
        await using var one = await StartAsync(daemon, "one", "local");
        await using var two = await StartAsync(daemon, "two", "remote");
        var (id, token) = await PasteAsync(one, "begun");
        await UntilAsync(async () => (await two.GetAsync($"raw/{id}")).StatusCode == HttpStatusCode.OK, "the paste on the other server");

        var written = new ConcurrentBag<string>();
        await Task.WhenAll(new[] { one, two }.Select(site => Task.Run(async () =>
        {
            for (var n = 0; n < 10; n++)
            {
                var text = $"{(site == one ? "one" : "two")} {n}";
                if (await EditAsync(site, id, token, text) == HttpStatusCode.OK) written.Add(text);
            }
        }, Cancel)));

        Assert.Equal(20, written.Count);
        await UntilAsync(async () => await TextsAsync(one, id) is { Count: 21 } texts && texts.SequenceEqual(await TextsAsync(two, id)), "the same 21 revisions on both");
        var texts = await TextsAsync(one, id);
        Assert.Equal(written.Append("begun").Order(), texts.Order());
        Assert.Equal("begun", texts[0]);
        await UntilAsync(async () => (await one.Http.GetStringAsync("healthz", Cancel)).Contains("\"backlog\": 0", StringComparison.Ordinal), "no backlog");

        var clone = _folder["clone"];
        StockGit.Run(_folder.Path, "clone", "-q", daemon.Path(Repository), clone);
        var path = $"{id[0]}/{id[1]}/{id[2]}/{id}/paste.txt";
        var seen = StockGit.Run(clone, "log", "--follow", "--reverse", "--format=%H", "--", path).Split('\n').Select(commit => StockGit.Run(clone, "show", $"{commit}:{path}"));
        Assert.Equal(texts, seen);
        Assert.Equal(texts[^1], await File.ReadAllTextAsync(Path.Combine(clone, path), Cancel));
        daemon.AssertSound(Repository);
    }

    [Fact]
    public async Task Deleted_on_one_server_while_it_is_edited_on_the_other_it_is_gone_on_both()
    {
        await using var daemon = await GitDaemon.StartAsync();
        daemon.MakeSeedling(Repository);
        await using var one = await StartAsync(daemon, "one", "local");
        await using var two = await StartAsync(daemon, "two", "local");
        for (var round = 0; round < 5; round++)
        {
            var (id, token) = await PasteAsync(one, "begun");
            await UntilAsync(async () => (await two.GetAsync($"raw/{id}")).StatusCode == HttpStatusCode.OK, "the paste on the other server");

            var edits = Task.WhenAll(Enumerable.Range(0, 3).Select(n => EditAsync(two, id, token, $"edit {n}")));
            Assert.Equal(HttpStatusCode.OK, await DeleteAsync(one, id, token));
            await edits;

            await UntilAsync(async () => (await one.GetAsync(id)).StatusCode == HttpStatusCode.NotFound && (await two.GetAsync(id)).StatusCode == HttpStatusCode.NotFound, "its end on both");
            await UntilAsync(() => Task.FromResult(daemon.Git(Repository, "ls-tree", "-r", "--name-only", "main").Split('\n').All(name => !name.Contains(id, StringComparison.Ordinal))), "its end on the remote");
        }
        daemon.AssertSound(Repository);
    }

    [Fact]
    public async Task Killed_at_any_moment_each_paste_is_at_an_edit_that_was_answered_or_at_the_next_one()
    {
        var answered = new ConcurrentDictionary<string, (string Token, int Edit, bool IsDeleted)>();
        for (var kill = 0; kill < 5; kill++)
        {
            await using var site = await PasteurProcess.ServeAsync("--data", _folder["data"]);
            await AssertAllAsync(site, answered);
            var writers = Enumerable.Range(0, 16).Select(_ => Task.Run(() => WriteAsync(site, answered), Cancel)).ToArray();
            await Task.Delay(Random.Shared.Next(200, 900), Cancel);
            site.Signal(Sigkill);
            await Task.WhenAll(writers);
            await site.WaitForExitAsync();
            StockGit.Run(Path.Combine(_folder["data"], "pastes.git"), "fsck", "--strict", "--no-dangling");
        }
        Assert.True(answered.Values.Sum(paste => paste.Edit) > 50, "too few edits to prove anything");
        await using var last = await PasteurProcess.ServeAsync("--data", _folder["data"]);
        await AssertAllAsync(last, answered);
    }

    private static async Task AssertAllAsync(PasteurProcess site, ConcurrentDictionary<string, (string Token, int Edit, bool IsDeleted)> answered)
    {
        foreach (var (id, (token, edit, isDeleted)) in answered)
        {
            var answer = await site.GetAsync($"raw/{id}");
            if (isDeleted)
            {
                Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
                continue;
            }
            if (answer.StatusCode == HttpStatusCode.NotFound)
            {
                // Its deletion was on the way.
                Assert.Equal(8, edit);
                answered[id] = (token, edit, true);
                continue;
            }
            var shown = int.Parse(await answer.Content.ReadAsStringAsync(Cancel), System.Globalization.CultureInfo.InvariantCulture);
            Assert.InRange(shown, edit, edit + 1);
            answered[id] = (token, shown, false);
            Assert.Equal(Enumerable.Range(0, shown + 1).Select(n => $"{n}"), await TextsAsync(site, id));
        }
    }

    private static async Task WriteAsync(PasteurProcess site, ConcurrentDictionary<string, (string Token, int Edit, bool IsDeleted)> answered)
    {
        try
        {
            while (true)
            {
                var (id, token) = await PasteAsync(site, "0");
                answered[id] = (token, 0, false);
                for (var edit = 1; edit <= 8; edit++)
                {
                    Assert.Equal(HttpStatusCode.OK, await EditAsync(site, id, token, $"{edit}"));
                    answered[id] = (token, edit, false);
                }
                if (Random.Shared.Next(2) == 0) continue;
                Assert.Equal(HttpStatusCode.OK, await DeleteAsync(site, id, token));
                answered[id] = (token, 8, true);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // The program was killed: what was not answered was not promised.
            return;
        }
    }

    private Task<PasteurProcess> StartAsync(GitDaemon daemon, string name, string ack) =>
        PasteurProcess.ServeAsync("--remote", daemon.Url(Repository), "--data", _folder[name], "--ack", ack, "--pull-every", "1s");

    private static async Task<(string Id, string Token)> PasteAsync(PasteurProcess site, string text)
    {
        using var body = new StringContent(text);
        using var answer = await site.Http.PostAsync("", body, Cancel);
        var link = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (link.TrimEnd().Split('/')[^1], answer.Headers.GetValues("X-Token").Single());
    }

    private static async Task<HttpStatusCode> EditAsync(PasteurProcess site, string id, string token, string text)
    {
        using var body = new FormUrlEncodedContent([new("token", token), new("paste", text)]);
        using var answer = await site.Http.PostAsync($"edit/{id}", body, Cancel);
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> DeleteAsync(PasteurProcess site, string id, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, id);
        request.Headers.Add("X-Token", token);
        using var answer = await site.Http.SendAsync(request, Cancel);
        return answer.StatusCode;
    }

    private static async Task<List<string>> TextsAsync(PasteurProcess site, string id)
    {
        using var json = JsonDocument.Parse(await site.Http.GetStringAsync($"api/v1/pastes/{id}", Cancel));
        var texts = new List<string>();
        for (var n = 1; n <= json.RootElement.GetProperty("revision").GetInt32(); n++) texts.Add(await site.Http.GetStringAsync($"raw/{id}@{n}", Cancel));
        return texts;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        for (var tries = 0; !await condition(); tries++)
        {
            Assert.True(tries < 150, $"{what} did not come about in 30 s");
            await Task.Delay(200, Cancel);
        }
    }
}
