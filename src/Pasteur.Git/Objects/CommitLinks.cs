namespace Pasteur.Git.Objects;

/// <summary>What a walk through the history needs of a commit. Long walks keep many: there is no text in it.</summary>
/// <param name="Seconds">When it was committed, in Unix time.</param>
internal readonly record struct CommitLinks(ObjectId Tree, ObjectId[] Parents, long Seconds);
