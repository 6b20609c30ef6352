namespace Pasteur.Git.Objects;

/// <summary>Reads what an annotated tag points at.</summary>
/// <remarks>
/// Layout (as <c>git cat-file tag</c> shows it):
/// <code>
/// object ID LF
/// type KIND LF
/// tag NAME LF
/// (tagger NAME SP &lt; EMAIL &gt; SP SECONDS SP ZONE LF)
/// LF
/// message
/// </code>
/// </remarks>
internal static class TagReader
{
    public static bool TryRead(ReadOnlySpan<byte> content, out ObjectId target, out ObjectKind kind)
    {
        (target, kind) = (default, default);
        if (!TryTakeLine(ref content, "object "u8, out var id) || !ObjectId.TryParse(id, out target)) return false;
        if (!TryTakeLine(ref content, "type "u8, out var name) || !ObjectKinds.TryParse(name, out kind)) return false;
        return TryTakeLine(ref content, "tag "u8, out var tag) && !tag.IsEmpty;
    }

    private static bool TryTakeLine(ref ReadOnlySpan<byte> content, ReadOnlySpan<byte> word, out ReadOnlySpan<byte> value)
    {
        value = default;
        var end = content.IndexOf((byte)'\n');
        if (end < 0 || !content.StartsWith(word)) return false;
        value = content[word.Length..end];
        content = content[(end + 1)..];
        return true;
    }
}
