using Pasteur.Git.Objects;

namespace Pasteur.Git.Commits;

/// <summary>Puts and removes entries in a tree object's content, which is kept as bytes; the layout stands at <see cref="TreeReader"/>.</summary>
internal static class TreeContent
{
    private const int MaxModeDigits = 6;

    public static bool TryFind(ReadOnlySpan<byte> content, ReadOnlySpan<byte> name, out ObjectId id, out TreeMode mode)
    {
        var entries = new TreeReader(content, default);
        var found = entries.MoveTo(name);
        (id, mode) = found ? (entries.Id, entries.Mode) : default;
        return found;
    }

    /// <summary>The content with this entry added, or replaced when the name is there.</summary>
    public static byte[] Put(ReadOnlySpan<byte> content, ReadOnlySpan<byte> name, TreeMode mode, ObjectId id)
    {
        var entries = new TreeReader(content, default);
        if (entries.MoveTo(name))
        {
            if (entries.Mode != mode) return Insert(Remove(content, name), name, mode, id);
            var changed = content.ToArray();
            id.CopyTo(changed.AsSpan(entries.End - ObjectId.Size));
            return changed;
        }
        return Insert(content, name, mode, id);
    }

    public static byte[] Remove(ReadOnlySpan<byte> content, ReadOnlySpan<byte> name)
    {
        var entries = new TreeReader(content, default);
        return entries.MoveTo(name) ? [.. content[..entries.Start], .. content[entries.End..]] : content.ToArray();
    }

    private static byte[] Insert(ReadOnlySpan<byte> content, ReadOnlySpan<byte> name, TreeMode mode, ObjectId id)
    {
        Span<byte> digits = stackalloc byte[MaxModeDigits];
        digits = digits[..WriteOctal(digits, (int)mode)];
        var at = InsertionPoint(content, name, mode.IsTree());
        var result = new byte[content.Length + digits.Length + name.Length + 2 + ObjectId.Size];
        content[..at].CopyTo(result);
        var target = result.AsSpan(at);
        digits.CopyTo(target);
        target[digits.Length] = (byte)' ';
        name.CopyTo(target[(digits.Length + 1)..]);
        id.CopyTo(target[(digits.Length + name.Length + 2)..]);
        content[at..].CopyTo(target[(digits.Length + name.Length + 2 + ObjectId.Size)..]);
        return result;
    }

    private static int InsertionPoint(ReadOnlySpan<byte> content, ReadOnlySpan<byte> name, bool isTree)
    {
        var entries = new TreeReader(content, default);
        while (entries.MoveNext())
            if (TreeOrder.Compare(entries.Name, entries.Mode.IsTree(), name, isTree) > 0) return entries.Start;
        return content.Length;
    }

    private static int WriteOctal(Span<byte> digits, int mode)
    {
        var count = 1;
        for (var rest = mode >> 3; rest > 0; rest >>= 3) count++;
        for (var i = count - 1; i >= 0; i--, mode >>= 3) digits[i] = (byte)('0' + (mode & 7));
        return count;
    }
}
