using System.Buffers.Text;
using System.Text;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Fsck;

/// <summary>
/// The form of objects, as strict as a server with <c>transfer.fsckObjects</c> (git help fsck, "FSCK MESSAGES"): what passes here
/// may be pushed anywhere and checked out on any system.
/// </summary>
internal static class ObjectCheck
{
    /// <summary>What is wrong with an object; null when nothing is.</summary>
    public static string? FindProblem(RawObject content, ObjectId id)
    {
        try
        {
            return content.Kind switch
            {
                ObjectKind.Commit => FindInCommit(content.Bytes.Span, id),
                ObjectKind.Tree => FindInTree(content.Bytes.Span, id),
                ObjectKind.Tag => TagReader.TryRead(content.Bytes.Span, out _, out _) ? null : "it is a tag without an object, a type or a name",
                ObjectKind.Blob => null,
                _ => throw new ArgumentOutOfRangeException(nameof(content), content.Kind, "Git has four kinds of object."),
            };
        }
        catch (GitDataException fault)
        {
            return fault.Problem;
        }
    }

    private static string? FindInTree(ReadOnlySpan<byte> content, ObjectId id)
    {
        var reader = new TreeReader(content, id);
        ReadOnlySpan<byte> before = default;
        var beforeIsTree = false;
        while (reader.MoveNext())
        {
            var name = reader.ToEntry().Name;
            if (content[reader.Start] == '0') return $"the mode of \"{name}\" begins with a zero";
            if (!reader.Mode.IsKnown()) return $"the mode of \"{name}\" is none that git writes";
            if (reader.Id.IsZero) return $"\"{name}\" names no object";
            if (IsReserved(reader.Name)) return $"\"{name}\" is a name that no checkout may have";
            if (!before.IsEmpty && before.SequenceEqual(reader.Name)) return $"\"{name}\" is there twice";
            if (!before.IsEmpty && TreeOrder.Compare(before, beforeIsTree, reader.Name, reader.Mode.IsTree()) >= 0) return $"\"{name}\" is out of order";
            before = reader.Name;
            beforeIsTree = reader.Mode.IsTree();
        }

        return null;
    }

    // ".git" in the spellings of file systems that fold case, and NTFS's short name for it.
    private static bool IsReserved(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("."u8) || name.SequenceEqual(".."u8) || Ascii.EqualsIgnoreCase(name, ".git"u8) || Ascii.EqualsIgnoreCase(name, "git~1"u8);

    private static string? FindInCommit(ReadOnlySpan<byte> content, ObjectId id)
    {
        CommitReader.Read(content, id);
        var headers = content.IndexOf("\n\n"u8);
        if ((headers < 0 ? content : content[..headers]).Contains((byte)0)) return "its header has a NUL";
        foreach (var line in content[..Math.Max(headers, 0)].Split((byte)'\n'))
        {
            var text = content[line];
            if (text.StartsWith("author "u8) && !IsPerson(text[7..])) return "its author is not NAME <EMAIL> SECONDS ZONE";
            if (text.StartsWith("committer "u8) && !IsPerson(text[10..])) return "its committer is not NAME <EMAIL> SECONDS ZONE";
        }

        return null;
    }

    private static bool IsPerson(ReadOnlySpan<byte> person)
    {
        var open = person.IndexOf((byte)'<');
        var close = person.IndexOf((byte)'>');
        if (open <= 0 || close < open || person[open - 1] != ' ' || person[(open + 1)..close].Contains((byte)'<')) return false;
        var time = person[(close + 1)..];
        if (time.IsEmpty || time[0] != ' ' || !Utf8Parser.TryParse(time[1..], out long seconds, out var digits) || seconds < 0) return false;
        var zone = time[(1 + digits)..];
        return zone.Length == 6 && zone[0] == ' ' && zone[1] is (byte)'+' or (byte)'-' && !zone[2..].ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }
}
