using Pasteur.Web.Wording;

namespace Pasteur.Web;

/// <summary>Writes sizes for people.</summary>
internal static class ByteCount
{
    public static string Text(long bytes) => Words.English.Size(bytes);
}
