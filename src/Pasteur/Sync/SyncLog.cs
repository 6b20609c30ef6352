namespace Pasteur.Sync;

/// <summary>Every line that the sync logs. What a server said is cleaned where it is read; no address here has a secret in it.</summary>
internal static partial class SyncLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "the remote is {Address}, its branch {Branch}")]
    public static partial void Started(this ILogger log, string address, string branch);

    [LoggerMessage(Level = LogLevel.Debug, Message = "fetched {Bytes} bytes; the remote's branch is at {Tip}")]
    public static partial void Fetched(this ILogger log, long bytes, string tip);

    [LoggerMessage(Level = LogLevel.Warning, Message = "cannot fetch: {Reason}")]
    public static partial void CannotFetch(this ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "fetching works again")]
    public static partial void FetchesAgain(this ILogger log);

    [LoggerMessage(Level = LogLevel.Debug, Message = "pushed {Commits} commits to {Tip}")]
    public static partial void Pushed(this ILogger log, int commits, string tip);

    [LoggerMessage(Level = LogLevel.Warning, Message = "cannot push: {Reason}")]
    public static partial void CannotPush(this ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "somebody else pushed first ({Reason}); fetching and trying again")]
    public static partial void LostRace(this ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "pushes wait for whoever made {Branch}")]
    public static partial void MadeWay(this ILogger log, string branch);

    [LoggerMessage(Level = LogLevel.Debug, Message = "remote: {Line}")]
    public static partial void Progress(this ILogger log, string line);

    [LoggerMessage(Level = LogLevel.Information, Message = "remote: {Line}")]
    public static partial void RemoteSays(this ILogger log, string line);

    [LoggerMessage(Level = LogLevel.Information, Message = "put {Commits} commits of ours on top of the remote's {Tip}")]
    public static partial void Replayed(this ILogger log, int commits, string tip);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} was changed here and on the remote at the same time: the remote's is kept, and what either has deleted is gone")]
    public static partial void Conflict(this ILogger log, string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the remote's branch was rewritten; what was here before is kept as {Ref}")]
    public static partial void KeptAside(this ILogger log, string @ref);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the remote's branch {Branch} is gone; it will be made again from what is here")]
    public static partial void BranchGone(this ILogger log, string branch);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the remote lacks the history that was never fetched: the branch begins anew with the newest state that is here")]
    public static partial void Detached(this ILogger log);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the remote has no branch {Branch}; its HEAD names {Head}. The first push will create {Branch}; if your pastes are on the other, use --branch")]
    public static partial void OtherHead(this ILogger log, string branch, string head);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the branch {Branch} was set back in the data folder, but the remote still has {Tip}: brought in again; to take commits off for good, do it on the remote")]
    public static partial void SetBackHere(this ILogger log, string branch, string tip);

    [LoggerMessage(Level = LogLevel.Debug, Message = "pushed {Branches} {Kind}")]
    public static partial void SidePushed(this ILogger log, int branches, string kind);

    [LoggerMessage(Level = LogLevel.Warning, Message = "pastes that end are refused, because {Reason}. --expiry-on local would keep them on this machine alone; --expiry-on none refuses them without asking")]
    public static partial void EndingRefused(this ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "deleted {Branches} {Kind} on the remote whose time is over")]
    public static partial void SideDeleted(this ILogger log, int branches, string kind);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind}: {Reason}")]
    public static partial void CannotPushSide(this ILogger log, string kind, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "pastes go to the site's branch itself, however large, because {Reason}. --inbox-above 0 would not ask")]
    public static partial void InboxRefused(this ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "merged {Inbox} into {Commit}")]
    public static partial void InboxMerged(this ILogger log, string inbox, string commit);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Inbox} is gone from the remote, and nothing there has taken it in: it is made again from what is here")]
    public static partial void InboxGone(this ILogger log, string inbox);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Pastes} pastes were erased by another server: they are erased here too, and {Commits} commits made again")]
    public static partial void ErasedElsewhere(this ILogger log, int pastes, int commits);

    [LoggerMessage(Level = LogLevel.Information, Message = "the remote has taken {Branches} branches that were made again")]
    public static partial void ErasedThere(this ILogger log, int branches);

    [LoggerMessage(Level = LogLevel.Information, Message = "the remote's branch holds about {Pastes} pastes: what is asked for is fetched then, and the rest stays there")]
    public static partial void KeepsPart(this ILogger log, string pastes);

    /// <param name="isMuch">It would be kept in part, if that could be.</param>
    public static void FetchesWhole(this ILogger log, string? reason, int objects, bool isMuch)
    {
        var what = $"{objects} objects, some {(long)objects * Configuration.Limits.BytesOfAnObject >> 20} MB if pastes are of 2,000 bytes";
        if (reason is null || !isMuch) log.FetchesSmall(what);
        else log.FetchesAll(what, reason);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "the newest state of the remote is fetched into memory: {What}")]
    private static partial void FetchesSmall(this ILogger log, string what);

    [LoggerMessage(Level = LogLevel.Warning, Message = "all of the remote's newest state is fetched into memory, {What}, because of the remote: {Reason}")]
    private static partial void FetchesAll(this ILogger log, string what, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "what somebody asks for can't be fetched: {Reason}")]
    public static partial void CannotBring(this ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "a fault of our own in the sync; trying again")]
    public static partial void OwnFault(this ILogger log, Exception fault);
}
