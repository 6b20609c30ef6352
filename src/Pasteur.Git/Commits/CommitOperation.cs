using System.Text;
using Pasteur.Git.Objects;
using Pasteur.Git.Refs;

namespace Pasteur.Git.Commits;

/// <summary>Makes one commit on the tip of a branch.</summary>
internal sealed class CommitOperation : WriteOperation<CommitOutcome>
{
    private readonly CommitRequest _request;
    private readonly TreePut[] _puts;
    private readonly byte[]? _mustBeAbsent;
    private CommitOutcome? _refusal;
    private ObjectId _commit;

    /// <summary>Made on the caller's thread: the writer should find everything ready.</summary>
    public CommitOperation(CommitRequest request)
    {
        if (!RefName.IsValidBranch(request.Branch)) throw new ArgumentException($"\"{request.Branch}\" is not the name of a branch.", nameof(request));
        _request = request;
        _puts = TreePut.Sort(request.Edits);
        _mustBeAbsent = request.MustBeAbsent is { } path ? Encoding.UTF8.GetBytes(path) : null;
    }

    public override void Apply(Batch batch)
    {
        var name = "refs/heads/" + _request.Branch;
        ObjectId? tip = batch.Refs.TryGetValue(name, out var id) ? id : null;
        if (_mustBeAbsent is not null && tip is { } t && batch.TryFind(batch.TreeOf(t), _mustBeAbsent, out _))
        {
            _refusal = new CommitOutcome.PathTaken(_request.MustBeAbsent!);
            return;
        }
        foreach (var edit in _request.Edits)
            if (edit.Blob is { } blob) batch.WriteBlob(blob);
        // Edits that change nothing are answered with the tip that already holds them.
        _commit = batch.Commit(tip, _puts, _request.Author, _request.Message) ?? tip!.Value;
        batch.SetRef(name, _commit);
    }

    public override void Complete(long sequence) => Answer(_refusal ?? new CommitOutcome.Committed(_commit, sequence));

    public override void Fail(string reason) => Answer(new CommitOutcome.Unavailable(reason));
}
