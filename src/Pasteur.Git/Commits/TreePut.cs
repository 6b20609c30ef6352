using System.Text;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Commits;

/// <summary>A <see cref="TreeEdit"/> as the writer wants it: the path in UTF-8, the blob by its id.</summary>
internal readonly record struct TreePut(byte[] Path, TreeMode Mode, ObjectId? Blob)
{
    /// <summary>In the byte order of their paths, so that what shares a folder stands together.</summary>
    /// <exception cref="ArgumentException">Git forbids a path, or two edits have the same.</exception>
    public static TreePut[] Sort(IReadOnlyList<TreeEdit> edits)
    {
        var puts = new TreePut[edits.Count];
        for (var i = 0; i < puts.Length; i++) puts[i] = new TreePut(TreePath.Encode(edits[i].Path), TreeMode.File, edits[i].Blob?.Id);
        Array.Sort(puts, static (left, right) => left.Path.AsSpan().SequenceCompareTo(right.Path));
        for (var i = 1; i < puts.Length; i++)
            if (puts[i].Path.AsSpan().SequenceEqual(puts[i - 1].Path)) throw new ArgumentException($"Two edits are of {Encoding.UTF8.GetString(puts[i].Path)}.", nameof(edits));
        return puts;
    }
}
