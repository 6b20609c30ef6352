using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pasteur.Git;

/// <summary>
/// fsync that reports its errors. .NET's <c>Flush(true)</c> and <c>RandomAccess.FlushToDisk</c> swallow them, so a full or
/// dying disk would look like a stored paste; here every failure is an <see cref="IOException"/> whose HResult is the errno.
/// </summary>
public static partial class Durability
{
    /// <summary>The HResult of a <see cref="Link"/> whose name is taken (EEXIST).</summary>
    internal const int AlreadyExists = 17;

    /// <summary>The HResult where the disk is full (ENOSPC).</summary>
    internal const int OutOfSpace = 28;

    private const int OverQuota = 122; // EDQUOT

    // errno and open(2) flags of Linux; EINTR is 4 everywhere.
    private const int Interrupted = 4;
    private const int NotSupported = 95;
    private const int InvalidArgument = 22, NoSeek = 29, NoSuchCall = 38;
    private const int OpenDirectory = 0x10000;
    private const int OpenCloseOnExec = 0x80000;
    private const int Arm64OpenDirectory = 0x4000;

    // SYNC_FILE_RANGE_WAIT_BEFORE, _WRITE and _WAIT_AFTER of sync_file_range(2).
    private const uint WaitBeforeWriteWaitAfter = 7;
    private const int WillNeedAdvice = 3; // POSIX_FADV_WILLNEED
    private const long WriteBackPiece = 512 << 10;

    /// <summary>There was no room for what was to be written on the disk, or for this user.</summary>
    internal static bool IsOutOfSpace(Exception fault) => fault is IOException { HResult: OutOfSpace or OverQuota };

    /// <summary>Contents and metadata (its length, its times) are on the disk.</summary>
    public static void SyncFile(SafeFileHandle file, string name)
    {
        while (FileSync(file) != 0) ThrowUnlessInterrupted("fsync", name);
    }

    /// <summary>Contents, and of the metadata what is needed to read them, are on the disk.</summary>
    internal static void SyncData(SafeFileHandle file, string name)
    {
        while (FileDataSync(file) != 0) ThrowUnlessInterrupted("fdatasync", name);
    }

    /// <summary>The names in a folder (created, renamed, removed) are on the disk.</summary>
    public static void SyncFolder(string path)
    {
        var directory = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 ? Arm64OpenDirectory : OpenDirectory;
        SafeFileHandle folder;
        while ((folder = Open(path, directory | OpenCloseOnExec)).IsInvalid)
        {
            folder.Dispose();
            ThrowUnlessInterrupted("open", path);
        }

        using (folder) SyncFile(folder, path);
    }

    /// <summary>Takes the disk space of a file ahead of its use, so that later writes neither grow it nor find the disk full.</summary>
    internal static void Preallocate(SafeFileHandle file, long length, string name)
    {
        while (FileAllocate(file, 0, 0, length) != 0)
        {
            // A file system without extents (some network ones): the file is only made longer.
            if (Marshal.GetLastPInvokeError() == NotSupported)
            {
                RandomAccess.SetLength(file, length);
                return;
            }

            ThrowUnlessInterrupted("fallocate", name);
        }
    }

    /// <summary>
    /// Sends a stretch of a file to the disk a piece at a time, each when the one before has arrived, so that a later sync has little
    /// left to do and the syncs of others find no long queue. It promises nothing, but a failure counts: the kernel tells it once for each
    /// open file, so the sync after it would say that all is well.
    /// </summary>
    internal static void WriteBack(SafeFileHandle file, long from, long to, string name)
    {
        for (var at = from; at < to; at += WriteBackPiece)
        {
            while (SyncFileRange(file, at, Math.Min(WriteBackPiece, to - at), WaitBeforeWriteWaitAfter) != 0)
            {
                // A file system without it: all is left to the sync.
                if (Marshal.GetLastPInvokeError() is NoSuchCall or InvalidArgument or NoSeek) return;
                ThrowUnlessInterrupted("sync_file_range", name);
            }
        }
    }

    /// <summary>Has the kernel read a stretch of a file ahead. Only speed depends on it, so that it does not matter whether it does.</summary>
    internal static void WillNeed(SafeFileHandle file, long offset, long length) => _ = FileAdvise(file, offset, length, WillNeedAdvice);

    /// <summary>Gives a file a second name on the same file system.</summary>
    internal static void Link(string path, string name)
    {
        while (FileLink(path, name) != 0) ThrowUnlessInterrupted("link", name);
    }

    private static void ThrowUnlessInterrupted(string call, string name)
    {
        var errno = Marshal.GetLastPInvokeError();
        if (errno != Interrupted) throw new IOException($"{name}: {call} failed: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno}).", errno);
    }

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FileSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FileDataSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "sync_file_range", SetLastError = true)]
    private static partial int SyncFileRange(SafeFileHandle file, long offset, long length, uint flags);

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int FileAdvise(SafeFileHandle file, long offset, long length, int advice);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int FileAllocate(SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int FileLink(string path, string name);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);
}
