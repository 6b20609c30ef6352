using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Git.Protocol;

namespace Pasteur.Sync;

/// <summary>What pusher and puller work with.</summary>
internal sealed class SyncParts
{
    public required Repository Repository { get; init; }

    public required GitRemote Remote { get; init; }

    /// <summary>The same for objects that somebody waits for, with less patience; null: no other.</summary>
    public GitRemote? ObjectsRemote { get; init; }

    /// <summary>Of a branch that is kept in part, the paths that everybody looks at.</summary>
    public IReadOnlyList<string> LookedAtFirst { get; init; } = [];

    /// <summary>A branch with fewer pastes is fetched as a whole.</summary>
    public int SmallestPart { get; init; } = Limits.SmallestPart;

    /// <summary>So many bytes are kept of what is fetched because somebody asked for it.</summary>
    public long PartBytes { get; init; } = Limits.PartBytes(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    public required RemoteSettings Settings { get; init; }

    /// <summary>The branch here and there: "main".</summary>
    public required string Branch { get; init; }

    /// <summary>False: all is in memory, and a remote with a long history is fetched without it.</summary>
    public required bool KeepsData { get; init; }

    public required SyncReport Report { get; init; }

    /// <summary>Branches whose pastes end; null when they are none of the remote's business.</summary>
    public EndingBranches? Ending { get; init; }

    /// <summary>Branches that take pastes in place of a large one; null when nobody follows them.</summary>
    public EndingBranches? Inbox { get; init; }

    /// <summary>What other servers make way for while this one makes the remote's history again, and the other way round.</summary>
    public required ErasingBranch Erasing { get; init; }

    /// <summary>All that come and go.</summary>
    public IEnumerable<EndingBranches> Sides => ((EndingBranches?[])[Ending, Inbox]).OfType<EndingBranches>();

    /// <summary>Why a fetched commit must not become our branch (a newer format), or null.</summary>
    public Func<ObjectId, string?> Refuses { get; init; } = static _ => null;

    /// <summary>What a fetched commit says is erased and this server does not know to be: it goes here before anything else is taken in.</summary>
    public Func<ObjectId, IReadOnlyList<ErasedFolder>> NewErasures { get; init; } = static _ => [];

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public Random Random { get; init; } = Random.Shared;

    /// <summary>What the remote has shown is older than what it has taken from us since it was asked.</summary>
    /// <param name="before">From before it was asked.</param>
    public bool IsOld(Snapshot before, string branch, ObjectId tip) =>
        Repository.RemoteTip(branch) is { } seen && seen != tip && seen != before.RemoteTip(branch) && Repository.HasCommit(tip) && Repository.IsAncestor(tip, seen);

    /// <summary>Has brought what is not here. Null, or why that did not work.</summary>
    public Task<string?> BringAsync(MissingObjectException missing, CancellationToken cancellationToken) =>
        missing.Reason is null && Repository.Part is { } part ? part.FetchAsync(missing.Id, cancellationToken) : Task.FromResult(missing.Reason);

    /// <summary>The branch's full name, the same on both sides.</summary>
    public string Head => "refs/heads/" + Branch;

    // Who waits for the remote's word waits for one more try at least.
    public Backoff NewBackoff() => new(Limits.FirstRetry, Settings.Ack == AckMode.Remote ? Limits.RemoteAckTimeoutWhenAway : Limits.LongestRetry, Random);
}
