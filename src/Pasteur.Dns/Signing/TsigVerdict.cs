namespace Pasteur.Dns.Signing;

/// <summary>What a response's signature is worth.</summary>
internal enum TsigStatus
{
    /// <summary>Made by who has the key, for this request.</summary>
    Valid,

    /// <summary>There is none, or a record of one without a signature, in which a server says that it could not check ours.</summary>
    Absent,

    /// <summary>It is of another key, malformed, or does not belong to what stands in the message.</summary>
    Wrong,

    /// <summary>It is right, but the time in it is not ours.</summary>
    OutOfTime,
}

/// <param name="Error">What the server says of our signature.</param>
/// <param name="ServerAhead">By how much its clock is ahead of ours; of <see cref="TsigError.BadTime"/> and <see cref="TsigStatus.OutOfTime"/>.</param>
internal sealed record TsigVerdict(TsigStatus Status, TsigError Error = TsigError.None, TimeSpan? ServerAhead = null);
