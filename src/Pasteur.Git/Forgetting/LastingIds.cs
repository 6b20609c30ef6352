using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Pasteur.Git.History;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;
using Pasteur.Git.Refs;

namespace Pasteur.Git.Forgetting;

/// <summary>
/// Which commits and blobs the branches and tags that stay have ever reached, so that a purge need not walk their whole history: only what
/// came since the last one. Made anew when it is missing or damaged. Ids by their first eight bytes: two objects that share these make one
/// stay that might go, never the other way.
/// <code>
/// pasteur/lasting-ids     8 bytes an id, the last of them first, in no order
/// pasteur/lasting         "ids" SP COUNT SP CRC-32-HEX LF    of so many ids in that file; what follows there does not count
///                         *( HEX SP REF-NAME LF )            the tips up to which they were gathered
/// </code>
/// </summary>
internal sealed class LastingIds(string repository)
{
    private const int IdBytes = 8;
    private const int ChunkBytes = 256 * 1024;

    private readonly string _headPath = Path.Combine(repository, "pasteur", "lasting");
    private readonly string _idsPath = Path.Combine(repository, "pasteur", "lasting-ids");

    /// <summary>Of the ids that are asked for, those that the tips reach or did reach.</summary>
    /// <param name="tips">Of all refs that stay: full names, or any word where a ref has no name.</param>
    /// <exception cref="GitDataException">The history cannot be read whole.</exception>
    public HashSet<ulong> Find(IReadOnlySet<ulong> asked, IReadOnlyDictionary<string, ObjectId> tips, ObjectStore store, CancellationToken cancellationToken)
    {
        var found = new HashSet<ulong>();
        var head = ReadHead();
        // A branch that was rewritten reaches less than the list has.
        if (IsRewritten(head, tips, store) || !ScanIds(head, asked, found, cancellationToken))
        {
            head = new Head(0, 0, []);
            found.Clear();
        }
        var added = new List<ulong>();
        var walk = new ObjectWalk(store, isWhole: true, cancellationToken);
        // What other refs share with the largest branch is then known, whichever comes first.
        var usual = head.Tips.Values.Select(tip => (ObjectId?)tip).FirstOrDefault();
        foreach (var (name, tip) in tips)
        {
            ObjectId? known = head.Tips.TryGetValue(name, out var before) ? before : usual;
            if (tip != before) walk.Walk(tip, known, (id, kind) => Add(id, kind, added));
            usual ??= tip;
        }
        found.UnionWith(added.Where(asked.Contains));
        if (added.Count > 0 || !SameTips(head.Tips, tips)) Write(head, added, tips);
        return found;
    }

    // What puts commits on another tip moves its own ref there and back.
    private static bool IsRewritten(Head head, IReadOnlyDictionary<string, ObjectId> tips, ObjectStore store) =>
        head.Tips.Keys.Any(name => !WorkRef.Is(name) && tips.TryGetValue(name, out var tip) && !Ancestry.IsAncestor(store, head.Tips[name], tip));

    private static void Add(ObjectId id, ObjectKind kind, List<ulong> added)
    {
        if (kind is ObjectKind.Commit or ObjectKind.Blob) added.Add(id.FirstBits);
    }

    private static bool SameTips(Dictionary<string, ObjectId> before, IReadOnlyDictionary<string, ObjectId> now) =>
        before.Count == now.Count && now.Keys.All(name => before.TryGetValue(name, out var tip) && tip == now[name]);

    private bool ScanIds(Head head, IReadOnlySet<ulong> asked, HashSet<ulong> found, CancellationToken cancellationToken)
    {
        if (head.Count == 0) return true;
        try
        {
            using var file = File.OpenHandle(_idsPath);
            var (crc, end) = (0u, head.Count * IdBytes);
            var chunk = new byte[ChunkBytes];
            for (long at = 0; at < end;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var part = chunk.AsSpan(0, (int)Math.Min(chunk.Length, end - at));
                for (var got = 0; got < part.Length;)
                {
                    var read = RandomAccess.Read(file, part[got..], at + got);
                    if (read == 0) return false;
                    got += read;
                }
                crc = Crc32.Update(crc, part);
                foreach (var id in MemoryMarshal.Cast<byte, ulong>(part))
                    if (asked.Contains(id)) found.Add(id);
                at += part.Length;
            }
            return crc == head.Crc32;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    // The ids are on the disk before the head counts them.
    private void Write(Head head, List<ulong> added, IReadOnlyDictionary<string, ObjectId> tips)
    {
        var bytes = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(added));
        using (var file = File.OpenHandle(_idsPath, FileMode.OpenOrCreate, FileAccess.Write))
        {
            RandomAccess.SetLength(file, head.Count * IdBytes);
            RandomAccess.Write(file, bytes, head.Count * IdBytes);
            Durability.SyncFile(file, _idsPath);
        }
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"ids {head.Count + added.Count} {Crc32.Update(head.Crc32, bytes):x8}\n");
        foreach (var (name, tip) in tips) text.Append(tip.ToString()).Append(' ').Append(name).Append('\n');
        AtomicFile.Write(_headPath, Encoding.UTF8.GetBytes(text.ToString()));
        Durability.SyncFolder(Path.GetDirectoryName(_headPath)!);
    }

    private Head ReadHead()
    {
        var none = new Head(0, 0, []);
        if (!File.Exists(_headPath)) return none;
        var lines = File.ReadAllText(_headPath).Split('\n');
        if (lines[0].Split(' ') is not ["ids", var count, var crc] || lines[^1].Length > 0) return none;
        if (!long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var ids) || !uint.TryParse(crc, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var checksum)) return none;
        var tips = new Dictionary<string, ObjectId>(StringComparer.Ordinal);
        foreach (var line in lines[1..^1])
        {
            if (line.Length <= ObjectId.HexLength || !ObjectId.TryParse(line.AsSpan(0, ObjectId.HexLength), out var tip)) return none;
            tips[line[(ObjectId.HexLength + 1)..]] = tip;
        }
        return new Head(ids, checksum, tips);
    }

    private sealed record Head(long Count, uint Crc32, Dictionary<string, ObjectId> Tips);
}
