using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;

namespace Pasteur.Git.Journals;

/// <summary>
/// Turns a sealed journal into a pack that stock git reads: the count and the trailer are written, the file is linked into
/// <c>objects/pack</c> behind a <c>.keep</c>, and its index appears. Any step may be the last one: until the journal is removed,
/// recovery does it all again.
/// </summary>
internal static class JournalRoll
{
    private const int ChunkBytes = 1 << 20;

    // git's own clean-up (git prune) knows names that begin with tmp_.
    private const string CopyPrefix = "tmp_journal_";

    /// <summary>Removes what an earlier run, cut short, has left.</summary>
    public static void RemoveLeftovers(string packFolder)
    {
        foreach (var path in Directory.EnumerateFiles(packFolder, CopyPrefix + "*")) File.Delete(path);
    }

    /// <returns>The pack's path; <c>.keep</c> stands beside it.</returns>
    public static string ToPack(Journal journal, string packFolder, Action<string>? faultPoint)
    {
        // What was found behind damage has no place in a pack: its neighbours are missing.
        var entries = journal.Index.ToArray().Where(entry => entry.Offset < journal.Tail).ToArray();
        faultPoint?.Invoke("roll.start");
        var copy = journal.IsLeftover ? Path.Combine(packFolder, CopyPrefix + Path.GetFileName(journal.Path)) : null;
        var (trailer, index) = copy is null ? Finish(journal, entries, journal.File) : FinishCopy(journal, entries, copy);
        faultPoint?.Invoke("roll.trailer");

        var stem = Path.Combine(packFolder, "pack-" + Convert.ToHexStringLower(trailer));
        // The name is the content's: a pack that is in use already is this very one, from a run that was killed after its refs were written,
        // and no .keep may appear beside it (see PackInstaller).
        if (!File.Exists(stem + ".idx")) AtomicFile.Write(stem + ".keep", PackInstaller.KeepMark.ToArray());
        faultPoint?.Invoke("roll.keep");
        if (copy is not null) File.Move(copy, stem + ".pack", overwrite: true);
        else if (!File.Exists(stem + ".pack")) Durability.Link(journal.Path!, stem + ".pack");
        faultPoint?.Invoke("roll.link");
        AtomicFile.Write(stem + ".idx", stream => PackIndexWriter.Write(stream, index, new ObjectId(trailer)));
        faultPoint?.Invoke("roll.idx");
        Durability.SyncFolder(packFolder);
        faultPoint?.Invoke("roll.visible");
        return stem + ".pack";
    }

    private static (byte[] Trailer, PackIndexEntry[] Index) FinishCopy(Journal journal, (ObjectId Id, long Offset)[] entries, string path)
    {
        using var target = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, preallocationSize: journal.Tail);
        var chunk = new byte[ChunkBytes];
        for (long at = Journal.HeaderLength; at < journal.Tail; at += chunk.Length)
        {
            var part = chunk.AsSpan(0, (int)Math.Min(chunk.Length, journal.Tail - at));
            journal.Data.ReadExactlyAt(at, part);
            RandomAccess.Write(target, part, at);
        }
        return Finish(journal, entries, target);
    }

    // One pass over the file gives the CRC of every entry and the SHA-1 of all.
    private static (byte[] Trailer, PackIndexEntry[] Index) Finish(Journal journal, (ObjectId Id, long Offset)[] entries, SafeFileHandle target)
    {
        Span<byte> header = stackalloc byte[Journal.HeaderLength];
        Journal.WriteHeader(header, (uint)entries.Length);
        RandomAccess.Write(target, header, 0);

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(header);
        var index = new PackIndexEntry[entries.Length];
        var chunk = new byte[ChunkBytes];
        var (entry, crc) = (0, 0u);
        for (long at = Journal.HeaderLength; at < journal.Tail;)
        {
            var part = chunk.AsSpan(0, (int)Math.Min(ChunkBytes, journal.Tail - at));
            journal.Data.ReadExactlyAt(at, part);
            hash.AppendData(part);
            // A system call for a megabyte, not for an entry: most have a hundred bytes.
            while (!part.IsEmpty)
            {
                var end = entry + 1 < entries.Length ? entries[entry + 1].Offset : journal.Tail;
                var length = (int)Math.Min(part.Length, end - at);
                crc = Crc32.Update(crc, part[..length]);
                part = part[length..];
                at += length;
                if (at < end) continue;
                index[entry] = new PackIndexEntry(entries[entry].Id, entries[entry].Offset, crc);
                (entry, crc) = (entry + 1, 0);
            }
        }
        var trailer = hash.GetHashAndReset();
        RandomAccess.Write(target, trailer, journal.Tail);
        RandomAccess.SetLength(target, journal.Tail + trailer.Length);
        Durability.SyncFile(target, journal.Path!);
        Array.Sort(index);
        return (trailer, index);
    }
}
