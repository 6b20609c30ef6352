using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Pasteur.Interop.Browser;

/// <summary>What somebody typed is not lost, and no longer kept than it should be.</summary>
[Collection(BrowserTests.Name)]
public sealed class DraftTests(BrowserFixture browser)
{
    private const string Text = "half a <thought>\n\tand é";

    [Fact]
    public async Task What_was_typed_is_back_after_leaving_the_page_until_it_is_pasted()
    {
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await page.GotoAsync("/");
        await TypeAsync(page, Text);
        await page.GetByLabel("Language").SelectOptionAsync("ocaml");
        await page.GetByLabel("Comment").FillAsync("why");
        // At once: nobody waits for the moment at which it is kept.
        await page.GotoAsync("/about");
        await page.GotoAsync("/");
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("What you had not pasted yet is back.");
        await Expect(page.GetByLabel("Your paste")).ToHaveValueAsync(Text);
        await Expect(page.GetByLabel("Language")).ToHaveValueAsync("ocaml");
        await Expect(page.GetByLabel("Comment")).ToHaveValueAsync("why");

        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.Locator("pre")).ToHaveTextAsync(Text, new() { UseInnerText = false });
        await page.GotoAsync("/");
        await Expect(page.GetByLabel("Your paste")).ToHaveValueAsync("");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Discard" })).ToBeHiddenAsync();
        Assert.Equal(0, await KeptAsync(page));
    }

    [Fact]
    public async Task A_draft_that_is_to_be_encrypted_stays_in_its_tab_and_its_passphrase_nowhere()
    {
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await page.GotoAsync("/");
        await TypeAsync(page, Text);
        await page.GetByLabel("Passphrase").FillAsync("correct horse");
        await UntilAsync(page, "sessionStorage", isKept: true);
        Assert.Null(await page.EvaluateAsync<string?>("localStorage.getItem('draft')"));
        Assert.DoesNotContain("horse", await page.EvaluateAsync<string>("JSON.stringify({ ...localStorage, ...sessionStorage })"), StringComparison.Ordinal);
        var other = await page.Context.NewPageAsync();
        await other.GotoAsync("/");
        await Expect(other.GetByLabel("Your paste")).ToHaveValueAsync("");

        // What was in clear until now and is to be encrypted from now on is taken back.
        await page.GetByLabel("Encrypt").UncheckAsync();
        await UntilAsync(page, "localStorage", isKept: true);
        await page.GetByLabel("Encrypt").CheckAsync();
        await UntilAsync(page, "localStorage", isKept: false);
        Assert.NotNull(await page.EvaluateAsync<string?>("sessionStorage.getItem('draft')"));
    }

    [Fact]
    public async Task A_draft_in_clear_outlives_its_tab_and_can_be_discarded()
    {
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await page.GotoAsync("/");
        await page.GetByLabel("Encrypt").UncheckAsync();
        await TypeAsync(page, Text);
        await UntilAsync(page, "localStorage", isKept: true);
        var next = await page.Context.NewPageAsync();
        await page.CloseAsync();
        await next.GotoAsync("/");
        await Expect(next.GetByLabel("Your paste")).ToHaveValueAsync(Text);
        await next.GetByRole(AriaRole.Button, new() { Name = "Discard" }).ClickAsync();
        await Expect(next.GetByLabel("Your paste")).ToHaveValueAsync("");
        await Expect(next.GetByLabel("Your paste")).ToBeFocusedAsync();
        await next.ReloadAsync();
        await Expect(next.GetByLabel("Your paste")).ToHaveValueAsync("");
        Assert.Equal(0, await KeptAsync(next));
    }

    [Fact]
    public async Task A_paste_from_one_tab_takes_no_draft_from_another()
    {
        await using var visitor = await browser.ComeAsync();
        var (first, second) = (visitor.Page, await visitor.Page.Context.NewPageAsync());
        await first.GotoAsync("/");
        await first.GetByLabel("Encrypt").UncheckAsync();
        await second.GotoAsync("/");
        await second.GetByLabel("Encrypt").CheckAsync();
        await TypeAsync(first, "of the first tab");
        await UntilAsync(first, "localStorage", isKept: true);
        await TypeAsync(second, "of the second");
        await second.Keyboard.PressAsync("Control+Enter");
        await Expect(second.Locator("pre")).ToHaveTextAsync("of the second");
        await UntilAsync(first, "localStorage", isKept: true);
        await first.GotoAsync("/about");
        await first.GotoAsync("/");
        await Expect(first.GetByLabel("Your paste")).ToHaveValueAsync("of the first tab");
    }

    [Theory]
    [InlineData("{\"text\":\"old\",\"at\":1}")]
    [InlineData("{\"at\":9e99}")]
    [InlineData("null")]
    [InlineData("no JSON")]
    public async Task What_is_older_than_a_week_or_no_draft_is_dropped(string kept)
    {
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await page.GotoAsync("/about");
        await page.EvaluateAsync("kept => { localStorage.setItem('draft', kept); sessionStorage.setItem('draft', kept); }", kept);
        await page.GotoAsync("/");
        await Expect(page.GetByLabel("Encrypt")).ToBeCheckedAsync();
        await Expect(page.GetByLabel("Your paste")).ToHaveValueAsync("");
        Assert.Equal(0, await KeptAsync(page));
    }

    [Fact]
    public async Task What_the_server_or_another_paste_put_into_the_form_is_not_overwritten()
    {
        var paste = await browser.PasteAsync("a.txt", "of a paste");
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await page.GotoAsync("/");
        await TypeAsync(page, Text);
        await page.GotoAsync("/?from=" + paste[1..]);
        await Expect(page.GetByLabel("Encrypt")).ToBeCheckedAsync();
        await Expect(page.GetByLabel("Your paste")).ToHaveValueAsync("of a paste");
    }

    [Theory]
    [InlineData("away", "The site cannot be reached. Your text is still here")]
    [InlineData("refuses", "Nothing was stored. Your text is still here.")]
    [InlineData("proxy", "The site answered with status 502. Your text is still here.")]
    [InlineData("undecided", "If it is, its address is http://x/abc")]
    public async Task An_error_loses_neither_text_nor_files_when_nothing_is_encrypted(string fault, string said)
    {
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await page.GotoAsync("/");
        await page.GetByLabel("Encrypt").UncheckAsync();
        await TypeAsync(page, Text);
        await page.GetByLabel("Files").SetInputFilesAsync(new FilePayload { Name = "b.c", MimeType = "text/plain", Buffer = "int b;\n"u8.ToArray() });
        await page.RouteAsync("**/?lang=en", route => fault switch
        {
            "refuses" => route.FulfillAsync(Problem(503, "The site takes no pastes at the moment. Nothing was stored.")),
            "undecided" => route.FulfillAsync(Problem(504, "It may or may not be kept. If it is, its address is http://x/abc")),
            "proxy" => route.FulfillAsync(new() { Status = 502, Body = "<h1>Bad gateway</h1>" }),
            _ => route.AbortAsync(),
        });
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync(said);
        await Expect(page.GetByLabel("Your paste")).ToHaveValueAsync(Text);
        Assert.NotNull(await page.EvaluateAsync<string?>("localStorage.getItem('draft')"));
        await page.UnrouteAllAsync();
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.Locator("#F1 pre")).ToHaveTextAsync(Text, new() { UseInnerText = false });
        await Expect(page.Locator("#F2 pre")).ToHaveTextAsync("int b;\n");
    }

    [Fact]
    public async Task Clear_text_is_stored_byte_for_byte_under_the_name_of_its_language()
    {
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await page.GotoAsync("/");
        await page.GetByLabel("Encrypt").UncheckAsync();
        await page.GetByLabel("Language").SelectOptionAsync("ocaml");
        await page.GetByLabel("Line numbers").CheckAsync();
        await TypeAsync(page, "\nlet é = \"雪\"\n\n");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("paste.ml");
        Assert.EndsWith("?ln=true", page.Url, StringComparison.Ordinal);
        var stored = await browser.Site.Http.GetStringAsync("raw" + new Uri(page.Url).AbsolutePath, TestContext.Current.CancellationToken);
        Assert.Equal("\nlet é = \"雪\"\n\n", stored);
    }

    private static Task TypeAsync(IPage page, string text) => page.GetByLabel("Your paste").FillAsync(text);

    private static Task<int> KeptAsync(IPage page) => page.EvaluateAsync<int>("['draft'].filter(key => localStorage.getItem(key) || sessionStorage.getItem(key)).length");

    /// <summary>A draft is kept a moment after the last key. (The page's policy forbids Playwright's own way to wait.)</summary>
    private static async Task UntilAsync(IPage page, string storage, bool isKept)
    {
        for (var tries = 0; await page.EvaluateAsync<bool>($"{storage}.getItem('draft') !== null") != isKept; tries++)
        {
            Assert.True(tries < 100, $"The draft is {(isKept ? "not " : "")}in {storage}.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private static RouteFulfillOptions Problem(int status, string detail) =>
        new() { Status = status, ContentType = "application/problem+json", Body = $"{{\"detail\":\"{detail}\"}}" };
}
