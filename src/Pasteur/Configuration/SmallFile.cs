using System.Text;

namespace Pasteur.Configuration;

/// <summary>Reads a file that a setting names: once, at start, and no more of it than it may hold.</summary>
internal static class SmallFile
{
    public static Parsed<string> ReadText(string path, int maxBytes)
    {
        var read = ReadBytes(path, maxBytes);
        return read.IsOk ? Parsed.Ok(Encoding.UTF8.GetString(read.Value)) : Parsed.Bad<string>(read.Problem);
    }

    // What the system says of a failure is not repeated: it names the path, in whose place a secret may have been given.
    public static Parsed<byte[]> ReadBytes(string path, int maxBytes)
    {
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[maxBytes + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length > maxBytes
                ? Parsed.Bad<byte[]>($"is larger than {maxBytes} bytes; is it the right file?")
                : Parsed.Ok(bytes[..length]);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Parsed.Bad<byte[]>("is not there; give the path of a file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Parsed.Bad<byte[]>("cannot be read; give a file that this user may read");
        }
    }
}
