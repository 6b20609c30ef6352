using System.Security.Cryptography;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;

namespace Pasteur.Git.Fsck;

/// <summary>Reads one pack to its last bit: both checksums, the order of the index, each entry's CRC-32, each object's id and form.</summary>
internal sealed class PackCheck(CheckedPack checkedPack, Action<FsckFinding> report)
{
    private const int ChunkBytes = 1 << 20;

    private readonly PackFile _pack = checkedPack.Pack;
    private readonly byte[] _chunk = new byte[ChunkBytes];

    public void Run(CancellationToken cancellationToken)
    {
        CheckTrailer(cancellationToken);
        if (!_pack.Index.VerifyChecksum(cancellationToken)) report(new FsckFinding(_pack.Index.Name, "its checksum is wrong"));
        for (var n = 1; n < _pack.Count; n++)
        {
            if (_pack.Index.IdAt(n) > _pack.Index.IdAt(n - 1)) continue;
            report(new FsckFinding(_pack.Index.Name, $"its ids are not in order at {_pack.Index.IdAt(n)}; what it lists may not be found"));
            break;
        }

        var order = new PackOrder(_pack);
        for (var n = 0; n < order.Count; n++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            CheckEntry(order, n);
        }
    }

    private void CheckTrailer(CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        var end = _pack.Data.Length - ObjectId.Size;
        for (var at = 0L; at < end;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var part = _chunk.AsSpan(0, (int)Math.Min(ChunkBytes, end - at));
            _pack.Data.ReadExactlyAt(at, part);
            hash.AppendData(part);
            at += part.Length;
        }

        if (new ObjectId(hash.GetHashAndReset()) != _pack.Index.PackChecksum) report(new FsckFinding(_pack.Name, "its checksum is wrong"));
    }

    private void CheckEntry(PackOrder order, int n)
    {
        var (offset, id) = (order.OffsetAt(n), _pack.Index.IdAt(order.PositionAt(n)));
        try
        {
            if (ComputeCrc(offset, order.LengthAt(n)) != _pack.Index.Crc32At(order.PositionAt(n))) Report("its bytes are not those that the index has the checksum of");
            var content = _pack.ReadAt(offset);
            checkedPack.SetKind(order.PositionAt(n), content.Kind);
            if (ObjectHasher.Hash(content.Kind, content.Bytes.Span) != id) Report("its content is not what it is named for");
            else if (ObjectCheck.FindProblem(content, id) is { } problem) Report(problem);
        }
        catch (GitDataException fault)
        {
            report(new FsckFinding(fault.Place, fault.Problem));
        }

        void Report(string problem) => report(new FsckFinding(_pack.Name, $"object {id} at {offset}: {problem}"));
    }

    private uint ComputeCrc(long offset, long length)
    {
        var crc = 0u;
        for (var at = offset; at < offset + length;)
        {
            var part = _chunk.AsSpan(0, (int)Math.Min(ChunkBytes, offset + length - at));
            _pack.Data.ReadExactlyAt(at, part);
            crc = Crc32.Update(crc, part);
            at += part.Length;
        }

        return crc;
    }
}
