using System.Text;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Pasteur.Interop.Browser;

/// <summary>The browser that pasted changes what it pasted: it kept the owner's token.</summary>
[Collection(BrowserTests.Name)]
public sealed class EditingTests(BrowserFixture browser)
{
    [Theory]
    [InlineData("")]
    [InlineData("open sesame")]
    public async Task An_encrypted_paste_is_edited_under_its_link_and_what_is_not_touched_stays_to_the_byte(string passphrase)
    {
        const string untouched = "\uFEFFone\r\ntwo\rthree\n";
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        var link = await Sealing.PasteAsync(page, "canary one", passphrase, Sealing.File("b.txt", Encoding.UTF8.GetBytes(untouched)), Sealing.File("c.bin", [0, 1, 255]));
        await OpenAsync(page, passphrase);
        await page.GetByRole(AriaRole.Link, new() { Name = "Edit" }).ClickAsync();
        if (passphrase.Length > 0)
        {
            await page.GetByLabel("Passphrase").FillAsync(passphrase);
            await page.GetByLabel("Passphrase").PressAsync("Enter");
        }
        await page.Locator("#texts textarea").First.FillAsync("canary two");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(link, new() { Timeout = 20_000 });
        await OpenAsync(page, passphrase);
        await Expect(page.Locator("#F1 pre")).ToHaveTextAsync("canary two");
        await AssertDownloadsAsync(page, "#F2", Encoding.UTF8.GetBytes(untouched));
        await AssertDownloadsAsync(page, "#F3", [0, 1, 255]);
        Assert.DoesNotContain("canary", visitor.Sent, StringComparison.Ordinal);
        Assert.DoesNotContain(link.Split('#')[1], visitor.Sent, StringComparison.Ordinal);
    }

    /// <summary>When it ends is outside of what is sealed: that needs no key.</summary>
    [Fact]
    public async Task An_encrypted_paste_is_not_edited_with_another_key_but_may_get_another_end()
    {
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        var link = await Sealing.PasteAsync(page, "canary x");
        await page.GotoAsync("/edit" + new Uri(link).AbsolutePath + "#" + new string('A', 42) + "E");
        await Expect(page.GetByText("It could not be opened here.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByText("It could not be opened here.")).ToBeVisibleAsync();
        await page.GetByLabel("Keep").SelectOptionAsync("7d");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page).Not.ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/edit/"));
        // The address alone with another key has the page load itself anew.
        await page.GotoAsync("about:blank");
        await page.GotoAsync(link);
        await OpenAsync(page, "");
        await Expect(page.Locator("#F1 pre")).ToHaveTextAsync("canary x");
        await Expect(page.GetByText("until").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_end_of_an_opened_one_changes_without_sealing_it_anew_and_with_new_content_too()
    {
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        var link = await Sealing.PasteAsync(page, "canary x");
        foreach (var (text, end, revisions) in ((string, string, int)[])[("canary x", "7d", 1), ("canary y", "30d", 2)])
        {
            await page.GotoAsync("/");
            await page.GotoAsync(link);
            await OpenAsync(page, "");
            await page.GetByRole(AriaRole.Link, new() { Name = "Edit" }).ClickAsync();
            await page.Locator("#texts textarea").First.FillAsync(text);
            await page.GetByLabel("Keep").SelectOptionAsync(end);
            await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
            await Expect(page).ToHaveURLAsync(link, new() { Timeout = 20_000 });
            await OpenAsync(page, "");
            await Expect(page.Locator("#F1 pre")).ToHaveTextAsync(text);
            var view = await page.APIRequest.GetAsync("/api/v1/pastes" + new Uri(link).AbsolutePath);
            Assert.Equal(revisions, (await view.JsonAsync())!.Value.GetProperty("revision").GetInt32());
        }
        Assert.DoesNotContain("canary", visitor.Sent, StringComparison.Ordinal);
    }

    private static async Task OpenAsync(IPage page, string passphrase)
    {
        if (passphrase.Length > 0)
        {
            await page.GetByLabel("Passphrase").FillAsync(passphrase);
            await page.GetByLabel("Passphrase").PressAsync("Enter");
        }
        await Expect(page.Locator(".opened")).ToBeVisibleAsync();
    }

    private static async Task AssertDownloadsAsync(IPage page, string section, byte[] bytes)
    {
        var saved = await page.RunAndWaitForDownloadAsync(() => page.Locator(section).GetByRole(AriaRole.Link, new() { Name = "Download", Exact = true }).ClickAsync());
        Assert.Equal(bytes, await File.ReadAllBytesAsync(await saved.PathAsync(), TestContext.Current.CancellationToken));
    }
}
