using Microsoft.Win32.SafeHandles;

namespace Pasteur.Git.Packs;

/// <summary>A pack in a file, read by position.</summary>
/// <remarks>
/// Disposing is optional: a file that was merged away may still be in use by a snapshot, and its handle then closes when
/// the last snapshot is gone.
/// </remarks>
internal sealed class FilePackData : PackData
{
    // What a reader takes at once, see PackCursor.
    private const int ForeseenBytes = 4096;

    private readonly SafeFileHandle _file;
    private long _length;

    /// <summary>Reads up to <paramref name="length"/> of a file whose handle it now owns.</summary>
    public FilePackData(SafeFileHandle file, string name, long length)
        : base(name)
    {
        _file = file;
        _length = length;
    }

    public override long Length => Volatile.Read(ref _length);

    public override bool IsWorthKeeping => true;

    /// <summary>Opens a finished file, of whose length nothing will change.</summary>
    public static FilePackData Open(string path)
    {
        var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.RandomAccess);
        return new FilePackData(file, path, RandomAccess.GetLength(file));
    }

    /// <summary>For a file in progress: its writer says how far it may be read now.</summary>
    public void Extend(long length) => Volatile.Write(ref _length, length);

    public override int ReadAt(long offset, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var available = Math.Clamp(Length - offset, 0, destination.Length);
        var total = 0;
        while (total < available)
        {
            var read = RandomAccess.Read(_file, destination[total..(int)available], offset + total);
            if (read == 0) break;
            total += read;
        }

        return total;
    }

    public override void WillNeed(long offset) => Durability.WillNeed(_file, offset, ForeseenBytes);

    public override void Dispose() => _file.Dispose();
}
