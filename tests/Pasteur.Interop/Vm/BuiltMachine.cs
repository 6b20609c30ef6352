using System.Diagnostics;

namespace Pasteur.Interop.Vm;

/// <summary>What vm/build makes, built once for all tests of the machine. PASTEUR_VM_PROGRAM names a published program, to save that part.</summary>
public sealed class BuiltMachine : IAsyncLifetime
{
    public const string Collection = "the machine";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(9);

    internal static string Folder { get; } = Path.Combine(FindRoot(), "vm");

    internal static string Out { get; } = Path.Combine(Folder, "out");

    public async ValueTask InitializeAsync()
    {
        var program = Environment.GetEnvironmentVariable("PASTEUR_VM_PROGRAM");
        using var build = Process.Start(new ProcessStartInfo(Path.Combine(Folder, "build"), program is null ? [] : ["--program", program]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var errors = build.StandardError.ReadToEndAsync();
        var output = build.StandardOutput.ReadToEndAsync();
        await build.WaitForExitAsync().WaitAsync(s_patience);
        Assert.True(build.ExitCode == 0, await errors + await output);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

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
