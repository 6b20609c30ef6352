using Microsoft.Extensions.Primitives;

namespace Pasteur.Web.Requests;

/// <summary>Reads yes and no as forms and links write them.</summary>
internal static class Truth
{
    public static bool Of(ReadOnlySpan<byte> text) => !(
        text.IsEmpty || text.SequenceEqual("0"u8) || Equals(text, "false"u8) || Equals(text, "no"u8) || Equals(text, "off"u8) || Equals(text, "never"u8));

    /// <summary>A query's value: <c>?ln</c> alone means yes, as a ticked box without a value does.</summary>
    public static bool Of(StringValues values) => values is [null or ""] || values is [{ } text] && Of(System.Text.Encoding.UTF8.GetBytes(text));

    private static bool Equals(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => System.Text.Ascii.EqualsIgnoreCase(a, b);
}
