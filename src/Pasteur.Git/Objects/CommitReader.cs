using System.Buffers.Text;
using System.Text;

namespace Pasteur.Git.Objects;

/// <summary>Reads commits, and the parts of them that a walk through the history needs without the rest.</summary>
/// <remarks>
/// Layout (gitformat-signature shows examples):
/// <code>
/// tree ID LF
/// (parent ID LF)*
/// author NAME SP &lt; EMAIL &gt; SP SECONDS SP ZONE LF
/// committer ... LF
/// (HEADER SP value LF (SP continuation LF)*)*
/// LF
/// message
/// </code>
/// </remarks>
internal static class CommitReader
{
    private const int IdLineLength = 1 + ObjectId.HexLength;

    /// <summary>Reads a commit whole; <paramref name="id"/> is what messages call it.</summary>
    public static Commit Read(ReadOnlySpan<byte> content, ObjectId id)
    {
        var rest = content;
        var tree = ReadTree(ref rest, id);
        var parents = new List<ObjectId>(1);
        while (TryReadIdLine(ref rest, "parent"u8, id, out var parent)) parents.Add(parent);
        if (!TryReadLine(ref rest, "author"u8, out var author)) throw Malformed(id, "it has no author");
        if (!TryReadLine(ref rest, "committer"u8, out var committer)) throw Malformed(id, "it has no committer");
        var extra = ReadExtraHeaders(ref rest, out var charset);
        return new Commit(tree, parents, ReadSignature(author), ReadSignature(committer), Encoding.UTF8.GetString(rest)) { Encoding = charset, ExtraHeaders = extra };
    }

    /// <summary>Reads the tree alone.</summary>
    public static ObjectId ReadTree(ReadOnlySpan<byte> content, ObjectId id) => ReadTree(ref content, id);

    /// <summary>Reads tree and parents alone.</summary>
    public static ObjectId ReadLinks(ReadOnlySpan<byte> content, ObjectId id, List<ObjectId> parents)
    {
        parents.Clear();
        var tree = ReadTree(ref content, id);
        while (TryReadIdLine(ref content, "parent"u8, id, out var parent)) parents.Add(parent);
        return tree;
    }

    /// <summary>Reads tree, parents and the committer's time.</summary>
    public static CommitLinks ReadLinks(ReadOnlySpan<byte> content, ObjectId id)
    {
        var tree = ReadTree(ref content, id);
        ObjectId[] parents = [];
        while (TryReadIdLine(ref content, "parent"u8, id, out var parent)) parents = [.. parents, parent];
        if (!TryReadLine(ref content, "author"u8, out _)) throw Malformed(id, "it has no author");
        if (!TryReadLine(ref content, "committer"u8, out var committer)) throw Malformed(id, "it has no committer");
        var (open, close) = (committer.IndexOf((byte)'<'), committer.LastIndexOf((byte)'>'));
        var isWhole = open >= 0 && close > open;
        return new CommitLinks(tree, parents, isWhole ? ReadTime(committer[(close + 1)..].TrimStart((byte)' ')).ToUnixTimeSeconds() : 0);
    }

    /// <summary>
    /// Reads <c>NAME &lt;EMAIL&gt; SECONDS ZONE</c>. Other people's tools write all sorts of things here, so that what cannot be
    /// read becomes empty, and a time beyond the calendar its beginning or end; it is never a reason to refuse a commit.
    /// </summary>
    public static Signature ReadSignature(ReadOnlySpan<byte> value)
    {
        var open = value.IndexOf((byte)'<');
        var close = value.LastIndexOf((byte)'>');
        if (open < 0 || close < open) return new Signature(Encoding.UTF8.GetString(value), "", DateTimeOffset.UnixEpoch);
        var name = Encoding.UTF8.GetString(value[..open].TrimEnd((byte)' '));
        var email = Encoding.UTF8.GetString(value[(open + 1)..close]);
        return new Signature(name, email, ReadTime(value[(close + 1)..].TrimStart((byte)' ')));
    }

    private static DateTimeOffset ReadTime(ReadOnlySpan<byte> value)
    {
        if (!Utf8Parser.TryParse(value, out long seconds, out var used)) return DateTimeOffset.UnixEpoch;
        var zone = ReadZone(value[used..].TrimStart((byte)' '));
        // A day inside the calendar's ends, because the local time must be within it too.
        seconds = Math.Clamp(seconds, DateTimeOffset.MinValue.ToUnixTimeSeconds() + 86_400, DateTimeOffset.MaxValue.ToUnixTimeSeconds() - 86_400);
        return DateTimeOffset.FromUnixTimeSeconds(seconds).ToOffset(zone);
    }

    private static TimeSpan ReadZone(ReadOnlySpan<byte> value)
    {
        if (value.Length < 5 || value[0] is not ((byte)'+' or (byte)'-') || !Utf8Parser.TryParse(value[1..5], out int digits, out var used) || used != 4) return TimeSpan.Zero;
        var minutes = (digits / 100 * 60) + (digits % 100);
        if (digits < 0 || minutes > 14 * 60) return TimeSpan.Zero;
        return TimeSpan.FromMinutes(value[0] == '-' ? -minutes : minutes);
    }

    private static ObjectId ReadTree(ref ReadOnlySpan<byte> rest, ObjectId id) =>
        TryReadIdLine(ref rest, "tree"u8, id, out var tree) ? tree : throw Malformed(id, "it does not begin with its tree");

    private static List<CommitHeader> ReadExtraHeaders(ref ReadOnlySpan<byte> rest, out string? charset)
    {
        charset = null;
        List<CommitHeader> headers = [];
        while (!rest.IsEmpty)
        {
            var line = TakeLine(ref rest);
            if (line.IsEmpty) break;
            var space = line.IndexOf((byte)' ');
            var name = Encoding.UTF8.GetString(space < 0 ? line : line[..space]);
            var value = Encoding.UTF8.GetString(space < 0 ? [] : line[(space + 1)..]);
            while (!rest.IsEmpty && rest[0] == ' ') value += "\n" + Encoding.UTF8.GetString(TakeLine(ref rest)[1..]);
            if (name == "encoding") charset = value;
            else headers.Add(new CommitHeader(name, value));
        }

        return headers;
    }

    private static bool TryReadIdLine(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> name, ObjectId commit, out ObjectId value)
    {
        value = default;
        if (!rest.StartsWith(name)) return false;
        var line = rest[name.Length..];
        if (line.Length <= IdLineLength || line[0] != ' ' || line[IdLineLength] != '\n' || !ObjectId.TryParse(line[1..IdLineLength], out value))
            throw Malformed(commit, $"its line \"{Encoding.ASCII.GetString(name)}\" holds no id");
        rest = line[(IdLineLength + 1)..];
        return true;
    }

    private static bool TryReadLine(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!rest.StartsWith(name) || rest.Length == name.Length || rest[name.Length] != ' ') return false;
        value = TakeLine(ref rest)[(name.Length + 1)..];
        return true;
    }

    private static ReadOnlySpan<byte> TakeLine(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf((byte)'\n');
        var line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[(end + 1)..];
        return line;
    }

    private static GitDataException Malformed(ObjectId id, string problem) => new($"Commit {id}", problem);
}
