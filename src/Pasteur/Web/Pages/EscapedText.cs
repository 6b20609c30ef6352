namespace Pasteur.Web.Pages;

/// <summary>Bytes that are HTML already: only <see cref="TextHtml"/> makes them, and only of text that it escaped.</summary>
public readonly record struct EscapedText
{
    internal EscapedText(ReadOnlyMemory<byte> utf8) => Utf8 = utf8;

    public ReadOnlyMemory<byte> Utf8 { get; }
}
