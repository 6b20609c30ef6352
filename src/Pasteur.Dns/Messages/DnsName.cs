using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Pasteur.Dns.Messages;

/// <summary>
/// A domain name as it stands in a message: labels, each after its length, and the empty label of the root. In lower case, in which names are
/// compared (RFC 4343) and signed (RFC 8945 section 4.3.3).
/// </summary>
internal sealed class DnsName : IEquatable<DnsName>
{
    public static readonly DnsName Root = new([0]);

    private readonly byte[] _wire;

    private DnsName(byte[] wire) => _wire = wire;

    public ReadOnlySpan<byte> Wire => _wire;

    public bool IsRoot => _wire.Length == 1;

    /// <summary>The name without its first label; null above the root.</summary>
    public DnsName? Parent => IsRoot ? null : new DnsName(_wire[(1 + _wire[0])..]);

    /// <summary>Reads "a.example.org", with or without a dot at its end. Nothing is escaped: what is no letter, digit, "-", "_" or "*" is refused.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out DnsName? name)
    {
        name = null;
        var labels = text.EndsWith('.') ? text[..^1].Split('.') : text.Split('.');
        var wire = new byte[text.Length + 2];
        var length = 0;
        foreach (var label in labels)
        {
            if (label.Length is 0 or > DnsLimits.MaxLabelBytes || !label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '*'))
                return false;
            wire[length++] = (byte)label.Length;
            length += Encoding.ASCII.GetBytes(label.ToLowerInvariant(), wire.AsSpan(length));
        }
        length++;
        if (length > DnsLimits.MaxNameBytes)
            return false;
        name = new DnsName(wire[..length]);
        return true;
    }

    /// <param name="wire">Labels and root, checked by the reader; copied.</param>
    public static DnsName FromWire(ReadOnlySpan<byte> wire)
    {
        // Lengths of labels are below 64, and so no letters.
        var lower = new byte[wire.Length];
        for (var i = 0; i < wire.Length; i++)
            lower[i] = wire[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(wire[i] | 0x20) : wire[i];
        return new DnsName(lower);
    }

    /// <summary>Whether it is that name or one below it.</summary>
    public bool IsWithin(DnsName zone)
    {
        for (var name = this; name is not null; name = name.Parent)
        {
            if (name.Equals(zone))
                return true;
        }
        return false;
    }

    /// <summary>The name of all that stand beside this one: its first label replaced by "*" (RFC 4592); null where that is no name.</summary>
    public DnsName? Wildcard => IsRoot ? null : new DnsName([1, (byte)'*', .. _wire.AsSpan(1 + _wire[0])]);

    public bool Equals(DnsName? other) => other is not null && _wire.AsSpan().SequenceEqual(other._wire);

    public override bool Equals(object? obj) => Equals(obj as DnsName);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(_wire);
        return hash.ToHashCode();
    }

    /// <summary>For people, without the last dot. A server may have sent any bytes: what is not printable stands as \DDD (RFC 1035 section 5.1).</summary>
    public override string ToString()
    {
        if (IsRoot)
            return ".";
        var text = new StringBuilder();
        for (var at = 0; _wire[at] != 0; at += 1 + _wire[at])
        {
            if (at > 0)
                text.Append('.');
            foreach (var b in _wire.AsSpan(at + 1, _wire[at]))
                _ = b is > (byte)' ' and <= (byte)'~' and not ((byte)'.' or (byte)'\\') ? text.Append((char)b) : text.Append($"\\{b:D3}");
        }
        return text.ToString();
    }
}
