namespace Pasteur.Web.Requests;

/// <summary>How the line ends of a text field are to be taken.</summary>
internal enum LineEnds
{
    /// <summary>Every byte counts: curl sends what the file holds.</summary>
    AsSent,

    /// <summary>Browsers send a text area's line ends as CR LF whatever was typed or pasted (HTML section 4.10.22.4).</summary>
    OfBrowserForm,
}

/// <summary>Turns CR LF into LF.</summary>
internal static class NewLines
{
    /// <summary>Works in place and answers the new length.</summary>
    public static int ToUnix(Span<byte> text)
    {
        var read = text.IndexOf("\r\n"u8);
        if (read < 0) return text.Length;
        var write = read;
        while (read < text.Length)
        {
            // At the CR of a pair: leave it out, and take what lies up to the next pair.
            var rest = text[(read + 1)..];
            var run = rest.IndexOf("\r\n"u8) is >= 0 and var next ? next : rest.Length;
            rest[..run].CopyTo(text[write..]);
            write += run;
            read += 1 + run;
        }
        return write;
    }
}
