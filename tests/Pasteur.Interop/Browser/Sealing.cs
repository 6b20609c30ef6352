using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Pasteur.Interop.Browser;

/// <summary>Pastes through the form with the box "Encrypt" as it comes: ticked.</summary>
internal static class Sealing
{
    /// <summary>Answers the link, whose page is open then.</summary>
    public static async Task<string> PasteAsync(IPage page, string text, string passphrase = "", params FilePayload[] file)
    {
        await page.GotoAsync("/");
        await Assertions.Expect(page.GetByLabel("Encrypt")).ToBeCheckedAsync();
        await page.GetByLabel("Your paste").FillAsync(text);
        await page.GetByLabel("Passphrase").FillAsync(passphrase);
        if (file.Length > 0)
            await page.GetByLabel("Files").SetInputFilesAsync(file);
        await page.GetByRole(AriaRole.Button, new() { Name = "Paste" }).ClickAsync();
        // A passphrase is stretched first, which a busy machine takes its time for.
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/[^/]+#"), new() { Timeout = 60_000 });
        if (passphrase.Length == 0)
            await Assertions.Expect(page.Locator(".opened")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        return page.Url;
    }

    public static FilePayload File(string name, byte[] content) => new() { Name = name, MimeType = "application/octet-stream", Buffer = content };
}
