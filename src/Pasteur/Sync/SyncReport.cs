using System.Globalization;
using Pasteur.Git.Objects;
using Pasteur.Health;

namespace Pasteur.Sync;

/// <summary>Tells the health report, the metrics and the log how the sync stands. A problem is logged when it begins and when it changes, not at every try.</summary>
internal sealed class SyncReport(HealthMonitor monitor, SiteMetrics metrics, TimeProvider time, ILogger log)
{
    private SyncProblem? _fetchProblem;
    private SyncProblem? _pushProblem;
    private readonly SyncProblem?[] _sideProblems = new SyncProblem?[3];
    private readonly Backlog _backlog = new();

    public ILogger Log => log;

    /// <summary>What is wrong now, or null.</summary>
    public SyncProblem? Problem => Volatile.Read(ref _pushProblem) ?? Volatile.Read(ref _fetchProblem) ?? Volatile.Read(ref _sideProblems[0]) ?? Volatile.Read(ref _sideProblems[1]) ?? Volatile.Read(ref _sideProblems[2]);

    public void Started(string address, string branch)
    {
        monitor.UpdateRemote(status => status with { Address = address });
        log.Started(address, branch);
    }

    /// <param name="sequence">Of the first snapshot that holds the commit.</param>
    public void Committed(PushedBranches branches, long sequence)
    {
        _backlog.Add(branches, sequence);
        monitor.UpdateRemote(status => status with { Backlog = _backlog.Commits, OldestUnpushed = status.OldestUnpushed ?? time.GetUtcNow() });
    }

    /// <summary>So many commits wait, none of them stored before <paramref name="since"/>.</summary>
    /// <param name="sequence">Of the snapshot by which that is so.</param>
    public void Waiting(PushedBranches branches, int commits, DateTimeOffset since, long sequence)
    {
        var before = _backlog.Set(branches, commits, sequence);
        // A push whose outcome was unknown has landed, as a fetch has shown since.
        if (branches == PushedBranches.Own && commits == 0)
            Volatile.Write(ref _pushProblem, null);
        var isPushed = branches != PushedBranches.Own && commits < before;
        monitor.UpdateRemote(status => status with
        {
            Backlog = _backlog.Commits,
            LastPush = isPushed ? time.GetUtcNow() : status.LastPush,
            OldestUnpushed = _backlog.Commits == 0 ? null : status.OldestUnpushed ?? since,
            Problem = Problem?.Reason,
        });
    }

    public void Fetched(bool changed)
    {
        metrics.Fetched(changed ? "changed" : "unchanged");
        if (Interlocked.Exchange(ref _fetchProblem, null) is not null)
            log.FetchesAgain();
        monitor.UpdateRemote(status => status with { FirstFetchDone = true, LastFetch = time.GetUtcNow(), Problem = Problem?.Reason });
    }

    public void FetchFailed(SyncProblem problem)
    {
        metrics.Fetched("failed");
        if (Interlocked.Exchange(ref _fetchProblem, problem) != problem)
            log.CannotFetch(problem.Reason);
        ShowProblem();
    }

    public void Pushed(int commits, ObjectId tip, TimeSpan elapsed)
    {
        metrics.Pushed("ok", elapsed);
        log.Pushed(commits, tip.ToString());
        Volatile.Write(ref _pushProblem, null);
        _backlog.Take(PushedBranches.Own, commits);
        monitor.UpdateRemote(status => status with
        {
            Backlog = _backlog.Commits,
            LastPush = time.GetUtcNow(),
            OldestUnpushed = null,
            Problem = Problem?.Reason,
        });
    }

    /// <summary>Branches that come and go were taken by the remote, or there were none to push.</summary>
    public void SidePushed(int branches, bool isInbox)
    {
        if (branches > 0)
            log.SidePushed(branches, Side(isInbox));
        if (Interlocked.Exchange(ref _sideProblems[isInbox ? 1 : 0], null) is not null)
            ShowProblem();
    }

    /// <summary>The remote makes and deletes branches.</summary>
    public void SideTaken(bool isInbox) => monitor.UpdateRemote(status => isInbox ? status with { RefusesInbox = null } : status with { RefusesEnding = null });

    /// <summary>It does not; the site does without, and says so.</summary>
    public void SideRefused(string words, bool isInbox)
    {
        if (isInbox && monitor.Remote?.RefusesInbox != words)
            log.InboxRefused(words);
        else if (!isInbox && monitor.Remote?.RefusesEnding != words)
            log.EndingRefused(words);
        monitor.UpdateRemote(status => isInbox ? status with { RefusesInbox = words } : status with { RefusesEnding = words });
    }

    public void SideDeleted(int branches, bool isInbox) => log.SideDeleted(branches, Side(isInbox));

    public void SideFailed(SyncProblem problem, bool isInbox)
    {
        if (Interlocked.Exchange(ref _sideProblems[isInbox ? 1 : 0], problem) != problem)
            log.CannotPushSide(Side(isInbox), problem.Reason);
        ShowProblem();
    }

    /// <summary>What somebody waits for came.</summary>
    public void PromisedFetched()
    {
        if (Interlocked.Exchange(ref _sideProblems[2], null) is not null)
            ShowProblem();
    }

    public void PromisedFailed(SyncProblem problem)
    {
        if (Interlocked.Exchange(ref _sideProblems[2], problem) != problem)
            log.CannotBring(problem.Reason);
        ShowProblem();
    }

    public void InboxMerged(string inbox, string branch, ObjectId commit, TimeSpan elapsed)
    {
        metrics.Pushed("ok", elapsed);
        log.InboxMerged(inbox, $"{branch}: {commit}, which took the remote {(long)elapsed.TotalMilliseconds} ms");
        Volatile.Write(ref _sideProblems[1], null);
        ShowProblem();
    }

    private static string Side(bool isInbox) => isInbox ? "inboxes" : "branches of pastes that end";

    public void LostRace(string reason, TimeSpan elapsed)
    {
        metrics.Pushed("raced", elapsed);
        log.LostRace(reason);
    }

    /// <param name="outcome">One of few words, for the metrics.</param>
    public void PushFailed(string outcome, SyncProblem problem, TimeSpan elapsed)
    {
        metrics.Pushed(outcome, elapsed);
        if (Interlocked.Exchange(ref _pushProblem, problem) != problem)
            log.CannotPush(problem.Reason);
        ShowProblem();
    }

    public void RemoteSays(IReadOnlyList<string> lines)
    {
        foreach (var line in lines)
            log.RemoteSays(line);
    }

    public void KeptAside(string? name)
    {
        if (name is null || monitor.Remote?.KeptAside == name)
            return;
        log.KeptAside(name);
        monitor.UpdateRemote(status => status with { KeptAside = name, Incident = $"{Now()}: the branch was rewritten; what was here before is kept as {name}" });
    }

    /// <summary>The remote's branch, or the repository that held it, was taken away.</summary>
    public void BranchGone(string branch)
    {
        log.BranchGone(branch);
        monitor.UpdateRemote(status => status with { Incident = $"{Now()}: the branch was gone; it is made again from what is here" });
    }

    /// <summary>The remote lacks the history that was never fetched: it begins anew with the newest state that is known.</summary>
    public void Detached()
    {
        log.Detached();
        monitor.UpdateRemote(status => status with { Incident = $"{Now()}: the branch was gone with its history; it is made again from the newest state that is here" });
    }

    public void ErasedElsewhere(int pastes, int commits) => log.ErasedElsewhere(pastes, commits);

    private string Now() => time.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private void ShowProblem() => monitor.UpdateRemote(status => status with { Problem = Problem?.Reason });
}
