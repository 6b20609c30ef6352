using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Pasteur.Configuration;

namespace Pasteur.Boot;

/// <summary>The disk that pastes are kept on, when there is one: the first with an ext4 file system, whole or as a partition.</summary>
internal static class DataDisk
{
    public const string Folder = "/data";

    // To whoever has it open, the kernel makes all disks read-only on a "u" (admin-guide/sysrq.rst): what unmounting does for a file system, and
    // the one way for a process that may not unmount.
    private const string KernelKeys = "/proc/sysrq-trigger";
    private const byte MakeReadOnly = (byte)'u';
    private const string MountsFile = "/proc/self/mounts";

    // ext4's superblock stands at 1024, its magic number at 0x38 of that; a boot record, and the first sector of FAT, end with 55 AA.
    private const int HeadLength = 2048, MagicAt = 1024 + 0x38, SignatureAt = 510;
    private const ushort Ext4Magic = 0xEF53, BootSignature = 0xAA55;
    private static readonly string[] s_drivers = ["vd", "xvd", "sd", "nvme"];
    private static SafeFileHandle? s_keys;

    internal enum DiskContent
    {
        Ext4,

        /// <summary>Partitions, or the partition that the machine was started from.</summary>
        Other,

        /// <summary>Nothing that is known.</summary>
        Unformatted,
    }

    /// <summary>Mounts it; false when the machine has none.</summary>
    /// <exception cref="StartFailedException">There is one, and it can't be used.</exception>
    public static bool Mount()
    {
        string? unformatted = null;
        foreach (var name in Names())
        {
            switch (ContentOf($"/dev/{name}"))
            {
                case DiskContent.Ext4:
                    MountOne(name);
                    return true;
                case DiskContent.Unformatted:
                    unformatted ??= name;
                    break;
                case DiskContent.Other:
                    break;
            }
        }
        return unformatted is null
            ? false
            : throw new StartFailedException(ExitCodes.DataFolderUnusable, $"the disk {unformatted} has no ext4 file system; make one on the host: mkfs.ext4 FILE");
    }

    /// <summary>
    /// Brings all to the disk and leaves nothing for the journal's replay. Where the kernel can't, the next start replays it, and nothing is lost.
    /// </summary>
    public static void Release()
    {
        if (s_keys is null)
            return;
        RandomAccess.Write(s_keys, [MakeReadOnly], 0);
        for (var until = Environment.TickCount64 + (long)Limits.DiskReleaseWait.TotalMilliseconds; !IsReadOnly() && Environment.TickCount64 < until;)
            Thread.Sleep(Limits.DiskReleasePoll);
    }

    /// <summary>What a disk's first bytes say it holds.</summary>
    public static DiskContent ContentOf(ReadOnlySpan<byte> head) =>
        head.Length >= MagicAt + 2 && BinaryPrimitives.ReadUInt16LittleEndian(head[MagicAt..]) == Ext4Magic ? DiskContent.Ext4
        : head.Length >= SignatureAt + 2 && BinaryPrimitives.ReadUInt16LittleEndian(head[SignatureAt..]) == BootSignature ? DiskContent.Other
        : DiskContent.Unformatted;

    private static IEnumerable<string> Names() =>
        Directory.GetFileSystemEntries("/sys/class/block").Select(path => Path.GetFileName(path)!)
            .Where(name => s_drivers.Any(driver => name.StartsWith(driver, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);

    private static DiskContent ContentOf(string device)
    {
        try
        {
            using var disk = File.OpenHandle(device);
            var head = new byte[HeadLength];
            return ContentOf(head.AsSpan(0, RandomAccess.Read(disk, head, 0)));
        }
        catch (IOException e)
        {
            throw new StartFailedException(ExitCodes.DataFolderUnusable, $"the disk {device} can't be read: {e.Message}", e);
        }
    }

    private static void MountOne(string name)
    {
        Directory.CreateDirectory(Folder);
        if (Native.Mount($"/dev/{name}", Folder, "ext4", KernelFileSystems.DataFlags, null) != 0)
            throw new StartFailedException(ExitCodes.DataFolderUnusable, $"the disk {name} can't be mounted: {Native.Reason}; look at it on the host: e2fsck FILE");
        MachineConsole.Say($"pastes are kept on the disk {name}");
        if (File.Exists(KernelKeys))
            s_keys = File.OpenHandle(KernelKeys, FileMode.Open, FileAccess.Write);
    }

    // device folder type options …, of which the first is ro or rw
    private static bool IsReadOnly() => File.ReadLines(MountsFile).Select(line => line.Split(' ')).Any(fields => fields[1] == Folder && fields[3].Split(',')[0] == "ro");
}
