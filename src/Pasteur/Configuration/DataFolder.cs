using System.Globalization;
using System.Text;

namespace Pasteur.Configuration;

/// <summary>
/// The folder on disk that belongs to one running program:
/// <code>
/// pastes.git   a bare repository that stock git opens
/// lock         empty; locked by the kernel (flock), so the lock ends with its process however that ends
/// moderation   reports, blocked content, bans (Moderating)
/// admin.sock   where pasteur admin asks the program that runs
/// server       what tells this site from others that share its remote
/// pid          the holder's process id, for the message that the second to come gets
/// </code>
/// The files stay when the program ends: removing a lock file could let two processes in.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Fixed and overwritten in place, so that on a full disk writing the id needs no new block.</summary>
    private const int ProcessIdWidth = 12;

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream heldLock)
    {
        Path = path;
        _lock = heldLock;
    }

    public string Path { get; }

    public string RepositoryPath => System.IO.Path.Combine(Path, "pastes.git");

    /// <summary>Creates the folder when missing and takes it for this process.</summary>
    /// <exception cref="StartFailedException">It can't be made or written, or another process has it.</exception>
    public static DataFolder Open(string path)
    {
        try
        {
            if (File.Exists(path))
                throw Unusable($"the data folder {path} is a file; give --data another path");
            Directory.CreateDirectory(path, OwnerOnly);
            var heldLock = TakeLock(path);
            try
            {
                WriteHolder(path);
                return new DataFolder(path, heldLock);
            }
            catch
            {
                heldLock.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable($"can't write in the data folder {path}: {e.Message.Split('\n')[0].TrimEnd('.', '\r')}", e);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream TakeLock(string folder)
    {
        const int wouldBlock = 11, wouldBlockOnMac = 35;
        try
        {
            // On Unix, FileShare.None is flock(LOCK_EX | LOCK_NB); child processes don't inherit the descriptor.
            return new FileStream(System.IO.Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException e) when (e.HResult is wouldBlock or wouldBlockOnMac)
        {
            throw Unusable($"{ReadHolder(folder)} already uses the data folder {folder}; stop it, or give --data another folder", e);
        }
    }

    private static void WriteHolder(string folder)
    {
        using var file = new FileStream(PidPath(folder), FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture).PadRight(ProcessIdWidth - 1) + "\n"));
    }

    private static string ReadHolder(string folder)
    {
        try
        {
            return $"process {File.ReadAllText(PidPath(folder)).Trim()}";
        }
        catch (IOException)
        {
            return "a process that is just starting";
        }
    }

    private static string PidPath(string folder) => System.IO.Path.Combine(folder, "pid");

    private static StartFailedException Unusable(string message, Exception? inner = null) => new(ExitCodes.DataFolderUnusable, message, inner);
}
