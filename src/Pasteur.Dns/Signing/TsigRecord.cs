using Pasteur.Dns.Messages;

namespace Pasteur.Dns.Signing;

/// <summary>
/// The data of a signature (RFC 8945 section 4.2):
/// <code>
/// algorithm name · time signed 6 · fudge 2 · MAC size 2 · MAC · original id 2 · error 2 · other length 2 · other data
/// </code>
/// </summary>
internal sealed record TsigRecord
{
    public required DnsName Key { get; init; }

    public required DnsName Algorithm { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public required long SignedAt { get; init; }

    public required ushort FudgeSeconds { get; init; }

    public required byte[] Mac { get; init; }

    public required ushort OriginalId { get; init; }

    public required TsigError Error { get; init; }

    public required byte[] Other { get; init; }

    /// <summary>Null when there is none, or it is malformed.</summary>
    public static TsigRecord? Read(DnsMessage message)
    {
        if (message.SignatureStart is null)
            return null;
        var record = message.Additionals[^1];
        var reader = new DnsReader(message.Bytes.Span, record.DataStart);
        var whole = reader.TryReadName(out var algorithm) & reader.TryReadUInt48(out var time) & reader.TryReadUInt16(out var fudge)
            & reader.TryReadUInt16(out var macSize) & reader.TryReadBytes(macSize, out var mac)
            & reader.TryReadUInt16(out var id) & reader.TryReadUInt16(out var error)
            & reader.TryReadUInt16(out var otherSize) & reader.TryReadBytes(otherSize, out var other);
        if (!whole || reader.Position != record.DataStart + record.DataLength || record.Class != RecordClass.Any)
            return null;
        return new TsigRecord
        {
            Key = record.Name, Algorithm = algorithm!, SignedAt = time, FudgeSeconds = fudge, Mac = mac.ToArray(),
            OriginalId = id, Error = (TsigError)error, Other = other.ToArray(),
        };
    }

    public void Write(ref DnsWriter writer)
    {
        writer.WriteName(Key);
        writer.WriteUInt16((int)RecordType.Tsig);
        writer.WriteUInt16((int)RecordClass.Any);
        writer.WriteUInt32(0);
        writer.WriteUInt16(Algorithm.Wire.Length + 16 + Mac.Length + Other.Length);
        writer.WriteName(Algorithm);
        writer.WriteUInt48(SignedAt);
        writer.WriteUInt16(FudgeSeconds);
        writer.WriteUInt16(Mac.Length);
        writer.WriteBytes(Mac);
        writer.WriteUInt16(OriginalId);
        writer.WriteUInt16((int)Error);
        writer.WriteUInt16(Other.Length);
        writer.WriteBytes(Other);
    }
}
