using System.Text;
using Pasteur.Git.Objects;
using Pasteur.Git.Refs;

namespace Pasteur.Git.Commits;

/// <summary>Makes one commit on the tip of a branch; and one on another, where both belong together.</summary>
internal sealed class CommitOperation : WriteOperation<CommitOutcome>
{
    private readonly string _head;
    private readonly PreparedBlob[] _blobs;
    private readonly TreePut[] _puts;
    private readonly byte[] _ending;
    private readonly string? _mustBeAbsentPath;
    private readonly byte[]? _mustBeAbsent;
    private readonly PathState? _mustBe;
    private readonly CommitOperation? _also;
    private readonly bool _isNotFirst;
    private CommitOutcome? _refusal;
    private ObjectId _commit;

    /// <summary>Made on the caller's thread: the writer should find everything ready.</summary>
    public CommitOperation(CommitRequest request)
    {
        if (!RefName.IsValidBranch(request.Branch)) throw new ArgumentException($"\"{request.Branch}\" is not the name of a branch.", nameof(request));
        _head = "refs/heads/" + request.Branch;
        _blobs = [.. request.Edits.Select(edit => edit.Blob).OfType<PreparedBlob>()];
        _puts = TreePut.Sort(request.Edits);
        _ending = CommitFormat.Ending(request.Author, request.Message);
        _mustBeAbsentPath = request.MustBeAbsent;
        _mustBe = request.MustBe;
        _isNotFirst = request.IsNotFirst;
        _mustBeAbsent = request.MustBeAbsent is { } path ? Encoding.UTF8.GetBytes(path) : null;
        _also = request.Also is { } also ? new CommitOperation(also) : null;
    }

    public override (string Ref, byte[] Path)? Aim => _puts is [var first, ..] ? (_head, first.Path) : null;

    public override void Apply(Batch batch)
    {
        _refusal = Refusal(batch) ?? _also?.Refusal(batch);
        if (_refusal is not null) return;
        Make(batch);
        _also?.Make(batch);
    }

    private void Make(Batch batch)
    {
        ObjectId? tip = batch.Refs.TryGetValue(_head, out var id) ? id : null;
        foreach (var blob in _blobs) batch.WriteBlob(blob);
        // Edits that change nothing are answered with the tip that already holds them.
        _commit = batch.Commit(tip, _puts, _ending) ?? tip!.Value;
        batch.SetRef(_head, _commit);
    }

    private CommitOutcome? Refusal(Batch batch)
    {
        var isThere = batch.Refs.TryGetValue(_head, out var tip);
        if (_isNotFirst && !isThere) return new CommitOutcome.PathChanged(_head);
        var tree = isThere ? batch.TreeOf(tip) : ObjectId.EmptyTree;
        if (_mustBeAbsent is not null && batch.TryFind(tree, _mustBeAbsent, out _)) return new CommitOutcome.PathTaken(_mustBeAbsentPath!);
        if (_mustBe is null || (batch.TryFind(tree, Encoding.UTF8.GetBytes(_mustBe.Path), out var found) && found == _mustBe.Id)) return null;
        return new CommitOutcome.PathChanged(_mustBe.Path);
    }

    public override void Complete(long sequence) => Answer(_refusal ?? new CommitOutcome.Committed(_commit, sequence));

    public override void Fail(string reason) => Answer(new CommitOutcome.Unavailable(reason));
}
