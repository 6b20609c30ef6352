using Pasteur.Configuration;
using Pasteur.Git;

namespace Pasteur.Sync;

/// <summary>
/// Keeps the repository and its remote together for as long as the program runs. Whoever commits says so
/// (<see cref="NotifyCommitted"/>); who must know that the remote has it waits (<see cref="WaitForRemoteAsync"/>).
/// </summary>
internal sealed class RemoteSync : IAsyncDisposable
{
    private readonly SyncParts _parts;
    private readonly CancellationTokenSource _stop = new();
    private readonly Puller _puller;
    private readonly Pusher _pusher;
    private readonly Refresher _refresher;
    private readonly EndingPusher? _ending;
    private readonly EndingPusher? _inbox;
    private readonly InboxMerger? _merger;
    private readonly RemoteEraser _eraser;
    private readonly Turn _turn = new();
    private readonly Turn _endingTurn = new();
    private readonly Turn _inboxTurn = new();
    private readonly Lock _nextTurn = new();
    private Task<bool>? _next;
    private Task _running = Task.CompletedTask;

    public RemoteSync(SyncParts parts)
    {
        _parts = parts;
        _puller = new Puller(parts, _stop.Token);
        _pusher = new Pusher(parts, _puller, _turn);
        _ending = parts.Ending is { } ending ? new EndingPusher(parts, _puller, ending, _endingTurn) : null;
        _inbox = parts.Inbox is { } inboxes ? new EndingPusher(parts, _puller, inboxes, _inboxTurn) { Owes = Owes } : null;
        _merger = parts.Inbox is { } merged ? new InboxMerger(parts, _puller, merged, _turn) : null;
        _pusher.Landed = () => _inbox?.Wake();
        _eraser = new RemoteEraser(parts, _puller, [_turn, _endingTurn, _inboxTurn]);
        _puller.CameBack = Hurry;
        _puller.OursWait = _pusher.Wake;
        _refresher = new Refresher(_puller, parts.Time, _stop.Token);
    }

    public void Start()
    {
        _parts.Report.Started(_parts.Settings.Url.ToString(), _parts.Branch);
        _running = Task.WhenAll(
            Task.Run(() => _puller.RunAsync(_stop.Token)),
            Task.Run(() => _pusher.RunAsync(_stop.Token)),
            Task.Run(() => _ending?.RunAsync(_stop.Token) ?? Task.CompletedTask),
            Task.Run(() => _inbox?.RunAsync(_stop.Token) ?? Task.CompletedTask),
            Task.Run(() => _merger?.RunAsync(_stop.Token) ?? Task.CompletedTask));
    }

    /// <summary>A commit was made here.</summary>
    /// <param name="sequence">Of the first snapshot that holds it.</param>
    public void NotifyCommitted(long sequence)
    {
        _parts.Report.Committed(PushedBranches.Own, sequence);
        _pusher.Wake();
    }

    /// <summary>The remote's word on a commit, or that it did not come in time.</summary>
    /// <param name="sequence">Of the first snapshot that holds the commit.</param>
    public ValueTask<RemoteAck> WaitForRemoteAsync(long sequence, CancellationToken cancellationToken) => WaitForRemoteAsync(_pusher.Acks, sequence, cancellationToken);

    private async ValueTask<RemoteAck> WaitForRemoteAsync(AckQueue acks, long sequence, CancellationToken cancellationToken)
    {
        var atMost = _parts.Report.Problem is null ? Limits.RemoteAckTimeout : Limits.RemoteAckTimeoutWhenAway;
        return await acks.WaitAsync(sequence, atMost, cancellationToken)
            ?? new RemoteAck.Unknown(_parts.Report.Problem?.Told ?? $"the remote did not answer within {atMost.TotalSeconds} s");
    }

    /// <summary>
    /// Follows a commit as far as <c>--ack</c> asks: null once it is as safe as was promised, else one line, fit to be shown to
    /// anybody, why that is not known.
    /// </summary>
    public ValueTask<string?> FollowAsync(CommitOutcome.Committed committed, CancellationToken cancellationToken)
    {
        NotifyCommitted(committed.Sequence);
        return _parts.Settings.Ack switch
        {
            AckMode.Local => ValueTask.FromResult<string?>(null),
            AckMode.Remote => FollowToRemoteAsync(_pusher.Acks, committed.Sequence, cancellationToken),
        };
    }

    /// <summary>Why the remote does not take pastes that end, fit to be shown to anybody; null while nothing is known to be against them.</summary>
    public string? RefusesEnding => _ending?.Refusal is { } refusal ? SyncProblem.Tell(refusal, _parts.Settings.Url) : null;

    /// <inheritdoc cref="FollowAsync"/>
    /// <remarks>Of a paste that ends. Where the remote gets none of them, it is as safe as was chosen once it is on this disk.</remarks>
    public ValueTask<string?> FollowEndingAsync(CommitOutcome.Committed committed, CancellationToken cancellationToken)
    {
        if (_ending is null)
            return ValueTask.FromResult<string?>(null);
        if (_ending.Refusal is null)
            _parts.Report.Committed(PushedBranches.Ending, committed.Sequence);
        _ending.Wake();
        return _parts.Settings.Ack switch
        {
            AckMode.Local => ValueTask.FromResult<string?>(null),
            AckMode.Remote => FollowToRemoteAsync(_ending.Acks, committed.Sequence, cancellationToken),
        };
    }

    /// <summary>Whether the remote makes and deletes inboxes; null while that is not known.</summary>
    public bool? TakesInboxes => _inbox is null || _inbox.Refusal is not null ? false : _inbox.IsTaken ? true : null;

    /// <inheritdoc cref="FollowAsync"/>
    /// <remarks>Of a commit that was made to an inbox.</remarks>
    public ValueTask<string?> FollowInboxAsync(CommitOutcome.Committed committed, CancellationToken cancellationToken)
    {
        _parts.Report.Committed(PushedBranches.Inboxes, committed.Sequence);
        _inbox!.Wake();
        return _parts.Settings.Ack switch
        {
            AckMode.Local => ValueTask.FromResult<string?>(null),
            AckMode.Remote => FollowToRemoteAsync(_inbox.Acks, committed.Sequence, cancellationToken),
        };
    }

    /// <summary>An inbox was begun, or one is to be merged.</summary>
    public void NotifyInbox()
    {
        _inbox?.Wake();
        _merger?.Wake();
    }

    /// <summary>Somebody asks for an id that is unknown here: perhaps the remote has it. Bounded in time and in what it costs the remote.</summary>
    public ValueTask RefreshAsync(CancellationToken cancellationToken) => _refresher.RefreshAsync(cancellationToken);

    /// <summary>False for a server without a disk before its first fetch.</summary>
    public bool HasAnswered => _parts.KeepsData || _puller.HasFetched;

    /// <summary>Takes folders out of the history of the remote, and when it agrees, of ours.</summary>
    public async Task<EraseOutcome> EraseAsync(EraseRequest request, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        var outcome = await _eraser.EraseAsync(request, either.Token);
        Hurry();
        return outcome;
    }

    /// <summary>Takes in what the remote has now. Null, or why it can't be asked: one line, fit to be shown to anybody.</summary>
    public async ValueTask<string?> FetchNowAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await NextFetch().WaitAsync(Limits.RemoteAckTimeout, _parts.Time, cancellationToken))
                return null;
            return SyncProblem.Tell(_parts.Report.Problem?.Told ?? "the remote can't be asked", _parts.Settings.Url);
        }
        catch (TimeoutException)
        {
            return SyncProblem.Tell($"the remote did not answer within {Limits.RemoteAckTimeout.TotalSeconds} s", _parts.Settings.Url);
        }
    }

    // One for all who ask before it begins.
    private Task<bool> NextFetch()
    {
        lock (_nextTurn)
        {
            if (_next is { } shared)
                return shared;
            var isBegun = false;
            var fetch = _puller.FetchAsync(_stop.Token, () =>
            {
                lock (_nextTurn)
                {
                    isBegun = true;
                    _next = null;
                }
            });
            if (!isBegun)
                _next = fetch;
            return fetch;
        }
    }

    /// <summary>Pushes what waits. False when some of it still waits after <paramref name="atMost"/>.</summary>
    public async Task<bool> DrainAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        Hurry();
        var sequence = _parts.Repository.Current.Sequence;
        Task<RemoteAck?>[] waits = [.. Acks.Where(acks => acks != Refused(_ending) && acks != Refused(_inbox)).Select(acks => acks.WaitAsync(sequence, atMost, cancellationToken).AsTask())];
        return (await Task.WhenAll(waits)).All(ack => ack is RemoteAck.Landed);
    }

    private void Hurry()
    {
        _pusher.Hurry();
        _ending?.Hurry();
        _inbox?.Hurry();
        _merger?.Hurry();
    }

    private IEnumerable<AckQueue> Acks => ((AckQueue?[])[_pusher.Acks, _ending?.Acks, _inbox?.Acks]).OfType<AckQueue>();

    private static AckQueue? Refused(EndingPusher? side) => side?.Refusal is null ? null : side.Acks;

    // What was put on an inbox after it was merged went to the branch.
    private bool Owes(Snapshot snapshot) =>
        snapshot.EndedInboxes().Any(inbox => !_parts.Repository.IsLanded(snapshot, _parts.Branch, inbox));

    private async ValueTask<string?> FollowToRemoteAsync(AckQueue acks, long sequence, CancellationToken cancellationToken)
    {
        var ack = await WaitForRemoteAsync(acks, sequence, cancellationToken);
        return ack switch
        {
            RemoteAck.Landed => null,
            RemoteAck.Rejected rejected => SyncProblem.Tell($"it says: {rejected.Words}", _parts.Settings.Url),
            RemoteAck.Unknown unknown => SyncProblem.Tell(unknown.Reason, _parts.Settings.Url),
            _ => throw new InvalidOperationException($"No wait ends as {ack}."),
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var acks in Acks)
            acks.GiveUp("the site is closing; what is stored here will be offered when it runs again");
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _puller.DisposeAsync();
        _turn.Dispose();
        _endingTurn.Dispose();
        _inboxTurn.Dispose();
        _stop.Dispose();
    }
}
