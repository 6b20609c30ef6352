using Pasteur.Git.Objects;

namespace Pasteur.Git.Protocol;

/// <summary>What to fetch, and what the server may assume that we have.</summary>
public sealed record FetchRequest
{
    /// <summary>Full ref names; one that ends with a slash stands for all refs under it.</summary>
    public required IReadOnlyList<string> Refs { get; init; }

    /// <summary>Whether we have an object, with all that it reaches.</summary>
    public required Func<ObjectId, bool> IsKnown { get; init; }

    /// <summary>Takes the pack, and the commits in it whose parents were not sent.</summary>
    public required Func<Stream, IReadOnlyList<ObjectId>, CancellationToken, Task> Receive { get; init; }

    /// <summary>Of the refs asked for, by full name: whether what it names is wanted too. It is listed in any case.</summary>
    public Func<string, bool> Wants { get; init; } = static _ => true;

    /// <summary>Commits that we have, most likely common first. Looked at only when there is something to fetch.</summary>
    public IEnumerable<ObjectId> Haves { get; init; } = [];

    /// <summary>More of them, by what the remote has shown.</summary>
    public Func<RemoteRefs, IEnumerable<ObjectId>> HavesOf { get; init; } = static _ => [];

    /// <summary>Commits that we have without their parents.</summary>
    public IReadOnlyList<ObjectId> Shallow { get; init; } = [];

    /// <summary>How many commits of history to fetch; 0: all.</summary>
    public int Depth { get; init; }

    /// <summary>
    /// What is left out of the pack (git help rev-list, "--filter": <c>tree:0</c>); null: nothing. A server that does so for nobody is asked for nothing.
    /// </summary>
    public string? Filter { get; init; }

    /// <summary>Wanted by their ids, whatever refs name; then no ref is asked for.</summary>
    public IReadOnlyCollection<ObjectId> Objects { get; init; } = [];

    /// <summary>The most that the pack may have, where that is less than usual.</summary>
    public long MaxPackBytes { get; init; } = long.MaxValue;

    internal bool Asks(string name)
    {
        foreach (var asked in Refs)
            if (name == asked || (asked.EndsWith('/') && name.StartsWith(asked, StringComparison.Ordinal))) return true;
        return false;
    }
}
