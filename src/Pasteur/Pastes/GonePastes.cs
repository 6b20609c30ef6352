using System.Collections.Concurrent;
using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Git.Objects;

namespace Pasteur.Pastes;

/// <summary>
/// Codes of pastes that have ended while this program ran. Nothing else is known of them, and not for long: in memory, and the oldest go
/// first. What is not known here is answered as any code that never was.
/// </summary>
internal sealed class GonePastes
{
    private readonly ConcurrentQueue<string> _order = new();
    private readonly ConcurrentDictionary<string, bool> _codes = new(StringComparer.Ordinal);

    public bool Contains(string code) => _codes.ContainsKey(code);

    public void Add(string code)
    {
        if (!_codes.TryAdd(code, true)) return;
        _order.Enqueue(code);
        while (_order.Count > Limits.MaxRememberedGone && _order.TryDequeue(out var oldest)) _codes.TryRemove(oldest, out _);
    }

    /// <summary>The codes of all pastes of a commit.</summary>
    public static IEnumerable<string> In(Snapshot snapshot, ObjectId commit) => In(snapshot, snapshot.ReadCommit(commit).Tree, depth: 0);

    private static IEnumerable<string> In(Snapshot snapshot, ObjectId tree, int depth)
    {
        foreach (var entry in snapshot.ReadTree(tree).Where(entry => entry.IsTree))
        {
            if (PasteId.IsFolder(entry.Name, depth)) yield return entry.Name;
            else if (entry.Name.Length == 1 && depth < PasteId.MostLevels)
                foreach (var code in In(snapshot, entry.Id, depth + 1)) yield return code;
        }
    }
}
