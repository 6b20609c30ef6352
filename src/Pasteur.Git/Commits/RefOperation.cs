using Pasteur.Git.Objects;

namespace Pasteur.Git.Commits;

/// <summary>Moves a ref that needs no new objects: a remote's tip that was seen or accepted.</summary>
/// <param name="expected">Unless it is this, it stays as it is; null moves it in any case.</param>
internal sealed class RefOperation(string name, ObjectId id, ObjectId? expected = null) : WriteOperation<bool>
{
    public override void Apply(Batch batch)
    {
        if (expected is null || batch.Refs.GetValueOrDefault(name) == expected) batch.SetRef(name, id);
    }

    public override void Complete(long sequence) => Answer(true);

    public override void Fail(string reason) => Answer(false);
}
