using Pasteur.Git.Objects;

namespace Pasteur.Git;

/// <summary>A commit that merges an inbox into a branch, and what of it a remote lacks.</summary>
public sealed class MergedInbox(ObjectId commit, PushPlan plan, IReadOnlyList<string> conflicts)
{
    public ObjectId Commit => commit;

    public PushPlan Plan => plan;

    /// <summary>Paths that both have with different content: the branch's are kept there.</summary>
    public IReadOnlyList<string> Conflicts => conflicts;
}
