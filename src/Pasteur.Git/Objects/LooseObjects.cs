using System.Globalization;
using System.IO.Compression;

namespace Pasteur.Git.Objects;

/// <summary>
/// Objects in files of their own, as stock git writes them: <c>objects/xx/yyyy…</c>, a zlib stream of <c>kind SP size NUL content</c>
/// (git help repository-layout). Pasteur reads them and never writes one; it removes those that are to be forgotten.
/// </summary>
internal sealed class LooseObjects(string objectsFolder)
{
    private const int MaxHeaderBytes = 32;

    public bool Contains(ObjectId id) => File.Exists(PathOf(id));

    public bool TryRead(ObjectId id, out RawObject found)
    {
        found = default;
        var path = PathOf(id);
        if (!File.Exists(path)) return false;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var zlib = new ZLibStream(file, CompressionMode.Decompress);
            found = Read(path, zlib);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // The owner's git has packed it since the look.
            return false;
        }
        catch (InvalidDataException e)
        {
            throw new GitDataException(path, "its zlib stream is damaged", cause: e);
        }
    }

    /// <summary>The names of all loose objects.</summary>
    public IEnumerable<ObjectId> List()
    {
        for (var first = 0; first < 256; first++)
        {
            var fan = first.ToString("x2", CultureInfo.InvariantCulture);
            var folder = Path.Combine(objectsFolder, fan);
            if (!Directory.Exists(folder)) continue;
            foreach (var file in Directory.EnumerateFiles(folder))
                if (ObjectId.TryParse(fan + Path.GetFileName(file), out var id)) yield return id;
        }
    }

    /// <summary>True when there was one.</summary>
    public bool Remove(ObjectId id)
    {
        if (!Contains(id)) return false;
        File.Delete(PathOf(id));
        return true;
    }

    public string PathOf(ObjectId id)
    {
        var hex = id.ToString();
        return Path.Combine(objectsFolder, hex[..2], hex[2..]);
    }

    private static RawObject Read(string path, ZLibStream zlib)
    {
        Span<byte> header = stackalloc byte[MaxHeaderBytes];
        var length = 0;
        int value;
        while ((value = zlib.ReadByte()) > 0 && length < header.Length) header[length++] = (byte)value;
        header = header[..length];
        var space = header.IndexOf((byte)' ');
        if (value != 0 || space < 0 || !ObjectKinds.TryParse(header[..space], out var kind) || !int.TryParse(header[(space + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            throw new GitDataException(path, "it does not begin with \"kind size\"");
        if (size > GitLimits.MaxObjectBytes) throw new GitDataException(path, $"it declares {size} bytes, more than the {GitLimits.MaxObjectBytes} that are read");
        var content = new byte[size];
        if (zlib.ReadAtLeast(content, size, throwOnEndOfStream: false) != size || zlib.ReadByte() >= 0)
            throw new GitDataException(path, $"it does not hold the {size} bytes that it declares");
        return new RawObject(kind, content);
    }
}
