using System.Globalization;
using System.Net.Http;
using System.Text;
using Microsoft.Playwright;
using Pasteur.Interop.Support;

namespace Pasteur.Interop.Browser;

[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<BrowserFixture>
{
    public const string Name = "browser";
}

/// <summary>One site and one Chromium, for all tests with a browser.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    /// <summary>A name under which the browser finds this machine, and which is not its own: to browsers, plain HTTP there is not secure.</summary>
    internal const string NamedHost = "paste.test";

    private const string Chromium = "/usr/bin/chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private PasteurProcess? _site;

    internal PasteurProcess Site => _site!;

    internal Uri Address => Site.Http.BaseAddress!;

    public async ValueTask InitializeAsync()
    {
        _site = await PasteurProcess.ServeAsync("--no-data", "--max-size", "64KiB", "--subtitle", "past-isserie");
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium,
            Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", $"--host-resolver-rules=MAP {NamedHost} 127.0.0.1"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_site is not null)
            await _site.DisposeAsync();
    }

    /// <summary>Somebody new in front of a browser.</summary>
    internal async Task<Visitor> ComeAsync(bool withJavaScript = true, int width = 1200, ColorScheme scheme = ColorScheme.Light, Uri? site = null)
    {
        return await ComeAsync(site ?? Address, new() { JavaScriptEnabled = withJavaScript, ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 800 } });
    }

    /// <summary>Somebody whose browser asks for French.</summary>
    internal Task<Visitor> ComeFromFranceAsync(int width = 1200) =>
        ComeAsync(Address, new() { Locale = "fr-FR", ViewportSize = new() { Width = width, Height = 800 } });

    private async Task<Visitor> ComeAsync(Uri site, BrowserNewContextOptions options)
    {
        options.BaseURL = site.ToString();
        options.Permissions = ["clipboard-read", "clipboard-write"];
        options.AcceptDownloads = true;
        var context = await _browser!.NewContextAsync(options);
        context.SetDefaultTimeout(20_000);
        return await Visitor.ComeAsync(context, site);
    }

    /// <summary>Two files that are burnt after reading.</summary>
    internal async Task<string> PasteBurningAsync()
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("let () = print_endline \"read once\"\n"), "file", "store.ml" }, { new ByteArrayContent([0, 1, 2]), "file", "core.bin" },
            { new StringContent("1"), "burn" }, { new StringContent("Ada"), "user" }, { new StringContent("for your eyes alone"), "comment" },
        };
        var answer = await Site.Http.PostAsync("", form, TestContext.Current.CancellationToken);
        var address = await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new Uri(address.Trim()).AbsolutePath;
    }

    /// <summary>Pastes files as a program does, byte for byte; answers the path of the paste.</summary>
    internal async Task<string> PasteAsync(params (string Name, byte[] Content)[] files)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (name, content) in files)
            form.Add(new ByteArrayContent(content), "file", name);
        var answer = await Site.Http.PostAsync("", form, TestContext.Current.CancellationToken);
        var address = await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new Uri(address.Trim()).AbsolutePath;
    }

    internal Task<string> PasteAsync(string name, string text) => PasteAsync((name, Encoding.UTF8.GetBytes(text)));

    /// <summary>A paste that its owner has edited once.</summary>
    internal async Task<string> PasteTwiceAsync()
    {
        using var first = new MultipartFormDataContent { { new StringContent("let one = 1\nlet two = 2\nlet three = 3\n"), "file", "a.ml" } };
        var answer = (await Site.Http.PostAsync("", first, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        var path = new Uri((await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Trim()).AbsolutePath;
        using var second = new MultipartFormDataContent
        {
            { new StringContent("let one = 1\nlet two = 22 (* wider than a small window is, by far: so it wraps or scrolls *)\n"), "file", "a.ml" },
            { new StringContent(answer.Headers.GetValues("X-Token").Single()), "token" },
            { new StringContent("What I changed"), "comment" },
        };
        (await Site.Http.PostAsync(path, second, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        return path;
    }

    internal Task<string> PasteLinesAsync(int count) =>
        PasteAsync("lines.txt", string.Concat(Enumerable.Range(1, count).Select(n => string.Create(CultureInfo.InvariantCulture, $"line {n}\n"))));
}
