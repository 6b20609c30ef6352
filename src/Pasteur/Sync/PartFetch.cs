using System.Globalization;
using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Git.Protocol;

namespace Pasteur.Sync;

/// <summary>
/// What a store without a disk fetches. Of a large branch of a remote that filters: its commits, and of the rest what is asked for (<see cref="Part"/>). Of any other its newest state as a
/// whole, whose memory is said beforehand. Branches beside it are fetched as a whole.
/// </summary>
internal sealed class PartFetch
{
    // The newest commit comes with its root, which everybody looks at; later ones without.
    private const string First = "tree:1", Later = "tree:0";

    private readonly SyncParts _parts;
    private readonly Promisor _promisor;
    private volatile string? _unfiltered;
    private bool _isWhole;

    public PartFetch(SyncParts parts, CancellationToken stop)
    {
        _parts = parts;
        _isWhole = parts.KeepsData;
        _promisor = new Promisor(parts, stop) { Unfiltered = GiveUp };
    }

    /// <summary>Called when the next fetch should not be waited for.</summary>
    public Action Hurry { get; set; } = static () => { };

    /// <summary>Whether the remote's words are about filters: git allows them, and may refuse some kinds.</summary>
    public static bool IsOfFilter(FetchOutcome.Refused refused) => refused.Words.Contains("filter", StringComparison.OrdinalIgnoreCase);

    /// <summary>Fetches what a request asks for, the branch as far as it is kept here.</summary>
    public async Task<FetchOutcome> FetchAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        if (_isWhole)
            return await _parts.Remote.FetchAsync(request, cancellationToken);
        if (_unfiltered is { } reason)
            return await FetchWholeAsync(request, reason, cancellationToken);
        var outcome = await _parts.Remote.FetchAsync(request with
        {
            Wants = name => name == _parts.Head,
            Filter = _parts.Repository.Part is null ? First : Later,
            MaxPackBytes = _parts.Repository.Part is null ? Limits.MaxPromisedPackBytes : Limits.MaxPartHistoryBytes,
            Receive = (pack, shallow, ct) => _parts.Repository.IngestAsync(pack, [.. _parts.Repository.Shallow, .. shallow], ct, isPart: true),
        }, cancellationToken);
        return outcome switch
        {
            FetchOutcome.NotFiltered => await FetchWholeAsync(request, "it does not allow filters (git config uploadpack.allowFilter true)", cancellationToken),
            FetchOutcome.Refused refused when IsOfFilter(refused) => await FetchWholeAsync(request, $"it says: {refused.Words}", cancellationToken),
            FetchOutcome.UpToDate upToDate => await FetchRestAsync(request, outcome, upToDate.Refs, cancellationToken),
            FetchOutcome.Fetched fetched => await FetchRestAsync(request, outcome, fetched.Refs, cancellationToken),
            _ => outcome,
        };
    }

    /// <summary>Before a tip is taken in: what everybody looks at first.</summary>
    public Task<string?> PrepareAsync(RemoteRefs refs, CancellationToken cancellationToken) =>
        _parts.Repository.Part is { } part && refs.Tips.TryGetValue(_parts.Head, out var tip) && _parts.Repository.HasCommit(tip)
            ? part.BringAsync(tip, _parts.LookedAtFirst, cancellationToken)
            : Task.FromResult<string?>(null);

    private void GiveUp(string reason)
    {
        _unfiltered = reason;
        Hurry();
    }

    private async Task<FetchOutcome> FetchRestAsync(FetchRequest request, FetchOutcome outcome, RemoteRefs refs, CancellationToken cancellationToken)
    {
        if (!refs.Tips.TryGetValue(_parts.Head, out var tip) && _parts.Repository.Part is null)
        {
            // Nothing is there yet, so nothing is large.
            _isWhole = true;
            return await _parts.Remote.FetchAsync(request, cancellationToken);
        }
        if (_parts.Repository.Part is null)
        {
            var part = _parts.Repository.BeginPart(_promisor.FetchAsync, _parts.PartBytes);
            if (await part.MeasureAsync(tip, Limits.MeasuredLevels, _parts.LookedAtFirst, cancellationToken) is { } problem)
            {
                _parts.Repository.EndPart();
                // Not all that filter send everything by its id.
                var reason = _unfiltered ?? (_promisor.IsRefused ? problem : null);
                return reason is null ? new FetchOutcome.Broken(problem) : await FetchWholeAsync(request, reason, cancellationToken);
            }
            if (part.Folders < _parts.SmallestPart)
                return await FetchWholeAsync(request, null, cancellationToken);
            _parts.Report.Log.KeepsPart(part.Folders.ToString(CultureInfo.InvariantCulture));
        }
        if (refs.Pick((name, id) => name != _parts.Head && request.Wants(name) && !request.IsKnown(id)).Count == 0)
            return outcome;
        // What the branch holds is not here: none of it may be left out.
        var beside = await _parts.Remote.FetchAsync(request with { Wants = name => name != _parts.Head && request.Wants(name), Haves = [] }, cancellationToken);
        return beside switch
        {
            FetchOutcome.UpToDate upToDate => new FetchOutcome.UpToDate(Join(refs, upToDate.Refs)),
            FetchOutcome.Fetched fetched => fetched with { Refs = Join(refs, fetched.Refs) },
            _ => beside,
        };
    }

    // Each as it was when it was fetched.
    private RemoteRefs Join(RemoteRefs main, RemoteRefs beside)
    {
        var tips = beside.Pick((name, _) => name != _parts.Head);
        if (main.Tips.TryGetValue(_parts.Head, out var tip))
            tips[_parts.Head] = tip;
        return new RemoteRefs(tips, main.Head);
    }

    /// <param name="reason">Why it has to be; null: it is small.</param>
    private async Task<FetchOutcome> FetchWholeAsync(FetchRequest request, string? reason, CancellationToken cancellationToken)
    {
        // What was made here was made of the state that was seen last: of a part, that state comes as a whole, and then what is new since.
        if (_parts.Repository.Part is not null && _parts.Repository.RemoteTip(_parts.Branch) is { } seen &&
            await TryWholeAsync(request, [seen], reason, cancellationToken) is FetchOutcome.Fetched) return await _parts.Remote.FetchAsync(request, cancellationToken);
        // That it has not any more, or sends by an id.
        return await TryWholeAsync(request, [], reason, cancellationToken);
    }

    private async Task<FetchOutcome> TryWholeAsync(FetchRequest request, ObjectId[] tips, string? reason, CancellationToken cancellationToken)
    {
        var outcome = await _parts.Remote.FetchAsync(request with
        {
            IsKnown = static _ => false,
            Objects = tips,
            Haves = [],
            HavesOf = static _ => [],
            Shallow = [],
            Depth = 1,
            Receive = (pack, shallow, ct) => _parts.Repository.IngestAsync(pack, [.. _parts.Repository.Shallow, .. shallow], ct, count => _parts.Report.Log.FetchesWhole(reason, count, isMuch: count > Limits.ObjectsOfAPaste * _parts.SmallestPart)),
        }, cancellationToken);
        if (outcome is FetchOutcome.Fetched or FetchOutcome.UpToDate)
        {
            _isWhole = true;
            _parts.Repository.EndPart();
            _parts.Report.PromisedFetched();
        }
        return outcome;
    }
}
