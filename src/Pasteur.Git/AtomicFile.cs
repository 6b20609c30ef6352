namespace Pasteur.Git;

/// <summary>A file that is there whole or not at all: written beside its place, synced, renamed.</summary>
internal static class AtomicFile
{
    public const string TemporarySuffix = ".tmp";

    public static void Write(string path, ReadOnlyMemory<byte> content) => Write(path, stream => stream.Write(content.Span));

    public static void Write(string path, Action<Stream> write)
    {
        var temporary = path + TemporarySuffix;
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
        {
            write(file);
            file.Flush();
            Durability.WriteBack(file.SafeFileHandle, 0, file.Length, temporary);
            Durability.SyncFile(file.SafeFileHandle, temporary);
        }
        File.Move(temporary, path, overwrite: true);
    }
}
