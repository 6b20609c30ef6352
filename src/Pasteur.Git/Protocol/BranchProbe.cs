using System.Security.Cryptography;
using Pasteur.Git.Commits;
using Pasteur.Git.Journals;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;

namespace Pasteur.Git.Protocol;

/// <summary>A commit that holds nothing, and its pack: for a branch that is made to see whether a remote makes and deletes branches.</summary>
public static class BranchProbe
{
    private static readonly byte[] Content = CommitFormat.Write(
        ObjectId.EmptyTree, null, new Signature("Pasteur", "pasteur@pasteur.invalid", DateTimeOffset.UnixEpoch), "Made and deleted at once, to see whether branches can be");

    public static ObjectId Commit { get; } = ObjectHasher.Hash(ObjectKind.Commit, Content);

    public static async ValueTask WritePackAsync(Stream target, CancellationToken cancellationToken)
    {
        var pack = new EntryBuffer();
        var header = new byte[Journal.HeaderLength];
        Journal.WriteHeader(header, 2);
        pack.Append(header);
        pack.AppendWhole(ObjectKind.Commit, Content, Packing.Store);
        pack.AppendWhole(ObjectKind.Tree, [], Packing.Store);
        pack.Append(SHA1.HashData(pack.Written));
        await target.WriteAsync(pack.WrittenMemory, cancellationToken).ConfigureAwait(false);
    }
}
