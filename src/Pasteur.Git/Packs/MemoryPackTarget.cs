using Pasteur.Git.Objects;

namespace Pasteur.Git.Packs;

/// <summary>A pack being written to memory, for a repository that is nowhere else.</summary>
internal sealed class MemoryPackTarget(bool isSmall = false) : PackTarget
{
    // A few folders and files, for a moment.
    private const int SmallSegmentBytes = 8 * 1024;

    private static int s_count;

    // The store knows packs by their names.
    private readonly MemoryPackData _data = new($"pack {Interlocked.Increment(ref s_count)} in memory", isSmall ? SmallSegmentBytes : MemoryPackData.LargeSegmentBytes);

    public override PackData Data => _data;

    public override long Length => _data.Length;

    public override void Flush()
    {
        // What has been appended is readable at once.
    }

    public override void Append(ReadOnlySpan<byte> bytes) => _data.Append(bytes);

    public override void Overwrite(long offset, ReadOnlySpan<byte> bytes) => _data.Overwrite(offset, bytes);

    public override PackFile Install(IReadOnlyCollection<PackIndexEntry> sorted, ObjectId trailer, Action<string>? reached) =>
        new(_data, PackIndex.Load(PackIndexWriter.ToArray(sorted, trailer), _data.Name));

    public override void Dispose()
    {
        // Nothing is held but memory.
    }
}
