namespace Pasteur.Git.Commits;

/// <summary>Takes short-lived branches away, and what is remembered of a remote's. Answered with the reason why nothing was done, or null.</summary>
/// <param name="branches">Short names.</param>
internal sealed class DropOperation(IReadOnlyCollection<string> branches) : WriteOperation<string?>
{
    public override void Apply(Batch batch)
    {
        foreach (var branch in branches)
            foreach (var name in (string[])["refs/heads/" + branch, Repository.RemoteRef(branch)])
                batch.SetRef(name, default);
    }

    public override void Complete(long sequence) => Answer(null);

    public override void Fail(string reason) => Answer(reason);
}
