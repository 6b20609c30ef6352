using System.Text;
using Pasteur.Git;

namespace Pasteur.Configuration;

/// <summary>Files of the data folder that hold what is nobody else's business: mode 0600, in folders of mode 0700, on the disk when written.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The file appears whole, or stays what it was.</summary>
    /// <exception cref="IOException">It could not be written, or the disk did not take it.</exception>
    public static void Write(string path, string content)
    {
        var folder = Path.GetDirectoryName(path)!;
        MakeFolder(folder);
        var temporary = path + ".new";
        File.Delete(temporary);
        using (var file = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        {
            file.Write(Encoding.UTF8.GetBytes(content));
            file.Flush();
            Durability.SyncFile(file.SafeFileHandle, temporary);
        }
        File.Move(temporary, path, overwrite: true);
        Durability.SyncFolder(folder);
    }

    /// <summary>Adds a line at the end: one of its own, also where a crash or a full disk left half a line before.</summary>
    /// <exception cref="IOException">It could not be written, or the disk did not take it; a part of the line may be there.</exception>
    public static void Append(string path, string line)
    {
        var folder = Path.GetDirectoryName(path)!;
        MakeFolder(folder);
        var isNew = !File.Exists(path);
        using (var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, UnixCreateMode = OwnerOnly, BufferSize = 0 }))
        {
            file.Seek(-Math.Min(file.Length, 1), SeekOrigin.End);
            var isCut = file.ReadByte() is not (-1 or '\n');
            file.Write(Encoding.UTF8.GetBytes($"{(isCut ? "\n" : "")}{line}\n"));
            Durability.SyncFile(file.SafeFileHandle, path);
        }
        if (isNew) Durability.SyncFolder(folder);
    }

    public static void MakeFolder(string folder) => Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
}
