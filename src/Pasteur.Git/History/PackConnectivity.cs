using Pasteur.Git.Objects;
using Pasteur.Git.Packs;

namespace Pasteur.Git.History;

/// <summary>
/// Finds what a fetched pack names and nobody holds. git does the same after a fetch: a remote that sends a tip without its trees must
/// not become our branch.
/// </summary>
internal static class PackConnectivity
{
    /// <exception cref="GitDataException">Something is missing; the message says what, and what names it.</exception>
    public static void Check(PackFile pack, ObjectStore store, IReadOnlySet<ObjectId> shallow, CancellationToken cancellationToken)
    {
        for (var n = 0; n < pack.Count; n++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var offset = pack.Index.OffsetAt(n);
            var kind = PackReader.ReadKind(pack.Data, offset, pack.Locate);
            if (kind is not (ObjectKind.Commit or ObjectKind.Tree)) continue;
            var id = pack.Index.IdAt(n);
            var content = pack.ReadAt(offset).Bytes.Span;
            if (kind == ObjectKind.Tree) CheckTree(content, id);
            else CheckCommit(content, id);
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
            Require(CommitReader.ReadLinks(content, id, parents), "commit", id);
            if (shallow.Contains(id)) return;
            foreach (var parent in parents) Require(parent, "commit", id);
        }

        void Require(ObjectId wanted, string kind, ObjectId by)
        {
            if (pack.Contains(wanted) || wanted == ObjectId.EmptyTree || store.Contains(wanted)) return;
            throw new GitDataException("The pack from the remote", $"its {kind} {by} names {wanted}, which it did not send and this repository does not hold", "Nothing of it was kept. Run git fsck on the remote.");
        }
    }
}
