using System.IO.Compression;
using System.Reflection;

namespace Pasteur.Resources;

/// <summary>Texts that the build put into the program (web/build.mjs), compressed: a third of their size.</summary>
internal static class EmbeddedText
{
    /// <exception cref="InvalidOperationException">The build forgot it.</exception>
    public static byte[] Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"web/texts/{name}.br")
            ?? throw new InvalidOperationException($"The program was built without {name}.");
        using var text = new BrotliStream(stream, CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        text.CopyTo(bytes);
        return bytes.ToArray();
    }

    public static StreamReader Open(string name) => new(new MemoryStream(Read(name), writable: false));
}
