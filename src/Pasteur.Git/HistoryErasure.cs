using Pasteur.Git.Commits;
using Pasteur.Git.Objects;
using Pasteur.Git.Protocol;
using Pasteur.Git.Refs;

namespace Pasteur.Git;

/// <summary>
/// Takes folders out of all history, in steps: what is needed is made beside what is there (<see cref="PrepareAsync"/>), shown to whoever
/// must agree (<see cref="MarkAsync"/>), and then all refs move at once (<see cref="ApplyAsync"/>). Whatever is made and not used is
/// forgotten at the end. Until then nothing is taken out of the packs.
/// </summary>
public sealed class HistoryErasure : IAsyncDisposable
{
    private const int CommitsASlice = 64;

    private readonly RepositoryFolder _folder;
    private readonly CommitWriter _writer;
    private readonly EraseRequest _request;
    private readonly HistoryRewrite _rewrite;
    private readonly IDisposable _gate;
    private readonly Action<string>? _reached;
    private bool _isDone;
    private bool _isBegun;

    internal HistoryErasure(RepositoryFolder folder, CommitWriter writer, EraseRequest request, Action<string>? reached)
    {
        (_folder, _writer, _request, _reached) = (folder, writer, request, reached);
        _rewrite = new HistoryRewrite(folder.Store, request.Folders);
        _gate = folder.Fetches.Enter();
    }

    private string Head => "refs/heads/" + _request.Branch;

    /// <summary>
    /// True from when a remote is offered what was made until it has said no: should it have it, a fetch will find that it is here. Then it is not
    /// forgotten when this is given up.
    /// </summary>
    public bool MayBeElsewhere { get; set; }

    /// <summary>What no history that was read has ever held.</summary>
    public IReadOnlyList<ErasedFolder> NotFound => _rewrite.NotFound;

    /// <summary>Reads all history, and makes the branch's again as far as that is needed. May be called again, for what was committed since.</summary>
    /// <returns>Null, or why it did not work.</returns>
    public async Task<string?> PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Takes(Head)) await Task.Run(() => LookAt(Head, cancellationToken), cancellationToken).ConfigureAwait(false);
            _reached?.Invoke("erase.looked");
            while (_rewrite.Left > 0)
            {
                _isBegun = true;
                var slice = new EraseSlice(_rewrite, CommitsASlice);
                if (!_writer.TryAdd(slice, urgent: true) || !await slice.Completion.WaitAsync(cancellationToken).ConfigureAwait(false)) return _writer.Problem ?? "The history cannot be made again.";
                _reached?.Invoke("erase.slice");
            }
            await Task.Run(() => LookAt(null, cancellationToken), cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (GitDataException e)
        {
            return e.Message;
        }
    }

    /// <summary>What branches are to become. Null: the store takes no writes, or cannot read what a branch needs.</summary>
    public async Task<ErasedTips?> MarkAsync(CancellationToken cancellationToken)
    {
        _isBegun = true;
        var mark = new EraseMark(_rewrite, _request);
        var tips = _writer.TryAdd(mark, urgent: true) ? await mark.Completion.WaitAsync(cancellationToken).ConfigureAwait(false) : null;
        _reached?.Invoke("erase.marked");
        return tips;
    }

    /// <summary>
    /// What a remote lacks of a branch that was made again: of commits that it has in their old form, no more than what is new in them.
    /// </summary>
    /// <param name="remoteTip">Its old tip; null when it has no such branch.</param>
    public PushPlan PlanPush(MovedRef head, ObjectId? remoteTip) => PushPlan.CreateRewritten(_folder.Store, head, remoteTip, _rewrite.Originals());

    /// <summary>Moves all refs here.</summary>
    /// <param name="withMarks">False when the marks come with a remote's branch.</param>
    public async Task<EraseOutcome> ApplyAsync(bool withMarks, CancellationToken cancellationToken)
    {
        _isBegun = true;
        var others = Others();
        var operation = new EraseOperation(_rewrite, withMarks ? _request : _request with { Marks = [] }, others, _writer.OnDisk)
        {
            Takes = Takes,
            OnShallow = made => _folder.Shallow.Replace([.. _folder.Shallow.Commits, .. made]),
        };
        if (!_writer.TryAdd(operation, urgent: true)) return new EraseOutcome.Unavailable("The store is closing.");
        var outcome = await operation.Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (outcome is not EraseOutcome.Erased erased) return outcome;
        _isDone = true;
        DropRolled(erased);
        return outcome;
    }

    /// <summary>Whether what a ref of a remote names holds any of it; null when that is not here. To be asked when all is done.</summary>
    public bool? IsHeldBy(ObjectId tip)
    {
        if (Look(tip, CancellationToken.None) is not { } commit) return null;
        return _rewrite.Holds(commit);
    }

    public async ValueTask DisposeAsync()
    {
        if (_isBegun && !_isDone)
        {
            var end = new EraseGivenUp(MayBeElsewhere ? null : _rewrite);
            if (_writer.TryAdd(end, urgent: true)) await end.Completion.ConfigureAwait(false);
        }
        _gate.Dispose();
    }

    // A branch that is not here as a whole is the remote's to make again, and followed then.
    private bool Takes(string name) =>
        _folder.Store.Part is null || InboxRef.EndedOf(name) is not null || !(name == Head || name == Repository.RemoteRef(_request.Branch) || name.StartsWith("refs/pasteur/", StringComparison.Ordinal));

    // Of one branch, or of everything.
    private void LookAt(string? only, CancellationToken cancellationToken)
    {
        var refs = _writer.Current.Refs;
        if (only is not null)
        {
            if (refs.TryGetValue(only, out var tip)) Look(tip, cancellationToken);
            return;
        }
        foreach (var tip in refs.Keys.Where(Takes).Select(name => refs[name]).Concat(Others().Values).Distinct()) Look(tip, cancellationToken);
    }

    // The commit behind tags; null when none is here.
    private ObjectId? Look(ObjectId tip, CancellationToken cancellationToken)
    {
        for (var depth = 0; depth < GitLimits.MaxTreeDepth && _folder.Store.TryRead(tip, out var found); depth++)
        {
            if (found.Kind == ObjectKind.Commit)
            {
                _rewrite.Look(tip, cancellationToken);
                return tip;
            }
            if (found.Kind != ObjectKind.Tag || !TagReader.TryRead(found.Bytes.Span, out tip, out _)) return null;
        }
        return null;
    }

    // Branches are brought in when they move; of other refs the disk knows better.
    private Dictionary<string, ObjectId> Others()
    {
        if (!_folder.IsOnDisk) return [];
        var known = _writer.Current.Refs;
        return RemoteRefs.Pick(_folder.Refs.ListAll(), (name, id) => OwnersRef.Is(name) && known.GetValueOrDefault(name) != id);
    }

    // What a branch was at the last roll goes with the next one, unless the owner has set that branch back since.
    private void DropRolled(EraseOutcome.Erased erased)
    {
        if (!_folder.IsOnDisk) return;
        var moved = erased.Refs.Select(one => RolledRef.Beside(one.Name)).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, id) in _folder.Refs.ListAll())
            if (RolledRef.Is(name) && !moved.Contains(name) && _rewrite.Map(id) != id) _folder.Refs.Update(name, id, default);
    }
}
