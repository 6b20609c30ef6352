using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;

namespace Pasteur.Git.Journals;

/// <summary>
/// A pack in progress: entries are appended to a preallocated file and become durable with one sync a batch.
/// <code>
/// file = "PACK" version:4=2 count:4=0 entry*     zeros up to the preallocated end; the count and the trailer come with the roll
/// </code>
/// One writer appends. Readers look up in <see cref="Index"/>, where an entry stands only once its batch is durable. The file's name
/// is <c>journal-NUMBER-MARK</c>.
/// </summary>
internal sealed class Journal : IDisposable
{
    public const int HeaderLength = 12;
    public const string FilePrefix = "journal-";
    private const int MarkBytes = 16;
    private const long SmallReserve = 256 << 10;
    private readonly SafeFileHandle? _file;

    private Journal(long number, string? path, SafeFileHandle? file, PackData data)
    {
        Number = number;
        Path = path;
        Mark = path is null ? "" : MarkOf(path);
        _file = file;
        Data = data;
        Tail = HeaderLength;
        BatchStart = HeaderLength;
    }

    /// <summary>From 1, growing.</summary>
    public long Number { get; }

    /// <summary>Null when the journal is in memory.</summary>
    public string? Path { get; }

    /// <summary>
    /// Random, and known to nobody outside: it tells the journal's records from bytes that somebody has pasted to look like one.
    /// </summary>
    public string Mark { get; }

    public PackData Data { get; }

    /// <summary>True for the file of an earlier run: it is read and never written, because a pack may share its inode.</summary>
    public bool IsLeftover { get; private init; }

    /// <summary>Bytes behind the tail of a leftover that are neither zeros nor a trailer: it is kept aside, not deleted.</summary>
    public long TornBytes { get; private init; }

    public JournalIndex Index { get; } = new();

    /// <summary>Where the next entry begins: everything before is durable.</summary>
    public long Tail { get; private set; }

    /// <summary>Where the batch begins that has no record yet; the same as <see cref="Tail"/>, unless a part of it was appended early.</summary>
    public long BatchStart { get; private set; }

    private uint _batchChecksum;

    /// <summary>A sync failed: the kernel has told so once and perhaps dropped the pages, so a second sync would lie.</summary>
    public bool InDoubt { get; private set; }

    public bool IsEmpty => Index.Count == 0;

    public SafeFileHandle File => _file ?? throw new InvalidOperationException("Only a journal that this run has begun has a file to write to.");

    /// <summary>Creates the file, reserves its space and makes its folder's entry durable.</summary>
    public static Journal Create(string folder, long number, long reserve)
    {
        var path = System.IO.Path.Combine(folder, FileName(number, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(MarkBytes))));
        var file = System.IO.File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            Reserve(file, reserve, path);
            Span<byte> header = stackalloc byte[HeaderLength];
            WriteHeader(header, 0);
            RandomAccess.Write(file, header, 0);
            Durability.SyncFile(file, path);
            Durability.SyncFolder(folder);
            return new Journal(number, path, file, new FilePackData(file, path, HeaderLength));
        }
        catch
        {
            file.Dispose();
            System.IO.File.Delete(path);
            throw;
        }
    }

    public static Journal InMemory(long number)
    {
        var memory = new MemoryPackData(FileName(number, "memory"));
        Span<byte> header = stackalloc byte[HeaderLength];
        WriteHeader(header, 0);
        memory.Append(header);
        return new Journal(number, null, null, memory);
    }

    /// <summary>What an earlier run has left, up to its last whole batch.</summary>
    public static Journal Leftover(string path, PackData data, JournalScan scan)
    {
        var journal = new Journal(0, path, null, data) { IsLeftover = true, TornBytes = scan.TornBytes, Tail = scan.IntactEnd };
        foreach (var (id, offset) in scan.Entries) journal.Index.Add(id, offset);
        return journal;
    }

    public static string FileName(long number, string mark) => $"{FilePrefix}{number:D10}-{mark}";

    public static string MarkOf(string path) => path[(path.LastIndexOf('-') + 1)..];

    public static bool IsHeader(ReadOnlySpan<byte> header) => PackHeader.TryRead(header, out _);

    public static void WriteHeader(Span<byte> header, uint count)
    {
        "PACK"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt32BigEndian(header[8..], count);
    }

    /// <summary>What the record of the present batch must say when these are the entries before it.</summary>
    public BatchSeal SealBatch(ReadOnlySpan<byte> entries) => new(Mark, BatchStart, Crc32.Update(_batchChecksum, entries));

    /// <summary>Appends bytes at the tail and makes them durable. On an exception the tail has not moved.</summary>
    /// <param name="endsBatch">True when the last entry is the batch's record.</param>
    public void Append(ReadOnlySpan<byte> entries, bool endsBatch)
    {
        switch (Data)
        {
            case MemoryPackData memory:
                memory.Append(entries);
                break;
            case FilePackData file:
                RandomAccess.Write(File, entries, Tail);
                Sync();
                file.Extend(Tail + entries.Length);
                break;
        }
        Tail += entries.Length;
        _batchChecksum = endsBatch ? 0 : Crc32.Update(_batchChecksum, entries);
        if (endsBatch) BatchStart = Tail;
    }

    public void Dispose() => _file?.Dispose();

    private void Sync()
    {
        try
        {
            Durability.SyncData(_file!, Path!);
        }
        catch (IOException e) when (e.HResult != Durability.OutOfSpace)
        {
            InDoubt = true;
            throw;
        }
        // A file system that was unmounted beside us goes on taking what nobody will find again.
        if (!System.IO.File.Exists(Path)) throw new IOException(RepositoryFolder.Gone(Path!));
    }

    // A nearly full disk still takes what fits.
    private static void Reserve(SafeFileHandle file, long reserve, string path)
    {
        try
        {
            Durability.Preallocate(file, reserve, path);
        }
        catch (IOException e) when (Durability.IsOutOfSpace(e) && reserve > SmallReserve)
        {
            Durability.Preallocate(file, SmallReserve, path);
        }
    }
}
