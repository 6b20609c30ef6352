namespace Pasteur.Git.Packs;

/// <summary>The bytes of a pack, or of one in progress, wherever they are kept. Any number of threads may read.</summary>
internal abstract class PackData : IDisposable
{
    private static long s_last;

    protected PackData(string name)
    {
        Name = name;
        Number = Interlocked.Increment(ref s_last);
    }

    /// <summary>Tells it from all others that this process has opened: what is remembered of it need not keep it open.</summary>
    public long Number { get; }

    /// <summary>What messages call it: its path, or what it is for when it is in memory.</summary>
    public string Name { get; }

    /// <summary>Bytes that may be read; it only ever grows.</summary>
    public abstract long Length { get; }

    /// <summary>Entries that were read once are worth keeping, and stay as they are.</summary>
    public virtual bool IsWorthKeeping => false;

    /// <summary>Reads what there is at an offset: fewer bytes than asked for only at the end.</summary>
    public abstract int ReadAt(long offset, Span<byte> destination);

    /// <summary>An entry there will be read soon: whoever has to fetch it from somewhere slow may begin.</summary>
    public virtual void WillNeed(long offset)
    {
    }

    public void ReadExactlyAt(long offset, Span<byte> destination)
    {
        var read = ReadAt(offset, destination);
        if (read != destination.Length) throw new GitDataException(Name, $"it ends at {offset + read}, in the middle of what should be there");
    }

    public abstract void Dispose();
}
