using System.Security.Cryptography;
using Pasteur.Git.Objects;
using Pasteur.Git.Zlib;

namespace Pasteur.Git.Packs;

/// <summary>
/// Reads a pack from a stream, entry by entry, and keeps a copy of exactly its bytes. Nothing is believed: a pack that ends
/// early, runs over its bound or is not what its checksum says is refused.
/// </summary>
/// <remarks>
/// The buffer, while entries are read:
/// <code>
/// | settled: copied, hashed | taken, may be given back (at most 8 bytes) | not yet used |
///                           ^ _settled                                   ^ _position    ^ _filled
/// </code>
/// Bytes are given back because the inflater takes whole words, and the stream's end may be inside of the last one.
/// </remarks>
internal sealed class IncomingPack : IDisposable
{
    private const int BufferBytes = 64 * 1024;
    private const int MaxGivenBack = 8;

    private readonly Stream _source;
    private readonly PackTarget _target;
    private readonly string _name;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
    private readonly ZlibInflater _inflater = new();
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _settled;
    private int _position;
    private int _filled;
    private long _settledTotal;
    private uint _crc;

    /// <param name="name">What messages call the pack.</param>
    public IncomingPack(Stream source, PackTarget target, string name)
    {
        _source = source;
        _target = target;
        _name = name;
    }

    /// <summary>How far into the pack the next read begins.</summary>
    public long Position => _settledTotal + _position - _settled;

    public async ValueTask<PackHeader> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        await NeedAsync(PackHeader.Length, cancellationToken).ConfigureAwait(false);
        if (!PackHeader.TryRead(_buffer.AsSpan(_position, PackHeader.Length), out var header)) throw Refuse("it does not begin as a pack of version 2 or 3 does");
        if (header.Count > GitLimits.MaxPackObjects) throw Refuse($"it counts {header.Count} objects, more than the {GitLimits.MaxPackObjects} that are taken");
        _position += PackHeader.Length;
        EndEntry();
        return header;
    }

    public async ValueTask<PackEntryHeader> ReadEntryHeaderAsync(CancellationToken cancellationToken)
    {
        var start = Position;
        ParseStatus status;
        PackEntryHeader header;
        while ((status = PackEntryHeader.Read(_buffer.AsSpan(_position, _filled - _position), out header)) == ParseStatus.Incomplete)
            await FillAsync(cancellationToken).ConfigureAwait(false);

        if (status != ParseStatus.Complete) throw Refuse($"no entry begins at {start}, where one should");
        if (header.Size > GitLimits.MaxObjectBytes) throw Refuse($"the entry at {start} declares {header.Size} bytes, more than the {GitLimits.MaxObjectBytes} that are taken");
        _position += header.Length;
        return header;
    }

    public async ValueTask InflateAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        var start = Position;
        _inflater.Reset();
        ParseStatus status;
        while ((status = _inflater.Inflate(_buffer.AsSpan(_position, _filled - _position), destination.Span)) == ParseStatus.Incomplete)
        {
            _position = _filled;
            await FillAsync(cancellationToken).ConfigureAwait(false);
        }

        if (status != ParseStatus.Complete) throw Refuse($"the zlib stream at {start} is damaged: {_inflater.Fault}");
        _position = (int)(start + _inflater.Consumed - _settledTotal) + _settled;
    }

    /// <summary>Ends an entry; returns the CRC-32 of its bytes as they came.</summary>
    public uint EndEntry()
    {
        Settle(_position);
        var crc = _crc;
        _crc = 0;
        return crc;
    }

    /// <summary>Reads the checksum at the end, which must be that of all before it.</summary>
    public async ValueTask<ObjectId> ReadTrailerAsync(CancellationToken cancellationToken)
    {
        await NeedAsync(ObjectId.Size, cancellationToken).ConfigureAwait(false);
        var trailer = new ObjectId(_buffer.AsSpan(_position, ObjectId.Size));
        return trailer == new ObjectId(_hash.GetHashAndReset()) ? trailer : throw Refuse("its checksum is wrong: it was damaged on its way");
    }

    public void Dispose() => _hash.Dispose();

    private GitDataException Refuse(string problem) => PackIndexer.Refuse(_name, problem);

    private async ValueTask NeedAsync(int count, CancellationToken cancellationToken)
    {
        while (_filled - _position < count) await FillAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        Settle(Math.Max(_settled, _position - MaxGivenBack));
        _buffer.AsSpan(_settled, _filled - _settled).CopyTo(_buffer);
        (_settled, _position, _filled) = (0, _position - _settled, _filled - _settled);
        var read = await _source.ReadAsync(_buffer.AsMemory(_filled), cancellationToken).ConfigureAwait(false);
        if (read == 0) throw Refuse($"it ends after {_settledTotal + _filled} bytes, before its end");
        _filled += read;
        if (_settledTotal + _filled > GitLimits.MaxIncomingPackBytes) throw Refuse($"it has more than the {GitLimits.MaxIncomingPackBytes} bytes that are taken");
    }

    private void Settle(int end)
    {
        var bytes = _buffer.AsSpan(_settled, end - _settled);
        _hash.AppendData(bytes);
        _crc = Crc32.Update(_crc, bytes);
        _target.Append(bytes);
        _settled = end;
        _settledTotal += bytes.Length;
    }
}
