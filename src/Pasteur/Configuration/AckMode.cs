namespace Pasteur.Configuration;

/// <summary>When a paste counts as stored, and its author is answered.</summary>
internal enum AckMode
{
    /// <summary>Once it is on this machine's disk; it is pushed in the background.</summary>
    Local,

    /// <summary>Once the remote has said "ok".</summary>
    Remote,
}
