namespace Pasteur.Pastes;

/// <summary>
/// A text area makes every end of line a line feed (HTML, "API value" of textarea). What comes back from one gets the ends that the file had:
/// an edit of one line is not to change all others.
/// </summary>
internal static class EditedLines
{
    /// <param name="was">The file as it is kept.</param>
    /// <param name="edited">The same from a text area, with line feeds alone.</param>
    public static ReadOnlyMemory<byte> Restore(ReadOnlyMemory<byte> was, ReadOnlyMemory<byte> edited)
    {
        if (!was.Span.Contains((byte)'\r')) return edited;
        if (ToLineFeeds(was.Span).SequenceEqual(edited.Span)) return was;
        return IsAllOfDos(was.Span) ? ToDos(edited.Span) : edited;
    }

    private static ReadOnlySpan<byte> ToLineFeeds(ReadOnlySpan<byte> text)
    {
        var lines = new byte[text.Length];
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' && i > 0 && text[i - 1] == '\r') continue;
            lines[count++] = text[i] == '\r' ? (byte)'\n' : text[i];
        }
        return lines.AsSpan(0, count);
    }

    private static bool IsAllOfDos(ReadOnlySpan<byte> text) =>
        text.Count("\r\n"u8) is var pairs && pairs == text.Count((byte)'\r') && pairs == text.Count((byte)'\n');

    private static byte[] ToDos(ReadOnlySpan<byte> text)
    {
        var lines = new byte[text.Length + text.Count((byte)'\n')];
        var count = 0;
        foreach (var one in text)
        {
            if (one == '\n') lines[count++] = (byte)'\r';
            lines[count++] = one;
        }
        return lines;
    }
}
