using System.Formats.Tar;
using System.IO.Compression;
using Pasteur.Pastes;

namespace Pasteur.Web.Reading;

/// <summary>
/// Packs a paste's files, under the names that are safe on any disk, into one folder. In memory: a paste is bounded, and the zip
/// writer of .NET writes synchronously, which a connection doesn't take. The same paste always makes the same bytes.
/// </summary>
internal static class ArchiveWriter
{
    public static byte[] Zip(Paste paste)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, file) in Named(paste))
            {
                var entry = zip.CreateEntry(name, CompressionLevel.Fastest);
                entry.LastWriteTime = TimeOf(paste);
                using var content = entry.Open();
                content.Write(file.Content.Span);
            }
        }
        return bytes.ToArray();
    }

    public static byte[] Tar(Paste paste)
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (name, file) in Named(paste))
            {
                using var content = new MemoryStream(file.Content.ToArray(), writable: false);
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name)
                {
                    ModificationTime = TimeOf(paste),
                    Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
                    DataStream = content,
                });
            }
        }
        return bytes.ToArray();
    }

    // What was pushed has the names that the pusher gave; what was pasted keeps those that it has.
    private static IEnumerable<(string Name, PasteFile File)> Named(Paste paste) =>
        StoredNames.For([.. paste.Files.Select(file => file.StoredName)]).Select(name => $"{paste.Code}/{name}").Zip(paste.Files);

    /// <summary>Both formats want a time for each file; a paste without one gets the earliest that zip can say.</summary>
    private static DateTimeOffset TimeOf(Paste paste) =>
        paste.Created is { Year: >= 1980 and < 2107 } created ? created.ToUniversalTime() : new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
}
