using System.Diagnostics;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Support;

/// <summary>
/// An ext4 file system in a file, mounted so that it writes back as little as it may by itself: what nobody synced is not in a copy of the
/// file, as it would not be on a disk after a power cut.
/// </summary>
internal sealed class LoopDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _image;
    private bool _mounted;

    public LoopDisk()
    {
        _image = _folder["disk.img"];
        Run("truncate", "-s", "400M", _image);
        Run("mkfs.ext4", "-q", "-F", _image);
        Mount();
    }

    private LoopDisk(LoopDisk original)
    {
        _image = _folder["disk.img"];
        Run("cp", "--sparse=always", original._image, _image);
        Mount();
    }

    public string Path => _folder["mount"];

    /// <summary>The disk as it would be had the power gone at this moment, mounted again.</summary>
    public LoopDisk AfterPowerCut() => new(this);

    /// <summary>From now on the disk answers everything with an I/O error.</summary>
    public void Fail() => Run("xfs_io", "-x", "-c", "shutdown", Path);

    public void Dispose()
    {
        if (_mounted) Run("umount", Path);
        _folder.Dispose();
    }

    private void Mount()
    {
        Directory.CreateDirectory(Path);
        Run("mount", "-o", "loop,commit=300,noauto_da_alloc", _image, Path);
        _mounted = true;
    }

    private static void Run(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{command} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }
}
