using System.Text;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Commits;

/// <summary>Annotated tags, made again; their layout stands at <see cref="TagReader"/>.</summary>
internal static class TagFormat
{
    /// <summary>The same tag of another object. A signature, which stands behind the message, would not hold and is left out.</summary>
    public static byte[] Rewrite(ReadOnlySpan<byte> tag, ObjectId target)
    {
        var rest = tag[(tag.IndexOf((byte)'\n') + 1)..];
        foreach (var kind in (ReadOnlySpan<string>)["PGP SIGNATURE", "PGP MESSAGE", "SSH SIGNATURE", "SIGNED MESSAGE"])
        {
            var at = rest.IndexOf(Encoding.ASCII.GetBytes($"\n-----BEGIN {kind}-----"));
            if (at >= 0) rest = rest[..(at + 1)];
        }
        return [.. Encoding.ASCII.GetBytes($"object {target}\n"), .. rest];
    }
}
