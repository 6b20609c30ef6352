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

    /// <summary>Takes a ref out of the file if it is in it. False when somebody else holds the file's lock.</summary>
    public static bool TryRemove(string path, string name)
    {
        if (!Read(path).ContainsKey(name)) return true;
        var lockPath = path + ".lock";
        FileStream lockFile;
        try
        {
            lockFile = new FileStream(lockPath, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        }
        catch (IOException) when (File.Exists(lockPath))
        {
            return false;
        }

        var renamed = false;
        try
        {
            using (lockFile)
            {
                lockFile.Write(Encoding.UTF8.GetBytes(Without(path, name)));
                lockFile.Flush();
                Durability.SyncFile(lockFile.SafeFileHandle, lockPath);
            }

            File.Move(lockPath, path, overwrite: true);
            renamed = true;
            Durability.SyncFolder(Path.GetDirectoryName(path)!);
            return true;
        }
        finally
        {
            if (!renamed) File.Delete(lockPath);
        }
    }

    private static string Without(string path, string name)
    {
        var kept = new StringBuilder();
        var isNamed = false;
        foreach (var line in File.ReadLines(path, Encoding.UTF8))
        {
            // What a tag points at goes with the tag.
            if (!line.StartsWith('^')) isNamed = line.Length > ObjectId.HexLength && line.AsSpan(ObjectId.HexLength + 1).SequenceEqual(name);
            if (!isNamed) kept.Append(line).Append('\n');
        }

        return kept.ToString();
    }
}
