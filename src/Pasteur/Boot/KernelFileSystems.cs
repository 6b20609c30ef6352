using Pasteur.Configuration;

namespace Pasteur.Boot;

/// <summary>What a kernel offers as folders, and memory for temporary files.</summary>
internal static class KernelFileSystems
{
    // MS_… of mount(2).
    private const ulong ReadOnly = 1, NoSetUserId = 2, NoDevices = 4, NoExecution = 8, Remount = 32, NoAccessTime = 1024;

    public const ulong DataFlags = NoSetUserId | NoDevices | NoExecution | NoAccessTime;

    public static void MountAll()
    {
        Mount("proc", "/proc", NoSetUserId | NoDevices | NoExecution, null);
        Mount("sysfs", "/sys", NoSetUserId | NoDevices | NoExecution, null);
        Mount("devtmpfs", "/dev", NoSetUserId | NoExecution, "mode=0755");
        Mount("tmpfs", "/tmp", NoSetUserId | NoDevices | NoExecution, "mode=1777,size=16m");
        Mount("tmpfs", "/run", NoSetUserId | NoDevices | NoExecution, "mode=0755,size=1m");
    }

    /// <summary>Nobody writes the root any more, the program neither.</summary>
    public static void SealRoot()
    {
        if (Native.Mount("rootfs", "/", "rootfs", Remount | ReadOnly, null) != 0)
            throw new StartFailedException(ExitCodes.Internal, $"the root folder can't be made read-only: {Native.Reason}");
    }

    private static void Mount(string type, string folder, ulong flags, string? options)
    {
        Directory.CreateDirectory(folder);
        if (Native.Mount(type, folder, type, flags, options) != 0)
            throw new StartFailedException(ExitCodes.Internal, $"can't mount {folder}: {Native.Reason}; the kernel needs {type}");
    }
}
