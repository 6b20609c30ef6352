using Pasteur.Git.Objects;

namespace Pasteur.Git.Refs;

/// <summary>What became of a compare-and-swap on a ref file.</summary>
internal abstract record RefUpdateOutcome
{
    private RefUpdateOutcome() { }

    public sealed record Updated : RefUpdateOutcome;

    /// <summary>The ref was not what was expected; zero when it is not there. Nothing was written.</summary>
    public sealed record Changed(ObjectId Current) : RefUpdateOutcome;

    /// <summary>Somebody else holds the ref's lock file. Nothing was written.</summary>
    public sealed record Locked : RefUpdateOutcome;
}
