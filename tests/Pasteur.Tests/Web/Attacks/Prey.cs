using System.Text.RegularExpressions;

namespace Pasteur.Tests.Web.Attacks;

/// <summary>
/// What an attacker would change or open, with all that gives the right to: a paste and its owner's token, one that burns, and the session of whoever
/// runs the site.
/// </summary>
/// <param name="Code">Of a paste that stays.</param>
/// <param name="Burning">The code of one that is opened once. Its token is <paramref name="BurningToken"/>.</param>
/// <param name="Cookie">Of the administrator, and with it <paramref name="Proof"/>.</param>
/// <param name="Prefix">Of the paths below which the site is asked, by a proxy.</param>
internal sealed record Prey(TestSite Site, string Prefix, string Code, string Token, string Burning, string BurningToken, string Cookie, string Proof)
{
    private const string AdminToken = "canary-of-the-administrator";

    public static Task<TestSite> StartSiteAsync(params string[] arguments) => TestSite.StartAsync(["--admin-token", AdminToken, .. arguments]);

    public static async Task<Prey> PutAsync(TestSite site, string prefix = "")
    {
        var (code, token) = await PasteAsync(site, ("paste", "kept"));
        var (burning, burningToken) = await PasteAsync(site, ("paste", "unread"), ("burn", "1"));
        using var entering = new HttpRequestMessage(HttpMethod.Post, "/admin") { Content = new FormUrlEncodedContent([KeyValuePair.Create("token", AdminToken)]) };
        if (prefix.Length > 0) entering.Headers.Add("X-Forwarded-Prefix", prefix);
        using var entered = await site.Http.SendAsync(entering, TestSite.Token);
        var prey = new Prey(site, prefix, code, token, burning, burningToken, entered.Headers.GetValues("Set-Cookie").Single().Split(';')[0], "");
        return prey with { Proof = Regex.Match(await prey.ReadAsync("/admin"), "name=\"proof\" value=\"([0-9a-f]{64})\"").Groups[1].Value };
    }

    /// <summary>All that a request can change, as far as it is seen from outside, and how much there is in the store.</summary>
    public async Task<string> StateAsync()
    {
        var metrics = await Site.GetTextAsync("/metrics");
        var counts = Regex.Matches(metrics, "^pasteur_(creates_total|objects|journal_bytes) .*$", RegexOptions.Multiline).Select(match => match.Value);
        Assert.Equal(3, counts.Count());
        var read = new List<string>(counts);
        foreach (var path in (string[])[$"/api/v1/pastes/{Code}", $"/api/v1/pastes/{Code}/revisions", $"/raw/{Code}", $"/api/v1/pastes/{Burning}", "/admin"]) read.Add(await ReadAsync(path));
        return string.Join('\n', read);
    }

    private async Task<string> ReadAsync(string path)
    {
        using var answer = await Site.GetAsync(path, null, [("Cookie", Cookie), .. Prefix.Length > 0 ? [("X-Forwarded-Prefix", Prefix)] : Array.Empty<(string, string)>()]);
        return $"{path}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync(TestSite.Token)}";
    }

    private static async Task<(string Code, string Token)> PasteAsync(TestSite site, params (string, string)[] fields)
    {
        using var made = await site.PostFormAsync(fields);
        return (new Uri((await made.Content.ReadAsStringAsync(TestSite.Token)).TrimEnd()).AbsolutePath[1..], made.Headers.GetValues("X-Token").Single());
    }
}
