namespace Pasteur.Sync;

/// <summary>What the remote made of a commit that somebody waits for.</summary>
internal abstract record RemoteAck
{
    private RemoteAck()
    {
    }

    /// <summary>The remote said "ok" to a push that holds it.</summary>
    public sealed record Landed : RemoteAck;

    /// <summary>The remote refused it, in these words. It stays here, and is offered again.</summary>
    public sealed record Rejected(string Words) : RemoteAck;

    /// <summary>No answer in time: it may be there, or get there yet.</summary>
    public sealed record Unknown(string Reason) : RemoteAck;
}
