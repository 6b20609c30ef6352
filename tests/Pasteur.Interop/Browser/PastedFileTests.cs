using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Pasteur.Interop.Browser;

/// <summary>Ctrl+V of what is no text, with the browser's own clipboard.</summary>
[Collection(BrowserTests.Name)]
public sealed class PastedFileTests(BrowserFixture browser)
{
    private const string Picture =
        "const canvas = document.createElement('canvas'); const picture = await new Promise(done => canvas.toBlob(done, 'image/png'));";

    [Fact]
    public async Task Pictures_from_the_clipboard_join_the_files_each_under_a_name_of_its_own()
    {
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await page.GotoAsync("/");
        await page.EvaluateAsync($"async () => {{ {Picture} await navigator.clipboard.write([new ClipboardItem({{ 'image/png': picture }})]); }}");
        await page.GetByLabel("Your paste").FocusAsync();
        await page.Keyboard.PressAsync("Control+V");
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Added: image.png");
        await page.Keyboard.PressAsync("Control+V");
        await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Added: image-2.png");
        await Expect(page.GetByLabel("Your paste")).ToHaveValueAsync("");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.Locator("#F1 img")).ToBeVisibleAsync();
        await Expect(page.Locator("#F2 h2")).ToHaveTextAsync("image-2.png");
    }

    [Fact]
    public async Task Text_that_an_office_program_copied_with_a_picture_of_it_is_pasted_as_text()
    {
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await page.GotoAsync("/");
        await page.EvaluateAsync(
            $$"""
            async () => {
              {{Picture}}
              const of = (text, type) => new Blob([text], { type });
              await navigator.clipboard.write([new ClipboardItem({ 'text/plain': of('a cell', 'text/plain'), 'text/html': of('<td>a cell', 'text/html'), 'image/png': picture })]);
            }
            """);
        await page.GetByLabel("Your paste").FocusAsync();
        await page.Keyboard.PressAsync("Control+V");
        await Expect(page.GetByLabel("Your paste")).ToHaveValueAsync("a cell");
        Assert.Equal(0, await page.GetByLabel("Files").EvaluateAsync<int>("input => input.files.length"));
    }

    [Fact]
    public async Task A_file_that_a_file_manager_copied_with_its_name_is_pasted_as_a_file()
    {
        await using var visitor = await browser.ComeAsync();
        var page = visitor.Page;
        await page.GotoAsync("/");
        // No page may put a file into the clipboard: the event is made as file managers' clipboards make it.
        var isTaken = await page.GetByLabel("Your paste").EvaluateAsync<bool>(
            """
            text => {
              const clipboardData = new DataTransfer();
              clipboardData.setData('text/plain', 'notes.txt');
              clipboardData.items.add(new File(['of the file'], 'notes.txt'));
              return !text.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
            }
            """);
        Assert.True(isTaken);
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("notes.txt");
        await Expect(page.Locator("pre")).ToHaveTextAsync("of the file");
    }
}
