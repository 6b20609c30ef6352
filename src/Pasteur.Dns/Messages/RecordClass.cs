namespace Pasteur.Dns.Messages;

/// <summary>RFC 1035 section 3.2.4; in an update, what is not of the Internet says what is to be done (RFC 2136 section 2.5).</summary>
internal enum RecordClass : ushort
{
    Internet = 1,

    /// <summary>Delete this very record.</summary>
    None = 254,

    /// <summary>Of a signature.</summary>
    Any = 255,
}
