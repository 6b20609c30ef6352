using Pasteur.Git.History;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Commits;

/// <summary>
/// Makes a branch's history stand alone: commits whose parents a shallow fetch has left on a remote are made again without them,
/// and those above on these. Trees, authors, times and messages stay. A remote that lacks those parents takes nothing else.
/// </summary>
internal sealed class DetachOperation(string head) : WriteOperation<bool>
{
    private const int SpillEvery = 256;

    private readonly Dictionary<ObjectId, ObjectId> _madeAgain = [];
    private bool _changed;

    public override void Apply(Batch batch)
    {
        batch.Spill();
        if (!batch.Refs.TryGetValue(head, out var tip)) return;
        foreach (var id in Ancestry.Missing(batch.Store, tip, known: null))
        {
            var parents = batch.Store.ReadCommit(id).Parents;
            var present = parents.Where(parent => _madeAgain.ContainsKey(parent) || batch.Store.TryReadCommit(parent, out _));
            ObjectId[] onto = [.. present.Select(parent => _madeAgain.GetValueOrDefault(parent, parent))];
            if (onto.AsSpan().SequenceEqual([.. parents])) continue;
            var tree = batch.TreeOf(id);
            _madeAgain[id] = batch.WriteCommit(tree, CommitFormat.Rewrite(batch.Store.Read(id).Bytes.Span, tree, onto));
            if (_madeAgain.Count % SpillEvery == 0) batch.Spill();
        }
        _changed = _madeAgain.TryGetValue(tip, out var top);
        if (_changed) batch.SetRef(head, top);
    }

    public override void Complete(long sequence) => Answer(_changed);

    public override void Fail(string reason) => Answer(false);
}
