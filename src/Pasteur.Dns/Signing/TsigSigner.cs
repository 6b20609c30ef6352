using System.Buffers.Binary;
using System.Security.Cryptography;
using Pasteur.Dns.Messages;

namespace Pasteur.Dns.Signing;

/// <summary>Signs requests and checks the signatures of responses (RFC 8945 section 5).</summary>
internal static class TsigSigner
{
    private const int AdditionalsAt = 10; // in the header
    private const int TimeBytes = 6;

    /// <param name="request">Without additional records.</param>
    public static SignedRequest Sign(ReadOnlySpan<byte> request, TsigKey key, DateTimeOffset now)
    {
        var unsigned = new TsigRecord
        {
            Key = key.Name, Algorithm = key.Algorithm.Name, SignedAt = now.ToUnixTimeSeconds(), FudgeSeconds = (ushort)DnsLimits.Fudge.TotalSeconds,
            Mac = [], OriginalId = BinaryPrimitives.ReadUInt16BigEndian(request), Error = TsigError.None, Other = [],
        };
        var mac = Digest(key, [], request, unsigned);
        var writer = new DnsWriter(new byte[DnsLimits.MaxRequestBytes]);
        writer.WriteBytes(request[..AdditionalsAt]);
        writer.WriteUInt16(1);
        writer.WriteBytes(request[DnsMessage.HeaderBytes..]);
        (unsigned with { Mac = mac }).Write(ref writer);
        return new SignedRequest(writer.Written.ToArray(), mac);
    }

    /// <summary>Whether a response comes from who has the key, answers the request of that MAC, and is of now.</summary>
    public static TsigVerdict Check(DnsMessage response, TsigKey key, ReadOnlySpan<byte> requestMac, DateTimeOffset now)
    {
        if (response.SignatureStart is not { } start)
            return new TsigVerdict(TsigStatus.Absent);
        if (TsigRecord.Read(response) is not { } record)
            return new TsigVerdict(TsigStatus.Wrong);
        // BADKEY and BADSIG come without a MAC, for the server has no key to make one with (section 5.3.2).
        if (record.Mac.Length == 0)
            return new TsigVerdict(TsigStatus.Absent, record.Error);
        if (!record.Key.Equals(key.Name) || !record.Algorithm.Equals(key.Algorithm.Name))
            return new TsigVerdict(TsigStatus.Wrong);

        // What was signed: the message before the signature was added, with the id that it had then.
        var signed = response.Bytes[..start].ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(signed, record.OriginalId);
        BinaryPrimitives.WriteUInt16BigEndian(signed.AsSpan(AdditionalsAt), (ushort)(response.Additionals.Count - 1));
        if (!CryptographicOperations.FixedTimeEquals(Digest(key, requestMac, signed, record), record.Mac))
            return new TsigVerdict(TsigStatus.Wrong);

        var ahead = TimeSpan.FromSeconds(ServerTime(record) - now.ToUnixTimeSeconds());
        if (record.Error == TsigError.BadTime)
            return new TsigVerdict(TsigStatus.Valid, record.Error, ahead);
        return ahead.Duration() > DnsLimits.Fudge
            ? new TsigVerdict(TsigStatus.OutOfTime, record.Error, ahead)
            : new TsigVerdict(TsigStatus.Valid, record.Error);
    }

    // With BADTIME the server's clock stands in the other data, and the time of the request is repeated (section 5.2.3).
    private static long ServerTime(TsigRecord record)
    {
        var reader = new DnsReader(record.Other);
        return record.Error == TsigError.BadTime && record.Other.Length == TimeBytes && reader.TryReadUInt48(out var time) ? time : record.SignedAt;
    }

    // Section 4.3: the request's MAC with its size (in a response), the message, and the variables of the signature.
    private static byte[] Digest(TsigKey key, ReadOnlySpan<byte> requestMac, ReadOnlySpan<byte> message, TsigRecord record)
    {
        using var hmac = IncrementalHash.CreateHMAC(key.Algorithm.Hash, key.Secret);
        Span<byte> buffer = new byte[DnsLimits.MaxRequestBytes + record.Other.Length];
        var writer = new DnsWriter(buffer);
        if (requestMac.Length > 0)
        {
            writer.WriteUInt16(requestMac.Length);
            writer.WriteBytes(requestMac);
        }
        hmac.AppendData(writer.Written);
        hmac.AppendData(message);
        writer = new DnsWriter(buffer);
        writer.WriteName(key.Name);
        writer.WriteUInt16((int)RecordClass.Any);
        writer.WriteUInt32(0);
        writer.WriteName(key.Algorithm.Name);
        writer.WriteUInt48(record.SignedAt);
        writer.WriteUInt16(record.FudgeSeconds);
        writer.WriteUInt16((int)record.Error);
        writer.WriteUInt16(record.Other.Length);
        writer.WriteBytes(record.Other);
        hmac.AppendData(writer.Written);
        return hmac.GetHashAndReset();
    }
}
