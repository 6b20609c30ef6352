using System.Globalization;
using System.Text;
using Pasteur.Git;

namespace Pasteur.Tests.Support;

/// <summary>Commits of the shape that pastes have: a folder of two files, three levels down.</summary>
internal static class PasteCommit
{
    public static CommitRequest Of(string id, string text, string branch = "main") => new()
    {
        Branch = branch,
        Edits =
        [
            new TreeEdit($"{FolderOf(id)}/paste.txt", PreparedBlob.Create(Encoding.UTF8.GetBytes(text))),
            new TreeEdit($"{FolderOf(id)}/paste.json", PreparedBlob.Create(Encoding.UTF8.GetBytes($"{{\"id\":\"{id}\"}}"))),
        ],
        Author = new Signature("Ada", "ada@example.org", DateTimeOffset.FromUnixTimeSeconds(1_700_000_000)),
        Message = $"Paste {id}",
        MustBeAbsent = FolderOf(id),
    };

    /// <summary>The text of number <paramref name="n"/>; long enough, some of them, to be deflated.</summary>
    public static string Text(int n) => $"paste {n} {new string((char)('a' + n % 26), n % 5 * 300)}";

    public static string FolderOf(string id) => $"{id[0]}/{id[1]}/{id[2]}/{id}";

    /// <summary>The id of number <paramref name="n"/>: spread over the folders as random ids are.</summary>
    public static string Id(int n) => ((uint)n * 2654435761u).ToString("x8", CultureInfo.InvariantCulture) + n.ToString("x", CultureInfo.InvariantCulture);
}
