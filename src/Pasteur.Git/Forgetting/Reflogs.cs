using System.Text;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Forgetting;

/// <summary>
/// Takes lines out of the logs that an owner may have git keep of refs (git help reflog) when they name what is forgotten: git would go by
/// them, and complain.
/// <code>
/// OLD-HEX SP NEW-HEX SP WHO TAB WHY LF
/// </code>
/// </summary>
internal static class Reflogs
{
    public static void Strike(string repository, IReadOnlySet<ObjectId> forgotten)
    {
        var folder = Path.Combine(repository, "logs");
        if (!Directory.Exists(folder)) return;
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var lines = File.ReadAllText(path, Encoding.Latin1).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var kept = Array.FindAll(lines, line => !Names(line, forgotten));
            if (kept.Length < lines.Length) AtomicFile.Write(path, Encoding.Latin1.GetBytes(string.Concat(kept.Select(line => line + "\n"))));
        }
    }

    private static bool Names(string line, IReadOnlySet<ObjectId> forgotten) =>
        line.Length > 2 * ObjectId.HexLength
        && ((ObjectId.TryParse(line.AsSpan(0, ObjectId.HexLength), out var before) && forgotten.Contains(before))
            || (ObjectId.TryParse(line.AsSpan(ObjectId.HexLength + 1, ObjectId.HexLength), out var after) && forgotten.Contains(after)));
}
