using Pasteur.Configuration;
using Pasteur.Git.Objects;
using Pasteur.Git.Protocol;

namespace Pasteur.Sync;

/// <summary>
/// <c>erasing/SERVER</c>: a branch of the remote, with nothing in it, that stands while a server makes its history again and has lost a push to somebody
/// else's. The others push nothing meanwhile: to make a history again takes longer than one of their pushes, and would lose to each next one. They
/// make way for a bounded time, and whoever finds the branch after that deletes it: its server was killed.
/// </summary>
/// <param name="server">Ours.</param>
internal sealed class ErasingBranch(string server, TimeProvider time)
{
    private const string Heads = "refs/heads/erasing/";

    private readonly Lock _turn = new();
    private long? _since;
    private long _seen;
    private RefUpdate? _left;

    public string Head { get; } = Heads + server;

    public static bool Is(string name) => name.StartsWith(Heads, StringComparison.Ordinal);

    /// <summary>What a push makes way for, of what the remote shows to it; null: it goes on.</summary>
    public string? MakesWay(IReadOnlyDictionary<string, ObjectId> tips)
    {
        var name = tips.Keys.FirstOrDefault(Is);
        lock (_turn)
        {
            _left = null;
            if (name is null)
            {
                _since = null;
                return null;
            }
            // Not seen for so long, it is another: a push waits by asking again and again.
            if (_since is null || time.GetElapsedTime(_seen) >= Limits.LongestWay)
                _since = time.GetTimestamp();
            _seen = time.GetTimestamp();
            // While this server erases it pushes nothing: its own is from before it was killed.
            if (name != Head && time.GetElapsedTime(_since.Value) < Limits.LongestWay)
                return name;
            _left = new RefUpdate(name, tips[name], ObjectId.Zero);
            return null;
        }
    }

    /// <summary>The deletion of one that no server waits for any more, once; null: there is none.</summary>
    public RefUpdate? TakeLeft()
    {
        lock (_turn)
        {
            var left = _left;
            _left = null;
            return left;
        }
    }
}
