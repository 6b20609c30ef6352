namespace Pasteur.Configuration;

/// <summary>What an http remote asks for in place of a password (RFC 6750, or a host's own kind). Never shown.</summary>
internal sealed record HttpToken(string Text)
{
    public static Parsed<HttpToken> Parse(string text)
    {
        if (text.Length == 0)
            return Parsed.Bad<HttpToken>("is empty; give the token that the remote's host gave you");
        if (text.Length > Limits.MaxTokenLength)
            return Parsed.Bad<HttpToken>($"is too long; a token has at most {Limits.MaxTokenLength} characters");
        // A header could not hold them, or would end at them.
        return text.All(c => c is >= ' ' and <= '~')
            ? Parsed.Ok(new HttpToken(text))
            : Parsed.Bad<HttpToken>("has a line break or another character that no token has; give the token alone");
    }

    /// <summary>The token that is all of a file; the end of its line is dropped.</summary>
    public static Parsed<HttpToken> ReadFile(string path)
    {
        var read = SmallFile.ReadText(path, Limits.MaxTokenFileBytes);
        return read.IsOk ? Parse(read.Value.TrimEnd('\n').TrimEnd('\r')) : Parsed.Bad<HttpToken>(read.Problem);
    }

    public override string ToString() => "(hidden)";
}
