using Pasteur.Git.Objects;

namespace Pasteur.Git.Protocol;

/// <summary>How a fetch ended. What the remote said and did is here; a fault of the receiver of the pack is thrown as it is.</summary>
public abstract record FetchOutcome
{
    private FetchOutcome()
    {
    }

    /// <summary>Every ref that was asked for names an object that we have.</summary>
    public sealed record UpToDate(RemoteRefs Refs) : FetchOutcome;

    /// <summary>A pack was received whole.</summary>
    /// <param name="Messages">What the server said to people meanwhile.</param>
    public sealed record Fetched(RemoteRefs Refs, long PackBytes, IReadOnlyList<string> Messages) : FetchOutcome;

    /// <summary>The server leaves nothing out for us (<see cref="FetchRequest.Filter"/>): it speaks an old protocol, or its owner has not allowed that. Nothing was fetched.</summary>
    public sealed record NotFiltered : FetchOutcome;

    /// <summary>The server refused, in its own words.</summary>
    public sealed record Refused(string Words) : FetchOutcome;

    /// <summary>What we lack is more than we take at once. A smaller <see cref="FetchRequest.Depth"/> may do.</summary>
    public sealed record TooLarge(string Reason) : FetchOutcome;

    /// <summary>The conversation failed: no connection, a stall, or something that is not the Git protocol.</summary>
    public sealed record Broken(string Reason) : FetchOutcome
    {
        /// <summary>It has not heard what we want: what that was is not why.</summary>
        public bool IsAway { get; init; }
    }
}
