using System.Text;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Client;

/// <summary>A site, and the same program as the client of it.</summary>
internal sealed class ClientSite : IAsyncDisposable
{
    private readonly PasteurProcess _site;

    private ClientSite(PasteurProcess site) => _site = site;

    public TemporaryFolder Folder { get; } = new();

    public string Address => _site.Http.BaseAddress!.AbsoluteUri;

    public PasteurProcess Process => _site;

    public static async Task<ClientSite> StartAsync(params string[] arguments) => new(await PasteurProcess.ServeAsync(["--no-data", .. arguments]));

    public static Task<Tool.Result> RunAsync(string[] arguments, byte[]? input = null, params (string Name, string Value)[] environment) =>
        Tool.RunAsync(PasteurProcess.ProgramPath, arguments, input, [("http_proxy", ""), ("https_proxy", ""), .. environment]);

    /// <summary>Runs <c>pasteur put</c> against this site.</summary>
    public Task<Tool.Result> PutAsync(byte[]? input, params string[] arguments) => RunAsync(["put", .. arguments], input, ("PASTEUR_SERVER", Address));

    /// <summary>The link that it prints.</summary>
    public async Task<string> PutLinkAsync(byte[]? input, params string[] arguments)
    {
        var result = await PutAsync(input, arguments);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Matches("^token: [0-9a-z]{26}\n$", result.Errors);
        Assert.Matches("^" + System.Text.RegularExpressions.Regex.Escape(Address) + "[0-9a-z]{10}(#[A-Za-z0-9_-]{43})?\n$", result.Text);
        return result.Text.TrimEnd('\n');
    }

    public static async Task<byte[]> GetBytesAsync(string link, params (string Name, string Value)[] environment)
    {
        var result = await RunAsync(["get", link], null, environment);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal("", result.Errors);
        return result.Output;
    }

    public string File(string name, byte[] content)
    {
        System.IO.File.WriteAllBytes(Folder[name], content);
        return Folder[name];
    }

    public string File(string name, string content) => File(name, Encoding.UTF8.GetBytes(content));

    public static void AssertFails(int exitCode, string words, Tool.Result result)
    {
        Assert.Equal("", result.Text);
        var line = Assert.Single(result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(words, line, StringComparison.Ordinal);
        Assert.StartsWith("pasteur: ", line, StringComparison.Ordinal);
        Assert.Equal(exitCode, result.ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        Folder.Dispose();
    }
}
