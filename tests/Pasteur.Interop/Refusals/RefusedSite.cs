using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Refusals;

/// <summary>The program before a remote that refuses what it brings, and people who paste there, each with a client of another kind.</summary>
internal sealed partial class RefusedSite(Refusal refusal) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly string[] s_forms = ["text/html", "application/json", "text/plain"];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public string Data => _folder["data"];

    public void Dispose() => _folder.Dispose();

    /// <summary>The health report, the log and every form of the answer say what the remote says, no secret is among it, and the paste is here.</summary>
    public async Task AssertAllIsToldAsync()
    {
        await using var site = await PasteurProcess.ServeAsync(["--data", Data, "--ack", "remote", "--pull-every", "1s", .. refusal.Arguments]);
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var first = PasteAsync(site, "text/html", hangUp.Token);
        await UntilHealthTellsAsync(site);

        var told = await Task.WhenAll(s_forms.Select(form => AnswerAsync(site, form)));

        foreach (var text in told)
        {
            Assert.True(refusal.IsToldIn(text), $"not \"{refusal.Words}\" but: {text}");
            Assert.Contains("may or may not be kept", text, StringComparison.Ordinal);
            var id = Address().Match(text).Groups[1].Value;
            Assert.StartsWith("refused ", await site.Http.GetStringAsync($"raw/{id}", Cancel), StringComparison.Ordinal);
        }
        Assert.Contains(site.Errors, refusal.IsToldIn);
        var shown = await site.Http.GetStringAsync("healthz", Cancel) + await site.Http.GetStringAsync("metrics", Cancel);
        Assert.DoesNotContain(refusal.Secret, string.Join('\n', [shown, .. told, .. site.Errors, .. site.Output]), StringComparison.OrdinalIgnoreCase);
        await hangUp.CancelAsync();
        await first.ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    private async Task UntilHealthTellsAsync(PasteurProcess site)
    {
        for (var since = TimeProvider.System.GetTimestamp(); ;)
        {
            using var health = JsonDocument.Parse(await site.Http.GetStringAsync("healthz", Cancel));
            var problem = health.RootElement.GetProperty("remote").GetProperty("problem").GetString();
            if (problem is not null && refusal.IsToldIn(problem))
                return;
            Assert.True(TimeProvider.System.GetElapsedTime(since) < s_patience, $"health does not say \"{refusal.Words}\" but: {problem}\n{string.Join('\n', site.Errors)}");
            await Task.Delay(100, Cancel);
        }
    }

    // As a person reads it.
    private static async Task<string> AnswerAsync(PasteurProcess site, string form)
    {
        var answer = await PasteAsync(site, form, Cancel);
        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        if (form == "text/html")
        {
            Assert.DoesNotContain(Refusal.Markup, text, StringComparison.Ordinal);
            return WebUtility.HtmlDecode(Markings().Replace(text, ""));
        }
        if (form == "text/plain")
            return text;
        using var problem = JsonDocument.Parse(text);
        return problem.RootElement.GetProperty("detail").GetString() ?? "";
    }

    private static async Task<HttpResponseMessage> PasteAsync(PasteurProcess site, string form, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "") { Content = new StringContent("refused " + RandomNumberGenerator.GetHexString(400_000)) };
        request.Headers.Accept.ParseAdd(form);
        return await site.Http.SendAsync(request, cancellationToken);
    }

    // The paste itself, and all that is no text.
    [GeneratedRegex("<textarea.*?</textarea>|<select.*?</select>|<[^>]*>", RegexOptions.Singleline)]
    private static partial Regex Markings();

    [GeneratedRegex("its address is http[^ ]*/([0-9a-z]{10})")]
    private static partial Regex Address();
}
