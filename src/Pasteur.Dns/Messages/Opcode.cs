namespace Pasteur.Dns.Messages;

/// <summary>RFC 1035 section 4.1.1, RFC 2136 section 1.3.</summary>
internal enum Opcode
{
    Query = 0,
    Update = 5,
}
