using System.Diagnostics;
using System.Globalization;
using Pasteur.Interop.Support;

namespace Pasteur.Interop.Vm;

/// <summary>A network of its own, and the servers in it.</summary>
internal sealed class NetworkNamespace : IAsyncDisposable
{
    private readonly List<Process> _processes = [];

    private NetworkNamespace(string name) => Name = name;

    public string Name { get; }

    /// <summary>The words that run a command inside.</summary>
    public string[] Inside => ["ip", "netns", "exec", Name];

    public static async Task<NetworkNamespace> CreateAsync(string name)
    {
        var created = new NetworkNamespace($"pasteur-{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}-{name}");
        await ToolAsync("ip", "netns", "add", created.Name);
        return created;
    }

    /// <summary>A command that must succeed.</summary>
    public Task RunAsync(params string[] words) => ToolAsync("ip", ["netns", "exec", Name, .. words]);

    /// <summary>ip(8) in it.</summary>
    public Task IpAsync(string words) => ToolAsync("ip", ["-n", Name, .. words.Split(' ')]);

    /// <summary>Whether there is such a device.</summary>
    public async Task<bool> HasAsync(string link) => (await Tool.RunAsync("ip", ["-n", Name, "link", "show", link])).ExitCode == 0;

    /// <summary>A command that runs until this ends.</summary>
    public void Keep(params string[] words)
    {
        var process = Process.Start(new ProcessStartInfo("ip", ["netns", "exec", Name, .. words]) { RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        _processes.Add(process);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
        await Tool.RunAsync("ip", ["netns", "delete", Name]);
    }

    private static async Task ToolAsync(string name, params string[] words)
    {
        var result = await Tool.RunAsync(name, words);
        Assert.True(result.ExitCode == 0, $"{name} {string.Join(' ', words)}: {result.Errors}");
    }
}
