using System.Diagnostics;

namespace Pasteur.Interop.Support;

/// <summary>A file system in memory, mounted on a folder, that is soon full.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _path;

    /// <param name="size">As mount wants it: "6m".</param>
    public SmallDisk(string path, string size)
    {
        _path = Directory.CreateDirectory(path).FullName;
        Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", path);
    }

    /// <summary>Takes up all space but so much.</summary>
    public void Fill(int leave) => File.WriteAllBytes(Path.Combine(_path, "ballast"), new byte[new DriveInfo(_path).AvailableFreeSpace - leave]);

    // Lazily: a server's child may still have it open.
    public void Dispose() => Run("umount", "-l", _path);

    private static void Run(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{command} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }
}
