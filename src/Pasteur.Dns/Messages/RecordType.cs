namespace Pasteur.Dns.Messages;

/// <summary>Types of records that are asked for or written (RFC 1035 section 3.2.2, RFC 8945 section 4.2).</summary>
internal enum RecordType : ushort
{
    Ns = 2,
    Cname = 5,
    Soa = 6,
    Txt = 16,
    Tsig = 250,
}
