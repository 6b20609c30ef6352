using System.Security.Cryptography;
using System.Text;

namespace Pasteur.Dns.Messages;

/// <summary>The requests that are made of a server, each with an id that cannot be guessed.</summary>
internal static class DnsRequest
{
    /// <summary>Asks for the records of one type.</summary>
    public static byte[] Query(DnsName name, RecordType type)
    {
        var writer = new DnsWriter(new byte[DnsLimits.MaxRequestBytes]);
        WriteHeader(ref writer, Opcode.Query, updates: 0);
        WriteQuestion(ref writer, name, type);
        return writer.Written.ToArray();
    }

    /// <summary>
    /// Adds or deletes one TXT record (RFC 2136 sections 2.5.1 and 2.5.4); those beside it are left alone. An update is laid out as a query is:
    /// <code>
    /// header · zone (a question) · no prerequisites · one update (a record) · additionals
    /// </code>
    /// </summary>
    public static byte[] Update(DnsName zone, TxtChange change)
    {
        var writer = new DnsWriter(new byte[DnsLimits.MaxRequestBytes]);
        WriteHeader(ref writer, Opcode.Update, updates: 1);
        WriteQuestion(ref writer, zone, RecordType.Soa);
        writer.WriteName(change.Owner);
        writer.WriteUInt16((int)RecordType.Txt);
        writer.WriteUInt16((int)(change.IsAddition ? RecordClass.Internet : RecordClass.None));
        writer.WriteUInt32(change.IsAddition ? (uint)DnsLimits.ChallengeLifetime.TotalSeconds : 0);
        writer.WriteUInt16(1 + change.Value.Length);
        writer.WriteCharacterString(Encoding.ASCII.GetBytes(change.Value));
        return writer.Written.ToArray();
    }

    private static void WriteHeader(ref DnsWriter writer, Opcode opcode, int updates)
    {
        writer.WriteUInt16(RandomNumberGenerator.GetInt32(1 << 16));
        writer.WriteUInt16((int)opcode << 11);
        writer.WriteUInt16(1);
        writer.WriteUInt16(0);
        writer.WriteUInt16(updates);
        writer.WriteUInt16(0);
    }

    private static void WriteQuestion(ref DnsWriter writer, DnsName name, RecordType type)
    {
        writer.WriteName(name);
        writer.WriteUInt16((int)type);
        writer.WriteUInt16((int)RecordClass.Internet);
    }
}
