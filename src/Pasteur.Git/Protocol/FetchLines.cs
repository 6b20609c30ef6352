using Pasteur.Git.Objects;

namespace Pasteur.Git.Protocol;

/// <summary>The lines that both versions of fetch have in common.</summary>
internal static class FetchLines
{
    public static void WriteShallow(PktLineWriter request, FetchRequest fetch)
    {
        foreach (var commit in fetch.Shallow) request.Line($"shallow {commit}");
        if (fetch.Depth > 0) request.Line($"deepen {fetch.Depth}");
    }

    public static void WriteHaves(PktLineWriter request, FetchRequest fetch)
    {
        foreach (var have in fetch.Haves.Take(GitLimits.MaxHaves)) request.Line($"have {have}");
    }

    public static ConversationException Unexpected(ReadOnlySpan<byte> line) =>
        ConversationException.Violation($"the remote's answer to our fetch has the unexpected line \"{RemoteText.Clean(line)}\"");
}

/// <summary>Gathers the edge of a shallow history: <c>shallow id</c>, and <c>unshallow id</c>, which a fetch of depth 1 or of all never brings about.</summary>
internal sealed class ShallowCollector
{
    private readonly List<ObjectId> _commits = [];
    private int _lines;

    public IReadOnlyList<ObjectId> Commits => _commits;

    public void Add(ReadOnlySpan<byte> line)
    {
        CountLine();
        if (line.StartsWith("shallow "u8) && ObjectId.TryParse(line["shallow ".Length..], out var commit)) _commits.Add(commit);
        else if (!line.StartsWith("unshallow "u8) || !ObjectId.TryParse(line["unshallow ".Length..], out _)) throw FetchLines.Unexpected(line);
    }

    public void CountLine()
    {
        if (++_lines > GitLimits.MaxShallowCommits)
            throw ConversationException.Violation($"the remote's answer to our fetch has more than {GitLimits.MaxShallowCommits} lines before the pack");
    }
}
