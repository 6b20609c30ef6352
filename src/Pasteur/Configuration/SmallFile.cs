using System.Text;

namespace Pasteur.Configuration;

/// <summary>Reads a file that a setting names: once, at start, and no more of it than it may hold.</summary>
internal static class SmallFile
{
    public static Parsed<string> ReadText(string path, int maxBytes)
    {
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[maxBytes + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length > maxBytes
                ? Parsed.Bad<string>($"is larger than {maxBytes} bytes; is it the right file?")
                : Parsed.Ok(Encoding.UTF8.GetString(bytes, 0, length));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Parsed.Bad<string>("is not there; give the path of a file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Parsed.Bad<string>("cannot be read; give a file that this user may read");
        }
    }
}
