namespace Pasteur.Git;

/// <summary>
/// Git data on disk or from a remote is not what it must be. The message names the place (file, object or ref),
/// says what is wrong there and what to do about it.
/// </summary>
public sealed class GitDataException : Exception
{
    private const string DefaultRemedy = "Run `pasteur fsck` to see how far the damage goes; take what is damaged from a clone, the remote or a backup.";

    public GitDataException(string place, string problem, string? remedy = null, Exception? cause = null)
        : base($"{place}: {problem}. {remedy ?? DefaultRemedy}", cause)
    {
        Place = place;
        Problem = problem;
    }

    /// <summary>The file, object or ref at fault.</summary>
    public string Place { get; }

    /// <summary>What is wrong there, without the advice.</summary>
    public string Problem { get; }
}
