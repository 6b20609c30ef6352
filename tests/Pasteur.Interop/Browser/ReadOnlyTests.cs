using Pasteur.Interop.Support;
using static Microsoft.Playwright.Assertions;

namespace Pasteur.Interop.Browser;

/// <summary>A site that takes nothing says so before anybody writes for it.</summary>
[Collection(BrowserTests.Name)]
public sealed class ReadOnlyTests(BrowserFixture browser)
{
    [Fact]
    public async Task Nothing_can_be_sent_to_a_site_that_takes_nothing()
    {
        await using var site = await PasteurProcess.ServeAsync("--no-data", "--read-only");
        await using var visitor = await browser.ComeAsync(site: site.Http.BaseAddress);
        var page = visitor.Page;
        await page.GotoAsync("/");
        await Expect(page.GetByLabel("Encrypt")).ToBeVisibleAsync(); // the script has run
        await Expect(page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Paste", Exact = true })).ToBeDisabledAsync();
        await Expect(page.GetByRole(Microsoft.Playwright.AriaRole.Status).First).ToContainTextAsync("This site takes no pastes");
    }
}
