using Pasteur.Git.Objects;
using Pasteur.Git.Packs;

namespace Pasteur.Git.History;

/// <summary>
/// Finds what a fetched pack names and nobody holds. git does the same after a fetch: a remote that sends a tip without its trees must
/// not become our branch.
/// </summary>
internal static class PackConnectivity
{
    /// <param name="isPart">Trees were left out: of what a commit names, its parents are looked for.</param>
    /// <exception cref="GitDataException">Something is missing; the message says what, and what names it.</exception>
    public static void Check(PackFile pack, ObjectStore store, IReadOnlySet<ObjectId> shallow, bool isPart, CancellationToken cancellationToken)
    {
        // In the order of the pack each version of a tree comes soon after the one that it is a delta of, and names nearly the same.
        var order = new PackOrder(pack);
        var found = new RecentIds();
        for (var n = 0; n < order.Count; n++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var offset = order.OffsetAt(n);
            var kind = PackReader.ReadKind(pack.Data, offset, pack.Locate);
            if (kind is not (ObjectKind.Commit or ObjectKind.Tree)) continue;
            var id = pack.Index.IdAt(order.PositionAt(n));
            var content = pack.ReadAt(offset).Bytes.Span;
            if (kind == ObjectKind.Commit) CheckCommit(content, id);
            else if (!isPart) CheckTree(content, id);
        }

        void CheckTree(ReadOnlySpan<byte> content, ObjectId id)
        {
            var entries = new TreeReader(content, id);
            while (entries.MoveNext())
                if (!entries.Mode.IsSubmodule()) Require(entries.Id, "tree", id);
        }

        void CheckCommit(ReadOnlySpan<byte> content, ObjectId id)
        {
            var parents = new List<ObjectId>();
            var tree = CommitReader.ReadLinks(content, id, parents);
            if (!isPart) Require(tree, "commit", id);
            if (shallow.Contains(id)) return;
            foreach (var parent in parents) Require(parent, "commit", id);
        }

        void Require(ObjectId wanted, string kind, ObjectId by)
        {
            if (found.Contains(wanted)) return;
            if (pack.Contains(wanted) || wanted == ObjectId.EmptyTree || store.Contains(wanted))
            {
                found.Add(wanted);
                return;
            }
            throw new GitDataException("The pack from the remote", $"its {kind} {by} names {wanted}, which it did not send and this repository does not hold", "Nothing of it was kept. Run git fsck on the remote.");
        }
    }

    // Who is found again and again is looked for once. An id has one place, where the last one to come stays.
    private sealed class RecentIds
    {
        private const int Places = 1 << 14;

        private readonly ObjectId[] _ids = new ObjectId[Places];

        public bool Contains(ObjectId id) => _ids[Place(id)] == id && !id.IsZero;

        public void Add(ObjectId id) => _ids[Place(id)] = id;

        private static int Place(ObjectId id) => id.GetHashCode() & (Places - 1);
    }
}
