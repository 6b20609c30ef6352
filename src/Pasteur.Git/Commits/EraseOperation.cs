using Pasteur.Git.Objects;
using Pasteur.Git.Refs;

namespace Pasteur.Git.Commits;

/// <summary>
/// Moves every ref to its rewritten history in one batch: all of them or none. What was committed since the rewrite was prepared is made
/// again here. A ref of which nothing is left goes.
/// </summary>
/// <param name="rewrite">As far as it was prepared.</param>
/// <param name="others">Refs that stand on the disk alone, or differently there: the owner's tags, notes and the like.</param>
/// <param name="adopt">Told of each of those that is moved, so that the roll knows what to expect on the disk.</param>
internal sealed class EraseOperation(HistoryRewrite rewrite, EraseRequest request, IReadOnlyDictionary<string, ObjectId> others, Action<string, ObjectId> adopt) : WriteOperation<EraseOutcome>
{
    private readonly List<MovedRef> _moved = [];

    /// <summary>Called with the shallow commits that were made, before a ref reaches them.</summary>
    public Action<IReadOnlyCollection<ObjectId>>? OnShallow { get; init; }

    /// <summary>Refs that are to be moved.</summary>
    public required Func<string, bool> Takes { get; init; }

    public override void Apply(Batch batch)
    {
        batch.Spill();
        foreach (var (name, id) in batch.Refs.ToArray())
        {
            if (name != WorkRef.Erasing && Takes(name) && !others.ContainsKey(name)) Move(batch, name, id);
        }
        foreach (var (name, id) in others)
        {
            if (!Move(batch, name, id)) continue;
            adopt(name, id);
        }
        if (request.Marks.Count > 0) batch.SetRef("refs/heads/" + request.Branch, EraseMark.Write(batch, request, Tip(batch)));
        batch.SetRef(WorkRef.Erasing, ObjectId.Zero);
        if (rewrite.MadeShallow.Count > 0) OnShallow?.Invoke(rewrite.MadeShallow);
        batch.Forget(rewrite.Gone);
    }

    public override void Complete(long sequence) => Answer(new EraseOutcome.Erased(_moved, rewrite.Done) { IsPartial = rewrite.MadeShallow.Count > 0 });

    public override void Fail(string reason) => Answer(new EraseOutcome.Unavailable(reason));

    private ObjectId? Tip(Batch batch) => batch.Refs.TryGetValue("refs/heads/" + request.Branch, out var tip) ? tip : null;

    private bool Move(Batch batch, string name, ObjectId id)
    {
        var after = EraseMark.MapTip(batch, rewrite, id);
        if (after == id) return false;
        _moved.Add(new MovedRef(name, id, after));
        batch.SetRef(name, after);
        return true;
    }
}

/// <summary>
/// Prepares the history of the branch piece by piece, so that the writer is not held. Nothing moves but a ref of its own, by which the owner's
/// gc knows what was made; it goes with the end.
/// </summary>
internal sealed class EraseSlice(HistoryRewrite rewrite, int commits) : WriteOperation<bool>
{
    public override void Apply(Batch batch)
    {
        batch.Spill();
        rewrite.Advance(batch, commits);
        if (rewrite.Last is { } last) batch.SetRef(WorkRef.Erasing, last);
        // The rewrite knows of what it has made, whether a ref moves for it or not.
        batch.Spill();
    }

    public override void Complete(long sequence) => Answer(true);

    public override void Fail(string reason) => Answer(false);
}

/// <summary>What branches would be after it, and the commit with the marks, for a remote to be offered before anything is moved here.</summary>
internal sealed class EraseMark(HistoryRewrite rewrite, EraseRequest request) : WriteOperation<ErasedTips?>
{
    private ErasedTips? _tips;

    public override void Apply(Batch batch)
    {
        batch.Spill();
        var refs = batch.Refs;
        var heads = refs.Keys.Where(head => head.StartsWith("refs/heads/", StringComparison.Ordinal)).ToArray();
        var moved = heads.Select(head => new MovedRef(head, refs[head], MapTip(batch, rewrite, refs[head]))).ToDictionary(one => one.Name, StringComparer.Ordinal);
        var name = "refs/heads/" + request.Branch;
        var before = moved.GetValueOrDefault(name) ?? new MovedRef(name, ObjectId.Zero, ObjectId.Zero);
        var tip = Write(batch, request, before.After.IsZero ? null : before.After);
        moved[name] = before with { After = tip };
        batch.SetRef(WorkRef.Erasing, tip);
        batch.Spill();
        _tips = new ErasedTips(tip, [.. moved.Values.Where(one => one.Before != one.After)], rewrite.Done);
    }

    public override void Complete(long sequence) => Answer(_tips);

    public override void Fail(string reason) => Answer(null);

    /// <summary>What a ref's object becomes. Tags are made again without their signature.</summary>
    public static ObjectId MapTip(Batch batch, HistoryRewrite rewrite, ObjectId id)
    {
        if (!batch.Store.TryRead(id, out var found)) return id;
        if (found.Kind == ObjectKind.Tag) return MapTag(batch, rewrite, id, found.Bytes);
        if (found.Kind != ObjectKind.Commit) return id;
        rewrite.Look(id, CancellationToken.None);
        rewrite.Advance(batch, rewrite.Left);
        return rewrite.Map(id);
    }

    /// <summary>The commit with the marks on a tip, or the tip when it has them.</summary>
    public static ObjectId Write(Batch batch, EraseRequest request, ObjectId? tip)
    {
        foreach (var blob in request.Marks.Select(mark => mark.Blob).OfType<PreparedBlob>()) batch.WriteBlob(blob);
        return batch.Commit(tip, TreePut.Sort(request.Marks), CommitFormat.Ending(request.Author, request.Message)) ?? tip!.Value;
    }

    private static ObjectId MapTag(Batch batch, HistoryRewrite rewrite, ObjectId id, ReadOnlyMemory<byte> content)
    {
        if (!TagReader.TryRead(content.Span, out var target, out _)) return id;
        var after = MapTip(batch, rewrite, target);
        if (after == target || after.IsZero) return after.IsZero ? ObjectId.Zero : id;
        var tag = TagFormat.Rewrite(content.Span, after);
        var made = ObjectHasher.Hash(ObjectKind.Tag, tag);
        batch.WriteWhole(ObjectKind.Tag, made, tag);
        batch.Forget([KeyValuePair.Create(id, ObjectKind.Tag)]);
        return made;
    }
}

/// <summary>What another program has put beside an erasure was made again without what is erased, and that is here now: the rest goes.</summary>
internal sealed class ErasedBeside(HistoryRewrite rewrite) : WriteOperation<bool>
{
    public override void Apply(Batch batch)
    {
        batch.SetRef(WorkRef.Erasing, ObjectId.Zero);
        batch.Forget(rewrite.Gone);
    }

    public override void Complete(long sequence) => Answer(true);

    public override void Fail(string reason) => Answer(false);
}

/// <summary>An erasure is given up.</summary>
/// <param name="rewrite">What was made for it goes; null when it is to stay.</param>
internal sealed class EraseGivenUp(HistoryRewrite? rewrite) : WriteOperation<bool>
{
    public override void Apply(Batch batch)
    {
        batch.SetRef(WorkRef.Erasing, ObjectId.Zero);
        if (rewrite is not null) batch.Forget(rewrite.Made);
    }

    public override void Complete(long sequence) => Answer(true);

    public override void Fail(string reason) => Answer(false);
}
