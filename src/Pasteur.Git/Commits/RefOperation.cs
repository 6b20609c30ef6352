using Pasteur.Git.Objects;

namespace Pasteur.Git.Commits;

/// <summary>Moves a ref that needs no new objects: a remote's tip that was seen or accepted.</summary>
internal sealed class RefOperation(string name, ObjectId id) : WriteOperation<bool>
{
    public override void Apply(Batch batch) => batch.SetRef(name, id);

    public override void Complete(long sequence) => Answer(true);

    public override void Fail(string reason) => Answer(false);
}
