using System.Globalization;
using System.Text;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Commits;

/// <summary>
/// Writes a commit object's content (gitformat: <c>git help hash-object</c>, <c>git cat-file commit</c>):
/// <code>
/// tree HEX LF (parent HEX LF)* author NAME SP &lt;EMAIL&gt; SP UNIX SP ZONE LF committer … LF LF MESSAGE
/// </code>
/// </summary>
internal static class CommitFormat
{
    // git refuses <, > and newlines in a name, and strips these from its ends.
    private static ReadOnlySpan<char> Crud => " .,:;<>\"\\'";

    public static byte[] Write(ObjectId tree, ObjectId? parent, Signature author, string message) => Write(tree, parent, Ending(author, message));

    /// <param name="ending">What <see cref="Ending"/> has made.</param>
    public static byte[] Write(ObjectId tree, ObjectId? parent, ReadOnlySpan<byte> ending)
    {
        var commit = new byte[LineLength("tree "u8) + (parent is null ? 0 : LineLength("parent "u8)) + ending.Length];
        var rest = WriteLine(commit, "tree "u8, tree);
        if (parent is { } p) rest = WriteLine(rest, "parent "u8, p);
        ending.CopyTo(rest);
        return commit;
    }

    /// <summary>All but the lines of tree and parent: what is known before the writer has its turn.</summary>
    public static byte[] Ending(Signature author, string message)
    {
        var who = Person(author);
        return Encoding.UTF8.GetBytes($"author {who}\ncommitter {who}\n\n{CleanMessage(message)}\n");
    }

    /// <summary>The same commit, byte for byte, on other parents with another tree. Signatures would no longer hold and are left out.</summary>
    public static byte[] Rewrite(ReadOnlySpan<byte> commit, ObjectId tree, params ReadOnlySpan<ObjectId> parents)
    {
        var result = new List<byte>(Encoding.ASCII.GetBytes($"tree {tree}\n"));
        foreach (var parent in parents) result.AddRange(Encoding.ASCII.GetBytes($"parent {parent}\n"));
        var dropping = false;
        while (!commit.IsEmpty && commit[0] != '\n')
        {
            var end = commit.IndexOf((byte)'\n') + 1;
            var line = end == 0 ? commit : commit[..end];
            if (line[0] != ' ') dropping = line.StartsWith("tree "u8) || line.StartsWith("parent "u8) || line.StartsWith("gpgsig"u8) || line.StartsWith("mergetag "u8);
            if (!dropping) result.AddRange(line);
            commit = commit[line.Length..];
        }
        result.AddRange(commit);
        return [.. result];
    }

    /// <summary>The same commit at the same time, but for whoever made it and what was said of it.</summary>
    public static byte[] RewriteUnnamed(ReadOnlySpan<byte> commit, ObjectId tree, params ReadOnlySpan<ObjectId> parents)
    {
        var result = new List<byte>(Encoding.ASCII.GetBytes($"tree {tree}\n"));
        foreach (var parent in parents) result.AddRange(Encoding.ASCII.GetBytes($"parent {parent}\n"));
        var who = string.Create(CultureInfo.InvariantCulture, $"erased <erased@pasteur.invalid> {Math.Max(0, CommitReader.ReadLinks(commit, default).Seconds)} +0000");
        result.AddRange(Encoding.ASCII.GetBytes($"author {who}\ncommitter {who}\n"));
        result.AddRange("\nSomething of this is erased\n"u8);
        return [.. result];
    }

    private static int LineLength(ReadOnlySpan<byte> name) => name.Length + ObjectId.HexLength + 1;

    private static Span<byte> WriteLine(Span<byte> target, ReadOnlySpan<byte> name, ObjectId id)
    {
        name.CopyTo(target);
        id.WriteHex(target[name.Length..]);
        var length = LineLength(name);
        target[length - 1] = (byte)'\n';
        return target[length..];
    }

    private static string Person(Signature signature)
    {
        var offset = signature.When.Offset;
        var zone = string.Create(CultureInfo.InvariantCulture, $"{(offset < TimeSpan.Zero ? '-' : '+')}{Math.Abs(offset.Hours):00}{Math.Abs(offset.Minutes):00}");
        var name = Clean(signature.Name);
        return $"{(name.Length == 0 ? "anonymous" : name)} <{Clean(signature.Email)}> {Math.Max(0, signature.When.ToUnixTimeSeconds())} {zone}";
    }

    private static string Clean(string text)
    {
        var kept = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (kept.Length == GitLimits.MaxPersonChars) break;
            if (!char.IsControl(c) && c is not ('<' or '>')) kept.Append(c);
        }
        if (kept.Length > 0 && char.IsHighSurrogate(kept[^1])) kept.Length--;
        return kept.ToString().AsSpan().Trim(Crud).ToString();
    }

    // A cut may not leave half a surrogate pair; UTF-8 would turn it into U+FFFD.
    private static int CutBefore(string text, int length) => char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;

    private static string CleanMessage(string message)
    {
        var text = message.Length <= GitLimits.MaxMessageChars ? message : message[..CutBefore(message, GitLimits.MaxMessageChars)];
        return text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Replace("\0", "", StringComparison.Ordinal).TrimEnd('\n');
    }
}
