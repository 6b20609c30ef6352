using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using Pasteur.Interop.Support;
using Pasteur.Pastes;
using Pasteur.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Pasteur.Interop.Browser;

/// <summary>The page of an encrypted paste: opens what it should, and says what is wrong with all else.</summary>
[Collection(BrowserTests.Name)]
public sealed class OpeningTests(BrowserFixture browser)
{
    private static readonly string Attack = "</pre></template><script>window.hit=1</script><img src=x onerror=window.hit=1><svg onload=window.hit=1>";

    private static readonly Dictionary<string, string> Headings = new()
    {
        ["none"] = "This is no encrypted paste",
        ["newer"] = "Made by a newer Pasteur",
        ["cut"] = "Part of the paste is missing",
        ["key"] = "The link is not complete",
        ["passphrase"] = "This paste has a passphrase",
        ["sealed"] = "It does not open",
        ["content"] = "This paste was made wrongly",
    };

    [Fact]
    public async Task Every_vector_of_the_format_opens_or_fails_as_documented()
    {
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        var address = (await Sealing.PasteAsync(page, "x")).Split('#')[0];
        byte[] envelope = [];
        await page.RouteAsync("**/raw/*", route => route.FulfillAsync(new() { BodyBytes = envelope, ContentType = "application/octet-stream" }));
        var vectors = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "docs/formats/envelope-vectors.json"), TestContext.Current.CancellationToken)).RootElement;
        Assert.True(vectors.GetArrayLength() > 80);
        foreach (var vector in vectors.EnumerateArray())
        {
            envelope = Convert.FromHexString(vector.GetProperty("envelope").GetString()!);
            await page.GotoAsync("about:blank");
            await page.GotoAsync($"{address}#{vector.GetProperty("key").GetString()}");
            if (vector.GetProperty("passphrase").GetString() is { } passphrase && await AsksAsync(page))
            {
                await page.GetByLabel("Passphrase").FillAsync(passphrase);
                await page.GetByRole(AriaRole.Button, new() { Name = "Open" }).ClickAsync();
            }
            await AssertShownAsync(page, vector);
        }
    }

    [Fact]
    public async Task Several_files_are_shown_with_names_and_each_can_be_taken_away_exactly()
    {
        byte[] binary = [0, 1, 2, 255];
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await Sealing.PasteAsync(page, "", file: [Sealing.File("a.c", "int a;\r\n"u8.ToArray()), Sealing.File("core.bin", binary), Sealing.File("dot.png", await PngAsync(page))]);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("3 files");
        await Expect(page.Locator("#F1 h2")).ToHaveTextAsync("a.c");
        Assert.Equal("int a;\r\n", await page.Locator("#F1 pre").TextContentAsync());
        await Expect(page.Locator("#F2")).ToContainTextAsync("binary, 4 B");
        Assert.Equal(7, await page.Locator("#F3 img").EvaluateAsync<int>("async i => { await i.decode(); return i.naturalWidth; }"));
        var saved = await page.RunAndWaitForDownloadAsync(() => page.Locator("#F2").GetByRole(AriaRole.Link, new() { Name = "Download", Exact = true }).ClickAsync());
        Assert.Equal("core.bin", saved.SuggestedFilename);
        Assert.Equal(binary, await File.ReadAllBytesAsync(await saved.PathAsync(), TestContext.Current.CancellationToken));
        var raw = await page.Context.RunAndWaitForPageAsync(() => page.Locator("#F1").GetByRole(AriaRole.Link, new() { Name = "Raw" }).ClickAsync());
        await Expect(raw.Locator("body")).ToHaveTextAsync("int a;");
        Assert.Equal("text/plain", await raw.EvaluateAsync<string>("document.contentType"));
    }

    [Fact]
    public async Task Scripts_in_names_and_contents_never_run()
    {
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        var bytes = Encoding.UTF8.GetBytes(Attack);
        await Sealing.PasteAsync(page, Attack, file: [Sealing.File(Attack.Replace('/', '-') + ".html", bytes), Sealing.File("x.svg", bytes)]);
        await Expect(page.Locator("#F2 h2")).ToHaveTextAsync(Attack.Replace('/', '-') + ".html");
        Assert.Equal(Attack, await page.Locator("#F3 pre").TextContentAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Numbers" }).ClickAsync();
        Assert.False(await page.EvaluateAsync<bool>("'hit' in window"));
        foreach (var section in new[] { "#F2", "#F3" })
        {
            var raw = await page.Context.RunAndWaitForPageAsync(() => page.Locator(section).GetByRole(AriaRole.Link, new() { Name = "Raw" }).ClickAsync());
            await Expect(raw.Locator("body")).ToContainTextAsync("<script>");
            Assert.Equal("text/plain", await raw.EvaluateAsync<string>("document.contentType"));
            Assert.False(await raw.EvaluateAsync<bool>("'hit' in window"));
        }
    }

    [Fact]
    public async Task Lines_are_chosen_and_linked_with_the_key()
    {
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        var lines = string.Concat(Enumerable.Range(1, 300).Select(n => $"line {n}\n"));
        var link = await Sealing.PasteAsync(page, "first\n", file: [Sealing.File("b.txt", Encoding.UTF8.GetBytes(lines))]);
        await page.GetByRole(AriaRole.Button, new() { Name = "Numbers" }).ClickAsync();
        var second = page.Locator("#F2");
        await second.GetByRole(AriaRole.Link, new() { Name = "14", Exact = true }).ClickAsync();
        Assert.Equal(link + ".f2L14", page.Url);
        await second.GetByRole(AriaRole.Link, new() { Name = "10", Exact = true }).ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        Assert.Equal(link + ".f2L10-L14", page.Url);
        await Expect(page.Locator(".on")).ToHaveCountAsync(5);
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy link" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Copied" })).ToBeVisibleAsync();
        Assert.Equal(link + ".f2L10-L14", await page.EvaluateAsync<string>("navigator.clipboard.readText()"));

        await page.GotoAsync("/about");
        await page.GotoAsync(link + ".f2L200-L203");
        await Expect(page.Locator(".on")).ToHaveCountAsync(4);
        await Expect(page.Locator("#F2L200")).ToBeInViewportAsync();
    }

    [Fact]
    public async Task A_long_text_gets_its_numbers_piece_by_piece_and_can_be_drawn_anew_meanwhile()
    {
        var text = string.Concat(Enumerable.Repeat("a line\n", 5500));
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        // Typed line by line, as a filled text area takes it, it would last longer than the test has patience.
        var link = await Sealing.PasteAsync(page, "", file: Sealing.File("long.txt", Encoding.UTF8.GetBytes(text)));
        // Three clicks without a pause between them.
        await page.EvaluateAsync(
            "async () => { const button = [...document.querySelectorAll('.acts button')].find(b => b.textContent === 'Numbers'); for (let i = 0; i < 3; i++) { button.click(); await null; await null; await null; } }");
        await Expect(page.Locator(".numbered > span")).ToHaveCountAsync(5500);
        await Expect(page.Locator("#L5500")).ToHaveTextAsync("5500a line");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Plain" })).ToBeVisibleAsync();
        await page.GotoAsync("about:blank");
        await page.GotoAsync(link + ".L5400-L5402");
        await Expect(page.Locator("#L5400")).ToBeInViewportAsync();
        await Expect(page.Locator(".on")).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task Another_key_in_the_address_is_tried_at_once()
    {
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        var link = await Sealing.PasteAsync(page, "x");
        await page.EvaluateAsync("location.hash = location.hash.slice(0, -1)");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "The link is not complete" })).ToBeVisibleAsync();
        await page.GotoAsync(link);
        await Expect(page.Locator("pre")).ToHaveTextAsync("x");
    }

    [Fact]
    public async Task An_encrypted_paste_is_the_start_of_a_new_one_without_being_sent()
    {
        const string text = "canary\n</textarea><b>";
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        var code = new Uri(await Sealing.PasteAsync(page, text)).AbsolutePath[1..];
        var form = await page.Context.RunAndWaitForPageAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Use as new" }).ClickAsync());
        await Expect(form.GetByLabel("Your paste")).ToHaveValueAsync(text);
        await Expect(form.GetByLabel("Encrypt")).ToBeCheckedAsync();
        await form.GetByRole(AriaRole.Button, new() { Name = "Paste", Exact = true }).ClickAsync();
        await Expect(form.GetByText("made from")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await Expect(form.GetByRole(AriaRole.Link, new() { Name = code, Exact = true })).ToBeVisibleAsync();
        Assert.DoesNotContain("canary", visitor.Sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_arrive_is_said()
    {
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await Sealing.PasteAsync(page, "x");
        await page.RouteAsync("**/raw/*", route => route.AbortAsync());
        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "The paste did not arrive" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Pastes_of_the_OCaml_Pasteur_open_with_their_old_links()
    {
        const string key = OldRepository.Key;
        using var folder = new TemporaryFolder();
        await using var site = await PasteurProcess.ServeAsync("--no-data", "--remote", OldRepository.Make(folder));
        await using var visitor = await browser.ComeAsync(site: site.Http.BaseAddress);
        var page = visitor.Page;
        await page.GotoAsync("/aZ3?ln=true&hl=ocaml#" + key);
        await Expect(page.Locator("#L1")).ToHaveTextAsync("1hello, world");
        await Expect(page.Locator("#language")).ToHaveTextAsync("OCaml");
        await page.GotoAsync("about:blank");
        await page.GotoAsync("/aZ3#" + key[..40]);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = Headings["key"] })).ToBeVisibleAsync();
        Assert.DoesNotContain(key[..12], visitor.Sent + string.Join('\n', site.Output.Concat(site.Errors)), StringComparison.Ordinal);
    }

    private static async Task AssertShownAsync(IPage page, JsonElement vector)
    {
        var name = vector.GetProperty("name").GetString();
        if (vector.TryGetProperty("fails", out var fails))
        {
            await Expect(page.Locator("#sealed h2")).ToHaveTextAsync(Headings[fails.GetString()!]);
            await Expect(page.Locator("pre")).ToHaveCountAsync(0);
            return;
        }
        await Expect(page.Locator(".opened")).ToBeVisibleAsync();
        var files = vector.GetProperty("files");
        await Expect(page.Locator(".file")).ToHaveCountAsync(files.GetArrayLength());
        foreach (var (i, file) in files.EnumerateArray().Index())
        {
            var bytes = Convert.FromHexString(file.GetProperty("bytes").GetString()!);
            var text = page.Locator($"#F{i + 1} pre");
            if (await text.CountAsync() == 0)
                Assert.NotEqual("text/plain", MediaTypes.Of(bytes));
            else
                Assert.Equal(Encoding.UTF8.GetString(bytes), await text.TextContentAsync());
        }
    }

    /// <summary>Whether the page comes to ask for the passphrase: it has failed or opened otherwise.</summary>
    private static async Task<bool> AsksAsync(IPage page)
    {
        await Expect(page.Locator("#sealed h2, .opened").First).Not.ToHaveTextAsync("Opening…");
        return await page.GetByLabel("Passphrase").IsVisibleAsync();
    }

    private static async Task<byte[]> PngAsync(IPage page)
    {
        await page.GotoAsync("/");
        return Convert.FromBase64String(await page.EvaluateAsync<string>(
            "() => { const c = document.createElement('canvas'); c.width = 7; c.height = 7; return c.toDataURL().split(',')[1]; }"));
    }
}
