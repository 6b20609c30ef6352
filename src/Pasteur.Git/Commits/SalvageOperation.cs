using System.Globalization;
using Pasteur.Git.History;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Commits;

/// <summary>
/// Brings back files that were committed behind a damaged stretch of a journal. The newest tip whose root can be read is compared with the
/// branch, and every file whose bytes are still there is put on it in one commit; what is lost is counted. Only adds: what the branch
/// has is never replaced. Trees nested without end are left out, so that they cost no other file.
/// </summary>
internal sealed class SalvageOperation(string head, IReadOnlyList<ObjectId> newestFirst, DateTimeOffset now) : WriteOperation<SalvageOutcome>
{
    private readonly List<TreePut> _puts = [];
    private SalvageOutcome _outcome = new(0, 0, null);
    private int _missing;
    private string? _fault;

    public override void Apply(Batch batch)
    {
        ObjectId? tip = batch.Refs.TryGetValue(head, out var id) ? id : null;
        var tree = tip is { } t ? batch.TreeOf(t) : ObjectId.EmptyTree;
        foreach (var candidate in newestFirst)
        {
            if (!TryReadTree(batch.Store, candidate, out var lost)) continue;
            Salvage(batch, tip, tree, lost);
            return;
        }
    }

    public override void Complete(long sequence) => Answer(_outcome);

    public override void Fail(string reason) => Answer(new SalvageOutcome(0, 0, reason));

    private void Salvage(Batch batch, ObjectId? tip, ObjectId tree, ObjectId lost)
    {
        Walk(batch, (tree, lost), ([], 0));
        _outcome = new SalvageOutcome(_puts.Count, _missing, _fault);
        if (_puts.Count == 0) return;
        _puts.Sort(static (left, right) => left.Path.AsSpan().SequenceCompareTo(right.Path));
        var message = string.Create(CultureInfo.InvariantCulture, $"Recovered from a damaged journal: {_puts.Count} files");
        var ending = CommitFormat.Ending(new Signature("Pasteur", "pasteur@pasteur.invalid", now), message);
        if (batch.Commit(tip, _puts, ending) is { } commit) batch.SetRef(head, commit);
    }

    private void Walk(Batch batch, (ObjectId? Ours, ObjectId Theirs) trees, (byte[] Path, int Depth) folder)
    {
        foreach (var (left, right) in TreeDiff.Entries(batch.Store, trees.Ours, trees.Theirs))
        {
            if (right is not { } entry || (left is not null && !entry.IsTree)) continue;
            byte[] path = [.. folder.Path, .. entry.Name];
            if (!TryRead(batch.Store, entry.Id, out var found))
            {
                _missing++;
            }
            else if (!entry.IsTree)
            {
                // The damaged file is set aside: the bytes are written once more.
                batch.WriteWhole(ObjectKind.Blob, entry.Id, found.Bytes.Span);
                _puts.Add(new TreePut(path, entry.Mode, entry.Id));
            }
            else if (TreeDiff.IsTooDeep(path, folder.Depth + 1))
            {
                _missing++;
                _fault = TreeDiff.TooDeep(entry.Id).Message;
            }
            else
            {
                Walk(batch, (left?.Id, entry.Id), ([.. path, (byte)'/'], folder.Depth + 1));
            }
        }
    }

    private static bool TryReadTree(ObjectStore store, ObjectId commit, out ObjectId tree)
    {
        tree = default;
        if (!TryRead(store, commit, out var found) || found.Kind != ObjectKind.Commit) return false;
        tree = CommitReader.ReadTree(found.Bytes.Span, commit);
        return TryRead(store, tree, out _);
    }

    private static bool TryRead(ObjectStore store, ObjectId id, out RawObject found)
    {
        try
        {
            return store.TryRead(id, out found);
        }
        catch (GitDataException)
        {
            // Lost with the damage: counted by the caller.
            found = default;
            return false;
        }
    }
}

/// <summary>How many files were brought back, how many trees or files could not be read, and what else there is to say of those.</summary>
internal sealed record SalvageOutcome(int Files, int Missing, string? Fault);
