using System.Net;
using System.Net.Http;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Pasteur.Interop.Browser;

/// <summary>
/// Attacks by script, in every field that somebody else may write, looked at in a real browser with a canary that must not sing. A visitor
/// complains about breaches of the pages' policy too: so markup that came through and was only stopped by the policy fails a test as well.
/// </summary>
[Collection(BrowserTests.Name)]
public sealed class CanaryTests(BrowserFixture browser)
{
    private static readonly string[] Attacks =
    [
        "<script>canary()</script>",
        "\"><script>canary()</script>",
        "'><img src=x onerror=canary()>",
        "<svg/onload=canary()>",
        "</pre></textarea></title></style></script><script>canary()</script>",
        "<!--><script>canary()</script>-->",
        "\" onmouseover=canary() onfocus=canary() autofocus=\"",
        "javascript:canary()",
        "<iframe srcdoc=\"<script>parent.canary()</script>\">",
        "<math><mtext></form><form><mglyph><style></math><img src onerror=canary()>",
        "<base href=//evil.example/><link rel=stylesheet href=//evil.example/x.css>",
        "<meta http-equiv=refresh content=\"0;url=javascript:canary()\">",
        "{{constructor.constructor('canary()')()}}${canary()}<%=canary()%>",
        "\u2028canary()//\u202E<x\u0000>\r\nSet-Cookie: canary=1",
        "<form action=javascript:canary()><button formaction=javascript:canary()>",
        "<a href=\"data:text/html,<script>canary()</script>\">x</a>",
    ];

    /// <summary>Without NUL: with it a text would be bytes and not be shown, and an address would be refused before anything looks at it.</summary>
    private static readonly string[] Texts = [.. Attacks.Select(attack => attack.Replace("\0", "", StringComparison.Ordinal))];

    private static readonly string All = string.Join('\n', Texts);

    [Fact]
    public async Task Texts_names_authors_and_comments()
    {
        await using var visitor = await ComeAsync();
        foreach (var attack in Attacks)
        {
            using var form = new MultipartFormDataContent
            {
                { new StringContent(All), "paste" },
                { new StringContent(attack), "user" },
                { new StringContent(attack), "comment" },
                { new StringContent(attack), "hl" },
            };
            var file = new ByteArrayContent(Encoding.UTF8.GetBytes(All));
            file.Headers.TryAddWithoutValidation("Content-Disposition", "form-data; name=file; filename=\"" + attack.ReplaceLineEndings("").Replace("\"", "%22", StringComparison.Ordinal) + "\"");
            form.Add(file);
            if (await PostAsync(form) is { } paste)
                await LookAtAsync(visitor.Page, paste);
        }
    }

    [Theory]
    [InlineData("a.svg", "<svg xmlns='http://www.w3.org/2000/svg' onload='canary()'><script>canary()</script></svg>")]
    [InlineData("a.html", "<!doctype html><script>canary()</script><img src=x onerror=canary()>")]
    [InlineData("a.xml", "<?xml version='1.0'?><x xmlns='http://www.w3.org/1999/xhtml'><script>canary()</script></x>")]
    [InlineData("a.js", "canary()")]
    [InlineData("a.png", "GIF89a/*<script>canary()</script>*/=canary()")]
    [InlineData("a.pdf", "%PDF-1.4 <script>canary()</script>")]
    public async Task Files_that_browsers_run(string name, string content)
    {
        await using var visitor = await ComeAsync();
        await LookAtAsync(visitor.Page, await browser.PasteAsync(name, content));
        await LookAtAsync(visitor.Page, await browser.PasteAsync((name, Encoding.UTF8.GetBytes(content)), ("b.txt", "b"u8.ToArray())));
    }

    [Fact]
    public async Task Markdown_plain_and_encrypted()
    {
        var text = All + "\n\n" + string.Join("\n\n", Texts.Select(attack => $"[{attack}]({attack} \"{attack}\") ![{attack}]({attack})\n\n```{attack}\n{attack}\n```\n\n# {attack}\n\n| {attack} |\n|---|\n| {attack} |\n\n<{attack}>\n\n[{attack}]: {attack}"));
        await using var visitor = await ComeAsync();
        var page = visitor.Page;
        await page.GotoAsync(await browser.PasteAsync("a.md", text) + "?rendered=true");
        await Expect(page.Locator(".rendered")).ToContainTextAsync("<script>canary()</script>");
        await TouchAsync(page);
        await Sealing.PasteAsync(page, "", file: Sealing.File("a.md", Encoding.UTF8.GetBytes(text)));
        await page.GetByRole(AriaRole.Button, new() { Name = "Rendered" }).ClickAsync();
        await Expect(page.Locator(".rendered")).ToContainTextAsync("<script>canary()</script>");
        await TouchAsync(page);
    }

    [Fact]
    public async Task What_is_inside_an_envelope()
    {
        await using var visitor = await ComeAsync();
        var files = Attacks.Select((attack, i) => Sealing.File(i % 2 == 0 ? attack : attack + ".svg", Encoding.UTF8.GetBytes(All))).ToArray();
        await Sealing.PasteAsync(visitor.Page, All, "", files);
        await TouchAsync(visitor.Page);
        await Sealing.PasteAsync(visitor.Page, All);
        await TouchAsync(visitor.Page);
    }

    [Fact]
    public async Task Addresses_ids_and_queries()
    {
        await using var visitor = await ComeAsync();
        var page = visitor.Page;
        var paste = await browser.PasteAsync("a.txt", "text");
        foreach (var attack in Texts)
        {
            var encoded = Uri.EscapeDataString(attack);
            string[] addresses =
            [
                "/" + encoded, "/raw/" + encoded, "/documents/" + encoded, "/assets/" + encoded, paste + "/" + encoded, paste + "." + encoded,
                $"{paste}?hl={encoded}&ln={encoded}", $"/?from={encoded}", $"{paste}#{attack}", $"{paste}?ln=true#L1{attack}",
            ];
            foreach (var address in addresses)
            {
                if (await IsShownAsync(page, address))
                    await TouchAsync(page);
            }
        }
    }

    [Fact]
    public async Task Pastes_through_JSON_and_haste()
    {
        await using var visitor = await ComeAsync();
        foreach (var attack in Attacks)
        {
            var json = JsonSerializer.Serialize(new { files = new[] { new { name = attack, content = All } }, author = attack, comment = attack, language = attack });
            var answer = await browser.Site.Http.PostAsync("api/v1/pastes", new StringContent(json, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
            if (!answer.IsSuccessStatusCode) continue;
            using var made = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            await LookAtAsync(visitor.Page, "/" + made.RootElement.GetProperty("code").GetString());
        }
        var haste = await browser.Site.Http.PostAsync("documents", new StringContent(All), TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(await haste.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        await LookAtAsync(visitor.Page, $"/{document.RootElement.GetProperty("key").GetString()}");
        await visitor.Page.GotoAsync($"/documents/{document.RootElement.GetProperty("key").GetString()}");
    }

    private async Task<Visitor> ComeAsync()
    {
        var visitor = await browser.ComeAsync();
        await visitor.Page.Context.ExposeFunctionAsync("canary", () => throw new InvalidOperationException("the canary sang"));
        // What it throws reaches the page, whose errors the visitor counts; where no page listens any more, the console does.
        await visitor.Page.AddInitScriptAsync("const sing = window.canary; window.canary = () => { alert('canary'); sing(); };");
        return visitor;
    }

    /// <summary>The path of the paste; null when the site refuses to take it.</summary>
    private async Task<string?> PostAsync(HttpContent form)
    {
        var answer = await browser.Site.Http.PostAsync("", form, TestContext.Current.CancellationToken);
        if (answer.StatusCode == HttpStatusCode.BadRequest) return null;
        return new Uri((await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Trim()).AbsolutePath;
    }

    /// <summary>The page in all its ways, every file, and the form with the paste in it.</summary>
    private static async Task LookAtAsync(IPage page, string paste)
    {
        foreach (var view in new[] { "", "?ln=true", "?rendered=true" })
        {
            if (await IsShownAsync(page, paste + view))
                await TouchAsync(page);
        }
        var links = await page.EvaluateAsync<string[]>("[...document.querySelectorAll('.acts a')].map(a => a.href).filter(h => !h.includes('download') && !h.endsWith('.zip'))");
        foreach (var link in links.Distinct())
        {
            if (await IsShownAsync(page, link))
                await TouchAsync(page);
        }
    }

    private static async Task<bool> IsShownAsync(IPage page, string address)
    {
        try
        {
            await page.GotoAsync(address);
            return true;
        }
        catch (PlaywrightException nothing) when (nothing.Message.Contains("Download is starting", StringComparison.Ordinal))
        {
            // Bytes that no browser shows.
            return false;
        }
    }

    /// <summary>Moves over and focuses whatever can be: some attacks wait for that.</summary>
    private static async Task TouchAsync(IPage page) => await page.EvaluateAsync(
        "() => { for (const e of document.querySelectorAll('*')) { e.dispatchEvent(new MouseEvent('mouseover', { bubbles: true })); e.focus?.(); } }");
}
