using Microsoft.Playwright;
using Pasteur.Web.Wording;
using static Microsoft.Playwright.Assertions;

namespace Pasteur.Interop.Browser;

/// <summary>The site as somebody sees it whose browser asks for French: pages, scripts and errors.</summary>
[Collection(BrowserTests.Name)]
public sealed class FrenchTests(BrowserFixture browser)
{
    [Fact]
    public async Task From_the_form_to_the_paste_to_an_error_all_is_in_French()
    {
        await using var visitor = await browser.ComeFromFranceAsync();
        var page = visitor.Page;
        await page.GotoAsync("/");
        Assert.Equal("fr", await page.EvaluateAsync<string>("document.documentElement.lang"));
        await Expect(page.GetByLabel("Votre texte")).ToHaveAttributeAsync("placeholder", "Collez ou écrivez ici, ou déposez des fichiers…");
        await Expect(page.GetByLabel("Chiffrer")).ToBeCheckedAsync();
        await Expect(page.GetByText("Le nom et le commentaire restent lisibles.")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Il n’y a encore rien à coller.");

        await page.GetByLabel("Votre texte").FillAsync("déjà vu");
        await page.GetByRole(AriaRole.Button, new() { Name = "Coller" }).ClickAsync();
        await Expect(page.Locator("pre")).ToHaveTextAsync("déjà vu");

        await page.GotoAsync("/rienici");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Introuvable");
        await page.GetByRole(AriaRole.Link, new() { Name = "Coller autre chose" }).ClickAsync();
        await Expect(page.GetByLabel("Votre texte")).ToHaveValueAsync("");
    }

    [Fact]
    public async Task What_the_server_refuses_is_said_in_French_by_the_script_too()
    {
        await using var visitor = await browser.ComeFromFranceAsync();
        var page = visitor.Page;
        await page.GotoAsync("/");
        await page.GetByLabel("Chiffrer").UncheckAsync();
        await page.GetByLabel("Votre texte").FillAsync("x");
        await page.GetByLabel("Nom").EvaluateAsync("input => { input.maxLength = 500; input.value = 'x'.repeat(101); }");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("«\u00A0user\u00A0» a plus de 100 caractères. Votre texte est toujours là.");
        await page.GetByLabel("Votre texte").FillAsync(new string('é', 40_000));
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Cela fait 78,1\u00A0Kio. Un collage a au plus 64\u00A0Kio.");
    }

    [Fact]
    public async Task Another_language_is_one_click_away_and_what_was_typed_comes_along()
    {
        await using var visitor = await browser.ComeFromFranceAsync();
        var page = visitor.Page;
        await page.GotoAsync("/");
        await page.GetByLabel("Votre texte").FillAsync("lost in translation");
        await page.GetByRole(AriaRole.Link, new() { Name = "English" }).ClickAsync();
        await Expect(page.GetByLabel("Your paste")).ToHaveValueAsync("lost in translation");
        await page.GetByRole(AriaRole.Link, new() { Name = "About" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("About");
        await page.GetByRole(AriaRole.Link, new() { Name = "New" }).ClickAsync();
        await Expect(page.GetByLabel("Your paste")).ToHaveValueAsync("lost in translation");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.Locator("pre")).ToHaveTextAsync("lost in translation");
        // The address that is passed on says nothing of who passed it on.
        Assert.DoesNotContain("lang", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plain_paste_and_what_can_be_done_with_it_are_in_French()
    {
        var paste = await browser.PasteAsync(("notes.md", "- [x] a\n"u8.ToArray()), ("b.bin", [0, 1]), ("c.ml", "let c = 1\n"u8.ToArray()));
        await using var visitor = await browser.ComeFromFranceAsync();
        var page = visitor.Page;
        await page.GotoAsync(paste + "?rendered=true");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("3 fichiers");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Copier le lien" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Tout télécharger" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Checkbox, new() { Name = "fait", Exact = true })).ToBeCheckedAsync();
        await Expect(page.Locator("#F2")).ToContainTextAsync("binaire");
        await AssertAllFrenchAsync(page);

        await page.GotoAsync(await browser.PasteAsync("c.ml", "let c = 1\nlet d = 2\n") + "?ln=true");
        await Expect(page.GetByText("2 lignes, 20\u00A0o")).ToBeVisibleAsync();
        await Expect(page.GetByText("OCaml", new() { Exact = true })).ToHaveAttributeAsync("lang", "en");
        await page.GetByRole(AriaRole.Link, new() { Name = "2", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("La ligne 2 est choisie\u00A0: l’adresse la nomme.");
        await page.GetByRole(AriaRole.Link, new() { Name = "Reprendre" }).ClickAsync();
        await Expect(page.GetByLabel("Votre texte")).ToHaveValueAsync("let c = 1\nlet d = 2\n");
        await Expect(page.Locator("select[name=hl]")).ToHaveAttributeAsync("lang", "en");
        await Expect(page.Locator("select[name=hl] option").First).ToHaveAttributeAsync("lang", "fr");
    }

    [Fact]
    public async Task A_sealed_paste_is_made_and_opened_in_French()
    {
        await using var visitor = await browser.ComeFromFranceAsync();
        var page = visitor.Page;
        await page.GotoAsync("/");
        await page.GetByLabel("Votre texte").FillAsync("# secret\n\n- [ ] caché\n");
        await page.GetByLabel("Phrase secrète").FillAsync("sésame");
        await page.Locator("select[name=hl]").SelectOptionAsync("markdown");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.Locator("#sealed h2")).ToHaveTextAsync("Ce collage a une phrase secrète");
        await AssertAllFrenchAsync(page);
        await page.GetByLabel("Phrase secrète").FillAsync("fausse");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#sealed h2")).ToHaveTextAsync("Il ne s’ouvre pas");
        await page.GetByLabel("Phrase secrète").FillAsync("sésame");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("3 lignes, 23\u00A0o, chiffré")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Mis en forme" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Checkbox, new() { Name = "à faire", Exact = true })).Not.ToBeCheckedAsync();
        await AssertAllFrenchAsync(page);

        await page.GotoAsync(page.Url.Split('#')[0] + "#court");
        await Expect(page.Locator("#sealed h2")).ToHaveTextAsync("Le lien n’est pas complet");
        await AssertAllFrenchAsync(page);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/about")]
    [InlineData("/api")]
    [InlineData("/rienici")]
    public async Task French_words_are_longer_and_still_fit_into_a_small_window(string path)
    {
        await using var visitor = await browser.ComeFromFranceAsync(width: 320);
        await visitor.Page.GotoAsync(path);
        Assert.InRange(await visitor.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 0, 320);
        Assert.Empty(await LookTests.FaultsAsync(visitor.Page));
    }

    /// <summary>Nothing on the page is one of the English texts, unless it is French too.</summary>
    private static async Task AssertAllFrenchAsync(IPage page)
    {
        var shown = await page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('body *')].flatMap(e => [
              ...[...e.childNodes].filter(n => n.nodeType === 3 && !e.closest('pre, option, [lang=en]')).map(n => n.data.trim()), e.title ?? '', e.ariaLabel ?? '', e.placeholder ?? ''])
            """);
        var french = Words.All.Single(words => words.Language == "fr");
        var english = Words.English.Keys.Where(key => Words.English[key].Length > 1 && Words.English[key] != french[key]).Select(key => Words.English[key]).ToHashSet();
        Assert.DoesNotContain(shown, english.Contains);
        Assert.True(shown.Length > 10);
    }
}
