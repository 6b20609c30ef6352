using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Git.Protocol;

namespace Pasteur.Sync;

/// <summary>
/// Fetches folders and files by their ids, for whoever asks for one that is not here (<see cref="Part"/>). Who asks for the same shares a fetch; all that is asked for while others are
/// under way goes with the next. What a fetch brings nothing of is asked for in halves, so that one object which the remote lacks stands in nobody else's way.
/// </summary>
internal sealed class Promisor(SyncParts parts, CancellationToken stop)
{
    private readonly Lane _trees = new("tree:0");

    // No filter: a folder of files is wanted as a whole.
    private readonly Lane _folders = new(null);
    private readonly Dictionary<ObjectId, Absence> _lacking = [];
    private readonly Lock _turn = new();
    private Absence? _away;

    /// <summary>Called with the reason when the remote leaves nothing out any more.</summary>
    public required Action<string> Unfiltered { get; init; }

    /// <summary>The remote was asked for something, and did not send it.</summary>
    public bool IsRefused
    {
        get { lock (_turn) return _lacking.Count > 0; }
    }

    /// <inheritdoc cref="FetchPromised"/>
    public async Task<string?> FetchAsync(IReadOnlyCollection<ObjectId> ids, bool withFiles, CancellationToken cancellationToken)
    {
        var lane = withFiles ? _folders : _trees;
        ObjectId[] all = [.. ids];
        for (var done = 0; done < all.Length; done += Limits.MaxPromisedAtOnce)
        {
            if (!TryAsk(lane, all.AsSpan(done, Math.Min(Limits.MaxPromisedAtOnce, all.Length - done)), out var asked, out var refusal)) return refusal;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task answers = Task.WhenAll(asked);
            await Task.WhenAny(answers, Task.Delay(Limits.PromisedWait, parts.Time, patience.Token));
            await patience.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
            if (!answers.IsCompleted) return $"the remote did not send it within {Limits.PromisedWait.TotalSeconds} s";
            foreach (var answer in asked)
                if (await answer is { } problem) return problem;
        }
        return null;
    }

    private bool TryAsk(Lane lane, ReadOnlySpan<ObjectId> ids, out Task<string?>[] asked, out string refusal)
    {
        asked = new Task<string?>[ids.Length];
        refusal = "";
        lock (_turn)
        {
            var now = parts.Time.GetUtcNow();
            if (_away is { } away && away.Until > now)
            {
                refusal = away.Reason;
                return false;
            }
            for (var n = 0; n < ids.Length; n++)
            {
                var id = ids[n];
                if (_lacking.TryGetValue(id, out var lacking) && lacking.Until > now)
                {
                    refusal = lacking.Reason;
                    return false;
                }
                if (!lane.Wanted.TryGetValue(id, out var answer))
                {
                    if (lane.Wanted.Count >= Limits.MaxPromisedWaiting)
                    {
                        refusal = "too many wait for the remote already";
                        return false;
                    }
                    lane.Wanted[id] = answer = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
                    lane.Waiting.Enqueue(id);
                }
                asked[n] = answer.Task;
            }
            if (lane.Waiting.Count > 0 && lane.Running < Limits.PromisedConnections)
            {
                lane.Running++;
                _ = Task.Run(() => WorkAsync(lane), CancellationToken.None);
            }
        }
        return true;
    }

    private async Task WorkAsync(Lane lane)
    {
        while (true)
        {
            TimeSpan pause;
            var batch = new List<ObjectId>();
            lock (_turn)
            {
                var now = parts.Time.GetUtcNow();
                pause = lane.NotBefore - now;
                if (pause <= TimeSpan.Zero || lane.Waiting.Count == 0)
                {
                    while (batch.Count < Limits.MaxPromisedAtOnce && lane.Waiting.TryDequeue(out var id)) batch.Add(id);
                    if (batch.Count == 0)
                    {
                        lane.Running--;
                        return;
                    }
                    lane.NotBefore = now + Limits.PromisedEvery;
                }
            }
            try
            {
                if (batch.Count == 0) await Task.Delay(pause, parts.Time, stop);
                else await DeliverAsync(lane, batch, new Patience());
            }
            catch (Exception e)
            {
                if (e is not OperationCanceledException || !stop.IsCancellationRequested)
                    parts.Report.Log.OwnFault(e);
                Answer(lane, batch, SyncProblem.OfOurs("fetching", e).Told);
            }
        }
    }

    // All of it is answered when this returns.
    private async Task DeliverAsync(Lane lane, List<ObjectId> batch, Patience patience)
    {
        var failure = await TryFetchAsync(lane, batch);
        var problem = failure?.Reason;
        var part = parts.Repository.Part;
        List<ObjectId> came = [], left = [];
        // Of a folder that was asked for with its files, these may be dropped before it is: who asked will see.
        foreach (var id in batch) (problem is null && part?.Holds(id) != false ? came : left).Add(id);
        Answer(lane, came, null);
        if (left.Count == 0)
        {
            if (IsAllWell(came))
                parts.Report.PromisedFetched();
            return;
        }
        if (failure?.IsAway == true || patience.IsOver(problem is not null))
        {
            Fail(lane, left, problem!, failure!.IsAway);
            return;
        }
        if (left.Count > 1 || (problem is null && batch.Count > 1))
        {
            // Nothing came of the others when one is lacking; and of two that are wanted, of which one is in the other, git's filter leaves out that one.
            var half = problem is null ? 1 : left.Count / 2;
            for (var from = 0; from < left.Count; from += half) await DeliverAsync(lane, left.GetRange(from, Math.Min(half, left.Count - from)), patience);
            return;
        }
        Fail(lane, left, $"the remote does not send {left[0]}, which its branch names: {problem ?? "it sent nothing"}", isAway: false);
    }

    // Null: it has sent something.
    private async Task<Absence?> TryFetchAsync(Lane lane, List<ObjectId> ids)
    {
        if (parts.Repository.Part is not { } part)
            return null;
        var request = new FetchRequest
        {
            Refs = [],
            IsKnown = static _ => false,
            Objects = ids,
            Filter = lane.Filter,
            MaxPackBytes = Limits.MaxPromisedPackBytes,
            Receive = (pack, _, ct) => part.KeepAsync(pack, ct),
        };
        try
        {
            switch (await (parts.ObjectsRemote ?? parts.Remote).FetchAsync(request, stop))
            {
                case FetchOutcome.Fetched:
                    return null;
                case FetchOutcome.NotFiltered:
                    return Refuse("it does not allow filters any more");
                case FetchOutcome.Refused refused when PartFetch.IsOfFilter(refused):
                    return Refuse($"it says: {refused.Words}");
                case FetchOutcome.Refused refused:
                    return new Absence(refused.Words);
                case FetchOutcome.TooLarge tooLarge:
                    return new Absence(tooLarge.Reason);
                case FetchOutcome.Broken broken:
                    return new Absence(broken.Reason) { IsAway = broken.IsAway };
                case var other:
                    throw new InvalidOperationException($"No fetch of objects ends as {other}.");
            }
        }
        catch (GitDataException e)
        {
            return new Absence(SyncProblem.OfUnsoundData(e).Told);
        }
    }

    private Absence Refuse(string reason)
    {
        Unfiltered(reason);
        return new Absence("the remote has to be fetched as a whole, which takes a while") { IsAway = true };
    }

    private void Fail(Lane lane, List<ObjectId> ids, string problem, bool isAway)
    {
        var reason = SyncProblem.Tell(problem, parts.Settings.Url);
        lock (_turn)
        {
            var failure = new Absence(reason) { Until = parts.Time.GetUtcNow() + Limits.PromisedAgainAfter };
            if (isAway)
            {
                _away = failure;
            }
            else if (ids.Count == 1)
            {
                if (_lacking.Count >= Limits.MaxPromisedWaiting) _lacking.Clear();
                _lacking[ids[0]] = failure;
            }
        }
        parts.Report.PromisedFailed(new SyncProblem(problem));
        Answer(lane, ids, reason);
    }

    // What the remote has lost is a problem until it has it again, or nobody has asked for it in a while.
    private bool IsAllWell(List<ObjectId> came)
    {
        lock (_turn)
        {
            var now = parts.Time.GetUtcNow();
            if (_lacking.Count > 0)
            {
                foreach (var id in came) _lacking.Remove(id);
                foreach (var (id, lacking) in _lacking)
                    if (now - lacking.Until > Limits.PromisedForgottenAfter) _lacking.Remove(id);
            }
            return _lacking.Count == 0;
        }
    }

    private void Answer(Lane lane, List<ObjectId> ids, string? problem)
    {
        lock (_turn)
        {
            foreach (var id in ids)
                if (lane.Wanted.Remove(id, out var answer)) answer.SetResult(problem);
        }
    }

    private sealed class Absence(string reason)
    {
        public string Reason => reason;

        /// <summary>Whatever is asked for, it is the same.</summary>
        public bool IsAway { get; init; }

        /// <summary>Until then nobody is asked again.</summary>
        public DateTimeOffset Until { get; init; }
    }

    private sealed class Lane(string? filter)
    {
        public string? Filter => filter;

        /// <summary>What is asked for and not answered.</summary>
        public Dictionary<ObjectId, TaskCompletionSource<string?>> Wanted { get; } = [];

        /// <summary>Of that, what no fetch is under way for.</summary>
        public Queue<ObjectId> Waiting { get; } = new();

        public int Running { get; set; }

        public DateTimeOffset NotBefore { get; set; }
    }

    // For a batch: to find one in 256 takes sixteen fetches, half of which fail.
    private sealed class Patience
    {
        private int _failures;

        public bool IsOver(bool isFailure) => isFailure && ++_failures > Limits.MaxPromisedFailures;
    }
}
