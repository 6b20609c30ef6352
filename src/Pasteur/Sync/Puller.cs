using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Git.Protocol;

namespace Pasteur.Sync;

/// <summary>
/// Brings in what others pushed: by the clock, when a push lost to somebody else's, and when somebody asks for an id that nobody
/// here knows. One fetch at a time.
/// </summary>
internal sealed class Puller : IAsyncDisposable
{
    private const int MaxHaves = 32;

    private readonly SyncParts _parts;
    private readonly Backoff _backoff;
    private readonly Turn _oneAtATime = new();
    private readonly InboxIntake? _inboxes;
    private readonly PartFetch _fetch;
    private readonly WakeUp _hurry;
    private bool _toldOfOtherHead;
    private RewindPolicy _takesIn;
    private Snapshot _before;

    public Puller(SyncParts parts, CancellationToken stop)
    {
        _parts = parts;
        _hurry = new WakeUp(parts.Time);
        _fetch = new PartFetch(parts, stop) { Hurry = _hurry.Call };
        _before = parts.Repository.Current;
        _backoff = parts.NewBackoff();
        _inboxes = parts.Inbox is { } inboxes ? new InboxIntake(parts, inboxes) { Done = AfterInboxes } : null;
    }

    /// <summary>Runs when the remote answers again after failures.</summary>
    public Action? CameBack { get; set; }

    /// <summary>The remote has branches whose time is over.</summary>
    public event Action? FoundPast;

    /// <summary>What went from an inbox to the branch waits to be pushed.</summary>
    public Action? OursWait { get; set; }

    /// <summary>Those, as the last fetch has shown them: full names and tips.</summary>
    public IReadOnlyDictionary<string, ObjectId> Past { get; private set; } = new Dictionary<string, ObjectId>();

    /// <summary>When somebody else's commits were last taken in.</summary>
    public DateTimeOffset LastForeign { get; private set; }

    /// <summary>How long a fetch that nobody needs at once should wait, after failures.</summary>
    public TimeSpan Pause { get; private set; }

    /// <summary>What the remote has was taken in, once at least.</summary>
    public bool HasFetched { get; private set; }

    /// <summary>A fetch begins now; the task ends with it, whatever comes of it.</summary>
    public event Action<Task>? Begins;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await FetchAsync(cancellationToken);
            await _hurry.SleepAsync(Pause > TimeSpan.Zero ? Pause : Interval(_parts.Settings.PullEvery, _parts.Random), cancellationToken);
        }
    }

    /// <summary>Never later than promised; sooner by up to a fifth, so that many servers don't ask at once for ever.</summary>
    internal static TimeSpan Interval(TimeSpan pullEvery, Random random) => pullEvery * (1 - (random.NextDouble() / 5));

    /// <summary>Fetches once, from now on. False when that failed; the report says why.</summary>
    /// <param name="begun">Called before the remote is asked: until then, what this fetch will show is not decided.</param>
    public Task<bool> FetchAsync(CancellationToken cancellationToken, Action? begun = null) => FetchAsync(isAll: false, cancellationToken, begun);

    /// <summary>Fetches all history, as if nothing were here. False when that failed.</summary>
    public Task<bool> FetchAllAsync(CancellationToken cancellationToken) => FetchAsync(isAll: true, cancellationToken);

    private async Task<bool> FetchAsync(bool isAll, CancellationToken cancellationToken, Action? begun = null)
    {
        using var turn = await _oneAtATime.TakeAsync(cancellationToken);
        begun?.Invoke();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Begins?.Invoke(ended.Task);
        try
        {
            var problem = await TryFetchAsync(isAll, cancellationToken);
            if (problem is not null)
            {
                Pause = _backoff.Next();
                _parts.Report.FetchFailed(problem);
                return false;
            }
            if (_backoff.Failures > 0)
                CameBack?.Invoke();
            _backoff.Reset();
            Pause = TimeSpan.Zero;
            HasFetched = true;
            return true;
        }
        finally
        {
            ended.TrySetResult();
        }
    }

    /// <summary>No fetch goes on until what is returned is disposed of: what one has seen of the remote would be old by then.</summary>
    public Task<IDisposable> HoldAsync(CancellationToken cancellationToken) => _oneAtATime.TakeAsync(cancellationToken);

    /// <summary>Waits for the fetch that is under way; the caller has cancelled it.</summary>
    public async ValueTask DisposeAsync()
    {
        using (await _oneAtATime.TakeAsync(CancellationToken.None))
        {
            // Nobody fetches any more.
        }
        _oneAtATime.Dispose();
    }

    // Null, or why it failed.
    private async Task<SyncProblem?> TryFetchAsync(bool isAll, CancellationToken cancellationToken)
    {
        // What the remote is told to be here must still be here when its answer is taken in.
        using var fetch = _parts.Repository.BeginFetch();
        _before = _parts.Repository.Current;
        try
        {
            var request = isAll ? Request() with { IsKnown = static _ => false, Haves = [], HavesOf = static _ => [], Shallow = [], Depth = 0 } : Request();
            var outcome = await _fetch.FetchAsync(request, cancellationToken);
            // A rewritten history, or a long one behind a short absence: the newest state will do.
            if (outcome is FetchOutcome.TooLarge && request.Depth == 0 && !isAll)
                outcome = await _fetch.FetchAsync(request with { Depth = 1 }, cancellationToken);
            var problem = outcome switch
            {
                FetchOutcome.UpToDate upToDate => await TakeInAsync(upToDate.Refs, cancellationToken),
                FetchOutcome.Fetched fetched => await TakeInAsync(fetched, cancellationToken),
                FetchOutcome.Refused refused => refused.Words,
                FetchOutcome.TooLarge tooLarge => tooLarge.Reason,
                FetchOutcome.Broken broken => broken.Reason,
                _ => throw new InvalidOperationException($"No fetch ends as {outcome}."),
            };
            return problem is null ? null : new SyncProblem(problem);
        }
        catch (GitDataException e)
        {
            return SyncProblem.OfUnsoundData(e);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            _parts.Report.Log.OwnFault(e);
            return SyncProblem.OfOurs("fetching", e);
        }
    }

    private FetchRequest Request() => new()
    {
        Refs = [_parts.Head, .. _parts.Sides.Select(side => side.Heads)],
        Wants = name => name == _parts.Head || _parts.Sides.Any(side => side.IsFollowed(name)),
        IsKnown = _parts.Repository.HasCommit,
        Receive = (pack, shallow, ct) => _parts.Repository.IngestAsync(pack, [.. _parts.Repository.Shallow, .. shallow], ct),
        Haves = Haves(),
        HavesOf = HavesOfSides,
        Shallow = [.. _parts.Repository.Shallow],
        Depth = NeedsHistory() ? 0 : 1,
    };

    // Without data of our own, or without a disk to keep it on, what the remote had before its tip is of no use here. What it
    // adds later is fetched whole: a gap would look like a rewritten history.
    private bool NeedsHistory() =>
        _parts.Repository.RemoteTip(_parts.Branch) is not null || _parts.Sides.Any(side => Seen(side).Any()) || (_parts.KeepsData && _parts.Repository.Current.TryGetRef(_parts.Head, out _));

    // What the remote had last, then its ancestors at doubling distances: after a rewrite one of them is still common.
    private IEnumerable<ObjectId> Haves()
    {
        var snapshot = _parts.Repository.Current;
        var next = _parts.Repository.RemoteTip(_parts.Branch);
        for (int distance = 0, step = 1, count = 0; next is { } id && count < MaxHaves; distance++)
        {
            if (distance == 0 || distance == step)
            {
                step = distance == 0 ? 1 : step * 2;
                count++;
                yield return id;
            }
            next = _parts.Repository.HasCommit(id) && snapshot.ReadCommit(id).Parents is [var parent, ..] && _parts.Repository.HasCommit(parent) ? parent : null;
        }
    }

    private async Task<string?> TakeInAsync(FetchOutcome.Fetched fetched, CancellationToken cancellationToken)
    {
        foreach (var line in fetched.Messages)
            _parts.Report.Log.Progress(line);
        var problem = await TakeInAsync(fetched.Refs, cancellationToken);
        if (problem is null && fetched.Refs.Tips.TryGetValue(_parts.Head, out var tip))
            _parts.Report.Log.Fetched(fetched.PackBytes, tip.ToString());
        return problem;
    }

    // Of branches that went on since, what they were; of inboxes that are gone too, since the branch may have taken them in.
    private IEnumerable<ObjectId> HavesOfSides(RemoteRefs refs)
    {
        foreach (var side in _parts.Sides)
            foreach (var branch in Seen(side))
                if (_parts.Repository.RemoteTip(branch) is { } seen && (refs.Tips.TryGetValue("refs/heads/" + branch, out var tip) ? seen != tip : side.IsInbox)) yield return seen;
    }

    private IEnumerable<string> Seen(EndingBranches side) => _parts.Repository.Current.RefNames.Select(side.SeenBranchOf).OfType<string>();

    private async Task<string?> TakeInAsync(RemoteRefs refs, CancellationToken cancellationToken)
    {
        for (var misses = 0; ; misses++)
        {
            try
            {
                return await _fetch.PrepareAsync(refs, cancellationToken)
                    ?? await TakeInErasuresAsync(refs, cancellationToken)
                    ?? await TakeInEndingAsync(refs, cancellationToken)
                    ?? await TakeInMainAsync(refs, cancellationToken)
                    ?? (_inboxes is null ? null : await _inboxes.TakeInAsync(refs, _before, cancellationToken));
            }
            catch (MissingObjectException e) when (misses < Limits.MaxMisses)
            {
                // All of it can be done twice.
                if (await _parts.BringAsync(e, cancellationToken) is { } problem)
                    return problem;
            }
        }
    }

    // Another server has erased something: it goes from all that is here, what was never pushed too. Whoever rewrites the same history gets
    // the same commits, so that afterwards the remote has gone on from where it was.
    private async Task<string?> TakeInErasuresAsync(RemoteRefs refs, CancellationToken cancellationToken)
    {
        // Of a branch that is not here as a whole there is nothing to put back.
        _takesIn = _parts.Repository.Part is not null && _parts.Settings.OnRewind == RewindPolicy.Replay ? RewindPolicy.Follow : _parts.Settings.OnRewind;
        if (!refs.Tips.TryGetValue(_parts.Head, out var tip) || tip == _parts.Repository.RemoteTip(_parts.Branch) || _parts.Refuses(tip) is not null)
            return null;
        var folders = _parts.NewErasures(tip);
        if (folders.Count == 0)
            return null;
        var now = _parts.Time.GetUtcNow();
        var outcome = await _parts.Repository.EraseAsync(new EraseRequest(_parts.Branch, folders) { Author = new Signature("Pasteur", "pasteur@pasteur.invalid", now) }, cancellationToken);
        if (outcome is not EraseOutcome.Erased erased)
            return outcome is EraseOutcome.Unavailable unavailable ? unavailable.Reason : "what another server has erased cannot be erased here";
        // Without its beginning, a history becomes another here than there: the remote's is right.
        if (erased.IsPartial)
            _takesIn = RewindPolicy.Follow;
        if (erased.Commits > 0)
            _parts.Report.ErasedElsewhere(folders.Count, erased.Commits);
        return null;
    }

    private async Task<string?> TakeInEndingAsync(RemoteRefs refs, CancellationToken cancellationToken)
    {
        if (_parts.Ending is not { } ending)
            return null;
        var living = new Dictionary<string, ObjectId>(StringComparer.Ordinal);
        foreach (var (name, tip) in refs.Tips)
            if (ending.LivingBranch(name) is { } alive) living.Add(alive, tip);
        foreach (var (branch, tip) in living)
        {
            if (_parts.Repository.RemoteTip(branch) == tip)
                continue;
            // Whoever has rewritten one may have wanted that something goes: that is followed. What the remote lacks is put on top.
            var outcome = await _parts.Repository.IntegrateAsync(branch, tip, RewindPolicy.Follow, cancellationToken);
            if (outcome is IntegrateOutcome.Unavailable unavailable)
                return unavailable.Reason;
        }
        // Gone before its time: it is made again of what is here. Near its end, another server's clock is ahead.
        foreach (var branch in Seen(ending).Where(branch => !living.ContainsKey(branch) && ending.StateOf(branch) == EndingState.Alive).ToArray())
            if (!await _parts.Repository.ForgetRemoteAsync(branch, cancellationToken))
                return "the store takes no writes";
        FindPast(refs);
        return null;
    }

    private void FindPast(RemoteRefs refs)
    {
        Past = refs.Pick((name, _) => _parts.Sides.Any(side => side.BranchOf(name) is { } branch && side.StateOf(branch) == EndingState.Past));
        if (Past.Count > 0)
            FoundPast?.Invoke();
    }

    private void AfterInboxes(RemoteRefs refs)
    {
        FindPast(refs);
        var snapshot = _parts.Repository.Current;
        if (snapshot.TryGetRef(_parts.Head, out var ours) && ours != snapshot.RemoteTip(_parts.Branch))
            OursWait?.Invoke();
    }

    private async Task<string?> TakeInMainAsync(RemoteRefs refs, CancellationToken cancellationToken)
    {
        var seen = _parts.Repository.RemoteTip(_parts.Branch);
        if (!refs.Tips.TryGetValue(_parts.Head, out var tip))
            return await TakeInAbsenceAsync(refs, seen, cancellationToken);
        if (tip == seen || _parts.IsOld(_before, _parts.Branch, tip))
        {
            _parts.Report.Fetched(changed: false);
            return null;
        }
        if (_parts.Refuses(tip) is { } refusal)
            return $"what the remote has is not taken in: {refusal}";
        var outcome = await _parts.Repository.IntegrateAsync(_parts.Branch, tip, _takesIn, cancellationToken);
        var problem = outcome switch
        {
            IntegrateOutcome.UpToDate or IntegrateOutcome.FastForwarded => null,
            IntegrateOutcome.Replayed replayed => Tell(replayed),
            IntegrateOutcome.Rewound rewound => $"the remote's branch was rewritten: {rewound.RemoteTip} does not follow {rewound.LastSeen}; --on-rewind replay or follow goes on",
            IntegrateOutcome.Unavailable unavailable => unavailable.Reason,
            _ => throw new InvalidOperationException($"No integration ends as {outcome}."),
        };
        if (problem is not null)
            return problem;
        // What the first fetch brings may be years old.
        if (outcome is not IntegrateOutcome.UpToDate && seen is not null)
            LastForeign = _parts.Time.GetUtcNow();
        _parts.Report.KeptAside(NewestKeptAside());
        _parts.Report.Fetched(changed: true);
        return null;
    }

    // The branch is not there: not made yet, or taken away.
    private async Task<string?> TakeInAbsenceAsync(RemoteRefs refs, ObjectId? seen, CancellationToken cancellationToken)
    {
        if (seen is not null && _parts.Settings.OnRewind == RewindPolicy.Stop)
            return $"the remote's branch {_parts.Branch} is gone; --on-rewind replay makes it again";
        if (seen is not null)
        {
            _parts.Report.BranchGone(_parts.Branch);
            if (!await _parts.Repository.ForgetRemoteAsync(_parts.Branch, cancellationToken))
                return "the store takes no writes";
        }
        else if (!_toldOfOtherHead && refs.Head is { } head && head != _parts.Head)
        {
            _toldOfOtherHead = true;
            _parts.Report.Log.OtherHead(_parts.Branch, head);
        }
        _parts.Report.Fetched(changed: seen is not null);
        return null;
    }

    private string? Tell(IntegrateOutcome.Replayed replayed)
    {
        _parts.Report.Log.Replayed(replayed.Commits, replayed.Tip.ToString());
        foreach (var path in replayed.Conflicts)
            _parts.Report.Log.Conflict(path);
        return null;
    }

    private string? NewestKeptAside() =>
        _parts.Repository.Current.RefNames.Where(name => name.StartsWith("refs/pasteur/lost/", StringComparison.Ordinal)).Max(StringComparer.Ordinal);
}
