using System.Diagnostics;
using Pasteur.Interop.Remotes;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Vm;

/// <summary>What vm/build makes, built once for all tests of the machine. PASTEUR_VM_PROGRAM names a published program, to save that part, PASTEUR_VM_KERNEL another kernel.</summary>
public sealed class BuiltMachine : IAsyncLifetime
{
    public const string Collection = "the machine";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(9);
    private static readonly string[] s_kernel = Environment.GetEnvironmentVariable("PASTEUR_VM_KERNEL") is { } kernel ? ["--kernel", kernel] : [];

    internal static string Folder { get; } = Path.Combine(FindRoot(), "vm");

    internal static string Out { get; } = Environment.GetEnvironmentVariable("PASTEUR_VM_OUT") ?? Path.Combine(Folder, "out");

    /// <summary>It believes whom this authority vouches for.</summary>
    internal static TestAuthority Authority { get; } = new();

    public async ValueTask InitializeAsync()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["authority.pem"], Authority.Pem, TestContext.Current.CancellationToken);
        var program = Environment.GetEnvironmentVariable("PASTEUR_VM_PROGRAM");
        string[] words = ["--authority", folder["authority.pem"], .. program is null ? Array.Empty<string>() : ["--program", program], .. s_kernel];
        using var build = Process.Start(new ProcessStartInfo(Path.Combine(Folder, "build"), words) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var errors = build.StandardError.ReadToEndAsync();
        var output = build.StandardOutput.ReadToEndAsync();
        await build.WaitForExitAsync().WaitAsync(s_patience);
        Assert.True(build.ExitCode == 0, await errors + await output);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The kernel is the small one, in which some things are otherwise.</summary>
    internal static bool IsMinimal => s_kernel is [_, "minimal"];

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Pasteur.slnx")))
            folder = folder.Parent;
        return folder.FullName;
    }
}

[CollectionDefinition(BuiltMachine.Collection)]
public sealed class BuiltMachineForAll : ICollectionFixture<BuiltMachine>;
