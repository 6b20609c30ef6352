using System.Net.Http;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Browser;

/// <summary>What can be measured of the look: contrast and structure (axe), width, weight, size of targets.</summary>
[Collection(BrowserTests.Name)]
public sealed partial class LookTests(BrowserFixture browser)
{
    private const int MaxFormBytes = 15 * 1024;
    private const int MaxPasteBytes = 12 * 1024;
    private const int MaxColouredBytes = 40 * 1024;

    private static readonly string Axe = Path.Combine(SourceTree.Root, "web/node_modules/axe-core/axe.min.js");

    private static readonly string[] Pages = ["form", "refusal", "paste", "sealed", "passphrase", "unopened", "numbered", "files", "rendered", "rendered in secret", "error", "about", "api", "edit", "edit in secret", "delete", "revisions", "asks", "asks in secret", "opened", "opened in secret", "burnt", "diff", "diff in one column"];

    private static readonly byte[] Markdown = Encoding.UTF8.GetBytes(
        "# Notes\n\nSome *text*, [a link](https://a.example) and `code`.\n\n- [x] done\n- [ ] not yet\n\n> quoted\n\n| one | two |\n|---|---|\n| 1 | " +
        new string('2', 200) + " |\n\n```python\ndef f():  # " + new string('x', 200) + "\n    return \"s\"\n```\n");

    /// <summary>A small window and a large one, a light one and a dark one: no fault needs a particular pair.</summary>
    public static TheoryData<string, ColorScheme, int> Views =>
        new(Pages.Select(page => (page, ColorScheme.Light, 320)).Concat(Pages.Select(page => (page, ColorScheme.Dark, 1200))));

    [Theory]
    [MemberData(nameof(Views))]
    public async Task No_page_has_an_accessibility_fault_or_is_wider_than_the_window(string name, ColorScheme scheme, int width)
    {
        await using var visitor = await browser.ComeAsync(width: width, scheme: scheme);
        var page = visitor.Page;
        await OpenAsync(page, name);
        Assert.InRange(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 0, width);

        Assert.Empty(await FaultsAsync(page));
    }

    [Theory]
    [InlineData("form", MaxFormBytes, 4)]
    [InlineData("plain", MaxPasteBytes, 4)]
    [InlineData("paste", MaxColouredBytes, 7)]
    [InlineData("heaviest", MaxColouredBytes, 7)]
    public async Task A_page_weighs_little_with_all_that_it_loads(string name, int maxBytes, int maxAnswers)
    {
        await using var visitor = await browser.ComeAsync();
        var answers = new List<IResponse>();
        visitor.Page.Context.Response += (_, response) => answers.Add(response);
        await OpenAsync(visitor.Page, name);
        await visitor.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        if (maxBytes == MaxColouredBytes) await Assertions.Expect(visitor.Page.Locator(".hljs-keyword, .hljs-string").First).ToBeVisibleAsync();
        var bytes = 0;
        foreach (var answer in answers)
        {
            var sizes = await answer.Request.SizesAsync();
            bytes += sizes.ResponseHeadersSize + sizes.ResponseBodySize;
        }
        TestContext.Current.SendDiagnosticMessage("{0}: {1} bytes in {2} answers", name, bytes, answers.Count);
        Assert.InRange(answers.Count, 3, maxAnswers);
        Assert.InRange(bytes, 1, maxBytes);
    }

    [Fact]
    public async Task A_picture_is_shown_at_most_as_wide_as_the_window()
    {
        await using var visitor = await browser.ComeAsync(width: 320);
        await visitor.Page.GotoAsync("/");
        var base64 = await visitor.Page.EvaluateAsync<string>(
            "() => { const c = document.createElement('canvas'); c.width = 3000; c.height = 10; c.getContext('2d').fillRect(0, 0, 3000, 10); return c.toDataURL().split(',')[1]; }");
        await visitor.Page.GotoAsync(await browser.PasteAsync(("wide.png", Convert.FromBase64String(base64))));
        var shown = await visitor.Page.Locator("img").EvaluateAsync<int[]>("async i => { await i.decode(); return [i.naturalWidth, i.width, document.documentElement.scrollWidth]; }");
        Assert.Equal(3000, shown[0]);
        Assert.InRange(shown[1], 200, 320);
        Assert.InRange(shown[2], 0, 320);
    }

    [Fact]
    public async Task On_paper_only_the_paste_is_left()
    {
        await using var visitor = await browser.ComeAsync();
        await OpenAsync(visitor.Page, "numbered");
        await visitor.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await Assertions.Expect(visitor.Page.Locator("nav")).ToBeHiddenAsync();
        await Assertions.Expect(visitor.Page.Locator(".acts").First).ToBeHiddenAsync();
        await Assertions.Expect(visitor.Page.Locator("pre")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Nothing_moves_by_itself_for_whom_movement_disturbs()
    {
        await using var visitor = await browser.ComeAsync();
        await OpenAsync(visitor.Page, "numbered");
        await visitor.Page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.NoPreference });
        Assert.Equal("smooth", await ScrollingAsync(visitor.Page));
        await visitor.Page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        Assert.Equal("auto", await ScrollingAsync(visitor.Page));
        Assert.Equal(0, await visitor.Page.EvaluateAsync<int>("document.getAnimations().length"));
    }

    /// <summary>What axe finds wrong with a page.</summary>
    internal static async Task<string[]> FaultsAsync(IPage page)
    {
        await page.EvaluateAsync(await File.ReadAllTextAsync(Axe, TestContext.Current.CancellationToken));
        return await page.EvaluateAsync<string[]>(
            """
            async () => {
              const rules = { 'target-size': { enabled: true } };
              const { violations } = await axe.run(document, { rules });
              return violations.map(v => `${v.impact} ${v.id}: ${v.nodes.map(n => n.html).join(' | ')}`);
            }
            """);
    }

    /// <summary>The language whose grammar is the longest on the wire.</summary>
    private async Task<string> HeaviestLanguageAsync()
    {
        var form = await browser.Site.Http.GetStringAsync("", TestContext.Current.CancellationToken);
        var page = await browser.Site.Http.GetStringAsync(await browser.PasteAsync("a.txt", "x"), TestContext.Current.CancellationToken);
        var script = await browser.Site.Http.GetStringAsync(Script().Match(page).Value, TestContext.Current.CancellationToken);
        var folder = Folder().Match(script).Value;
        var weights = new Dictionary<string, long>();
        foreach (Match language in Option().Matches(form))
        {
            using var ask = new HttpRequestMessage(HttpMethod.Head, $"assets/{folder}/{language.Groups[1].Value}.js");
            ask.Headers.AcceptEncoding.ParseAdd("br");
            using var answer = await browser.Site.Http.SendAsync(ask, TestContext.Current.CancellationToken);
            if (answer.IsSuccessStatusCode) weights[language.Groups[1].Value] = answer.Content.Headers.ContentLength!.Value;
        }
        Assert.True(weights.Count > 180);
        return weights.MaxBy(weight => weight.Value).Key;
    }

    [GeneratedRegex("(?<=/)assets/paste\\.[^\"]+")]
    private static partial Regex Script();

    [GeneratedRegex("reading\\.[0-9a-f]+")]
    private static partial Regex Folder();

    [GeneratedRegex("<option value=\"([^\"]+)\"")]
    private static partial Regex Option();

    private static Task<string> ScrollingAsync(IPage page) => page.EvaluateAsync<string>("getComputedStyle(document.documentElement).scrollBehavior");

    private async Task OpenAsync(IPage page, string name)
    {
        switch (name)
        {
            case "refusal":
                await page.GotoAsync("/");
                // Past the check that the page does itself, to see what the server says.
                await page.EvaluateAsync("document.querySelector('[name=paste]').value = 'x'.repeat(70000); document.querySelector('form').submit()");
                await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
                break;
            case "sealed":
                await Sealing.PasteAsync(page, "let x = 1\n\u202E// turned\n", file: new FilePayload { Name = "b.bin", MimeType = "a/b", Buffer = [0, 1] });
                await page.GetByRole(AriaRole.Button, new() { Name = "Numbers" }).ClickAsync();
                break;
            case "rendered in secret":
                await Sealing.PasteAsync(page, "", file: Sealing.File("notes.md", Markdown));
                await page.GetByRole(AriaRole.Button, new() { Name = "Rendered" }).ClickAsync();
                await Assertions.Expect(page.Locator(".rendered table")).ToBeVisibleAsync();
                break;
            case "edit in secret":
                await Sealing.PasteAsync(page, "let x = 1\n", file: Sealing.File("notes.md", Markdown));
                await page.GetByRole(AriaRole.Link, new() { Name = "Edit" }).ClickAsync();
                await Assertions.Expect(page.Locator("#texts textarea")).ToHaveCountAsync(2);
                break;
            case "passphrase":
                await Sealing.PasteAsync(page, "x", passphrase: "y");
                await Assertions.Expect(page.GetByLabel("Passphrase")).ToBeVisibleAsync();
                break;
            case "unopened":
                var link = await Sealing.PasteAsync(page, "x");
                await page.GotoAsync("/about");
                await page.GotoAsync(link[..^3]);
                await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "The link is not complete" })).ToBeVisibleAsync();
                break;
            case "asks in secret":
                await BurningTests.PasteAsync(page, "x", "3");
                await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Open it" })).ToBeVisibleAsync();
                break;
            case "opened in secret":
                await BurningTests.PasteAsync(page, "let x = 1\n", "1");
                await page.GetByRole(AriaRole.Button, new() { Name = "Open it" }).ClickAsync();
                await Assertions.Expect(page.Locator(".opened pre")).ToBeVisibleAsync();
                break;
            case "asks" or "opened" or "burnt":
                await page.GotoAsync(await browser.PasteBurningAsync());
                if (name != "asks") await page.GetByRole(AriaRole.Button, new() { Name = "Open it" }).ClickAsync();
                if (name == "burnt") await page.GotoAsync(page.Url);
                await Assertions.Expect(name == "asks" ? page.GetByRole(AriaRole.Button, new() { Name = "Open it" }) : page.GetByText(name == "burnt" ? "Read and burnt" : "It is burnt now.")).ToBeVisibleAsync();
                break;
            default:
                await page.GotoAsync(await PathOfAsync(name));
                break;
        }
    }

    private async Task<string> PathOfAsync(string name) => name switch
    {
        "form" => "/",
        "paste" => await browser.PasteAsync("store.ml", "let () =\n  match Sys.argv with\n  | [| _; url |] -> serve url\n  | _ -> exit 64\n"),
        "plain" => await browser.PasteAsync("paste.txt", "hello"),
        "heaviest" => await browser.PasteAsync("paste.txt", "s = \"a\"\n") + "?hl=" + await HeaviestLanguageAsync(),
        "rendered" => await browser.PasteAsync(("notes.md", Markdown)) + "?rendered=true",
        "numbered" => await browser.PasteAsync("long.txt", string.Concat(Enumerable.Repeat("a line that is wider than a small window is, by far; \u202Eturned\u202C\n", 12))) + "?ln=true#L3-L5",
        "files" => await browser.PasteAsync(("ring.c", "int r;\n"u8.ToArray()), ("core.bin", [0, 1, 2])),
        "error" => "/nothinghere",
        "edit" => "/edit" + await browser.PasteTwiceAsync(),
        "delete" => "/delete" + await browser.PasteTwiceAsync(),
        "revisions" => "/revisions" + await browser.PasteTwiceAsync(),
        "diff" => "/diff" + await browser.PasteTwiceAsync() + "?from=1&to=2",
        "diff in one column" => "/diff" + await browser.PasteTwiceAsync() + "?from=1&to=2&view=unified",
        _ => "/" + name,
    };
}
