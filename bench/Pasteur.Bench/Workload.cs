using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Pasteur.Git;

namespace Pasteur.Bench;

/// <summary>The paste that every measurement writes: 2 KB of text, its paste.json, one commit.</summary>
internal static class Workload
{
    private const int TextBytes = 2000;
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    public static readonly Signature Author = new("Ada", "ada@example.org", DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));

    public static string NewId() => RandomNumberGenerator.GetString(Alphabet, 10);

    public static string FolderOf(string id) => $"{id[0]}/{id[1]}/{id[2]}/{id}";

    public static byte[] NewText()
    {
        var random = RandomNumberGenerator.GetBytes(TextBytes * 3 / 4);
        return Encoding.ASCII.GetBytes(Convert.ToBase64String(random))[..TextBytes];
    }

    public static byte[] Json(string id) => Encoding.UTF8.GetBytes(
        $$"""{"format":1,"created":"2026-11-22T21:40:00Z","author":"Ada","comment":"","language":"","files":[{"name":"paste.txt","size":2000,"mediaType":"text/plain"}],"expires":null,"id":"{{id}}"}""");

    public static CommitRequest NewCommit()
    {
        var id = NewId();
        var folder = FolderOf(id);
        return new CommitRequest
        {
            Branch = "main",
            Edits = [new TreeEdit($"{folder}/paste.txt", PreparedBlob.Create(NewText())), new TreeEdit($"{folder}/paste.json", PreparedBlob.Create(Json(id)))],
            Author = Author,
            Message = $"Paste {id}",
            MustBeAbsent = folder,
        };
    }
}
