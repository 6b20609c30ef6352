using System.Collections.Concurrent;
using System.Text;
using Microsoft.Playwright;

namespace Pasteur.Interop.Browser;

/// <summary>
/// A browser window that watches what the site makes it do. Leaving fails the test when a page broke its own security policy, threw
/// an error, opened a dialog, set a cookie, or asked another host for anything.
/// </summary>
internal sealed class Visitor : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentQueue<string> _sent = new();

    private Visitor(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
    }

    public IPage Page { get; }

    /// <summary>Everything that left the browser: addresses, headers and bodies.</summary>
    public string Sent => string.Join('\n', _sent);

    public static async Task<Visitor> ComeAsync(IBrowserContext context, Uri site)
    {
        var page = await context.NewPageAsync();
        var visitor = new Visitor(context, page);
        page.Request += (_, request) => visitor.CheckHost(request, site);
        page.PageError += (_, error) => visitor._complaints.Enqueue($"error: {error}");
        page.Console += (_, message) => visitor.CheckConsole(message.Text);
        page.Dialog += async (_, dialog) =>
        {
            visitor._complaints.Enqueue($"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
        return visitor;
    }

    public async ValueTask DisposeAsync()
    {
        var cookies = await _context.CookiesAsync();
        await _context.DisposeAsync();
        Assert.Empty(_complaints);
        Assert.Empty(cookies);
    }

    private void CheckHost(IRequest request, Uri site)
    {
        _sent.Enqueue($"{request.Url} {string.Join(' ', request.Headers.Select(header => header.Value))} {Encoding.Latin1.GetString(request.PostDataBuffer ?? [])}");
        // A blob is memory of the page.
        if (!request.Url.StartsWith("data:", StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal) && new Uri(request.Url).Authority != site.Authority)
            _complaints.Enqueue($"asked elsewhere: {request.Url}");
    }

    private void CheckConsole(string message)
    {
        if (message.Contains("Content Security Policy", StringComparison.Ordinal) || message.Contains("violates", StringComparison.Ordinal))
            _complaints.Enqueue(message);
    }
}
