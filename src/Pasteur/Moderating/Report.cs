using Pasteur.Configuration;

namespace Pasteur.Moderating;

/// <summary>That somebody thinks that a paste should not be here. By whom is not known.</summary>
/// <param name="code">The paste's.</param>
internal sealed class Report(DateTimeOffset time, string code, string reason)
{
    public DateTimeOffset Time => time;

    public string Code => code;

    public string Reason => reason;
}

/// <param name="digest">SHA-256 of a file's bytes, lower-case hexadecimal digits.</param>
/// <param name="code">The paste that it was seen in; null when nobody said.</param>
internal sealed class BlockedContent(string digest, DateTimeOffset time, string? code)
{
    public string Digest => digest;

    public DateTimeOffset Time => time;

    public string? Code => code;
}

/// <param name="until">Null: for ever.</param>
internal sealed class Ban(AddressRange network, DateTimeOffset? until)
{
    public AddressRange Network => network;

    public DateTimeOffset? Until => until;
}
