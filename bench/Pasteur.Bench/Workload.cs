using System.Security.Cryptography;
using System.Text;
using Pasteur.Git;

namespace Pasteur.Bench;

/// <summary>The paste that every measurement writes: 2,000 bytes of text that hardly compress, and its paste.json, in one commit.</summary>
internal sealed record Workload(string Id, byte[] Text, byte[] Json)
{
    public const string Branch = "main";
    public const string AuthorName = "Ada";
    public const string AuthorEmail = "ada@example.org";

    public const int TextBytes = 2000;
    private const int IdLength = 10;

    /// <summary>What a site draws, once it has so many, lies a level deeper.</summary>
    private const int LargeIdLength = 11;
    private const int Many = 1 << 19;
    private const string IdAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    public static readonly DateTimeOffset When = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    private static readonly Signature Author = new(AuthorName, AuthorEmail, When);

    /// <summary>Where the site keeps it: the first characters of the id fan it out.</summary>
    public string Folder => Id.Length < LargeIdLength ? $"{Id[0]}/{Id[1]}/{Id[2]}/{Id}" : $"{Id[0]}/{Id[1]}/{Id[2]}/{Id[3]}/{Id}";

    public string TextPath => $"{Folder}/paste.txt";

    public string JsonPath => $"{Folder}/paste.json";

    public string Message => $"Paste {Id}";

    /// <param name="stored">How many there are already.</param>
    public static Workload NewPaste(int stored = 0, int textBytes = TextBytes)
    {
        var id = RandomNumberGenerator.GetString(IdAlphabet, stored < Many ? IdLength : LargeIdLength);
        var random = RandomNumberGenerator.GetBytes(textBytes * 3 / 4);
        return new Workload(id, Encoding.ASCII.GetBytes(Convert.ToBase64String(random))[..textBytes], Description);
    }

    /// <summary>The commit that makes a repository one of the site's.</summary>
    public static CommitRequest Format() => new()
    {
        Branch = Branch,
        Edits = [new TreeEdit("pasteur.json", PreparedBlob.Create("{\"format\": 1}\n"u8))],
        Author = Author,
        Message = "Format 1",
    };

    public CommitRequest ToCommit() => new()
    {
        Branch = Branch,
        Edits = [new TreeEdit(TextPath, PreparedBlob.Create(Text)), new TreeEdit(JsonPath, PreparedBlob.Create(Json))],
        Author = Author,
        Message = Message,
        MustBeAbsent = Folder,
    };

    /// <summary>As the site writes it. The creation time differs from paste to paste, as it does there.</summary>
    private static byte[] Description => Encoding.UTF8.GetBytes($$"""
        {
          "format": 1,
          "created": "{{When.AddMicroseconds(Random.Shared.Next(1_000_000_000)):O}}",
          "author": "{{AuthorName}}",
          "comment": null,
          "language": null,
          "files": [
            {
              "name": "paste.txt",
              "stored": "paste.txt",
              "size": {{TextBytes}},
              "mediaType": "text/plain"
            }
          ],
          "expires": null,
          "envelope": null,
          "ownerTokenHash": null,
          "revisions": 1
        }

        """);
}
