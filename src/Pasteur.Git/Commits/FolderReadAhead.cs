using System.Collections.Immutable;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;

namespace Pasteur.Git.Commits;

/// <summary>
/// Reads the folders that a batch will change before the batch begins: those of all its operations at once, so that a disk is waited for once
/// a level and not for each. Writer only.
/// </summary>
internal sealed class FolderReadAhead(ObjectStore store, TreeCache trees)
{
    // Folders on the way to a paste, the root's own among them.
    private const int Levels = 5;

    private readonly List<Way> _ways = [];
    private readonly Dictionary<ObjectId, PackedPlace> _lacking = [];

    /// <param name="treeOf">The tree of a commit.</param>
    public void Read(IEnumerable<WriteOperation> operations, ImmutableDictionary<string, ObjectId> refs, Func<ObjectId, ObjectId> treeOf)
    {
        try
        {
            foreach (var operation in operations)
                if (operation.Aim is { } aim && refs.TryGetValue(aim.Ref, out var tip)) _ways.Add(new Way(treeOf(tip), aim.Path, 0));
            for (var level = 0; level < Levels && Descend() > 0; level++)
                foreach (var (id, place) in _lacking) trees.Add(new TreeVersion(id, ObjectStore.ReadTreeContent(id, place), TreeVersion.NoJournal, 0, 0));
        }
        finally
        {
            // A place keeps a file open, also of a pack that is merged away.
            _ways.Clear();
            _lacking.Clear();
        }
    }

    // Each goes on to the first folder that the writer does not hold. Returns how many of these there are.
    private int Descend()
    {
        _lacking.Clear();
        var going = 0;
        for (var n = 0; n < _ways.Count; n++)
        {
            if (_ways[n].ToLacking(trees) is not { } end) continue;
            _ways[going++] = end;
            if (_lacking.ContainsKey(end.Folder) || !store.TryLocate(end.Folder, out var place)) continue;
            place.Data.WillNeed(place.Offset);
            _lacking.Add(end.Folder, place);
        }
        _ways.RemoveRange(going, _ways.Count - going);
        return _lacking.Count;
    }

    /// <param name="At">How much of the path led to the folder.</param>
    private readonly record struct Way(ObjectId Folder, byte[] Path, int At)
    {
        // Null: all that there are on the way are held.
        public Way? ToLacking(TreeCache trees)
        {
            var (id, at) = (Folder, At);
            while (trees.TryGet(id, out var tree))
            {
                var name = Path.AsSpan(at);
                var slash = name.IndexOf((byte)'/');
                if (slash < 0 || !TreeContent.TryFind(tree.Content.Span, name[..slash], out id, out var mode) || !mode.IsTree()) return null;
                at += slash + 1;
            }
            return new Way(id, Path, at);
        }
    }
}
