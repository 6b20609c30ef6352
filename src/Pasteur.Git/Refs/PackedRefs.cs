using System.Text;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Refs;

/// <summary>
/// The <c>packed-refs</c> file (git help pack-refs):
/// <code>
/// # pack-refs with: peeled fully-peeled sorted
/// HEX SP NAME LF
/// ^HEX LF                 what the tag above points at
/// </code>
/// </summary>
internal static class PackedRefs
{
    public static Dictionary<string, ObjectId> Read(string path)
    {
        var refs = new Dictionary<string, ObjectId>(StringComparer.Ordinal);
        if (!File.Exists(path)) return refs;
        var number = 0;
        foreach (var line in File.ReadLines(path, Encoding.UTF8))
        {
            number++;
            if (line.Length == 0 || line[0] is '#' or '^') continue;
            if (line.Length <= ObjectId.HexLength + 1 || line[ObjectId.HexLength] != ' ' || !ObjectId.TryParse(line.AsSpan(0, ObjectId.HexLength), out var id))
                throw new GitDataException(path, $"line {number} is not \"id name\"", "Restore the file from a backup or remove that line; `git pack-refs --all` writes it anew.");
            var name = line[(ObjectId.HexLength + 1)..];
            if (RefName.IsValid(name)) refs[name] = id;
        }
        return refs;
    }
}
