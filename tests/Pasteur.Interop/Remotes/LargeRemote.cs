using System.Globalization;
using System.Text;
using Pasteur.Pastes;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>Pastes in a bare repository, made by <c>git fast-import</c> in one commit.</summary>
internal static class LargeRemote
{
    public static void Fill(string repository, int pastes)
    {
        var script = new StringBuilder();
        script.Append("commit refs/heads/main\ncommitter A U Thor <a@example.org> 1600000000 +0000\ndata 4\nmany\n");
        Add(script, "pasteur.json", "{\"format\": 1}\n");
        for (var n = 0; n < pastes; n++)
        {
            Assert.True(PasteId.TryParse(PasteCommit.Id(n), out var id));
            var folder = id.Folder;
            Add(script, folder + "/paste.txt", PasteCommit.Text(n));
            Add(script, folder + "/paste.json", string.Create(CultureInfo.InvariantCulture, $"{{\"format\": 1, \"comment\": \"{n}\", \"files\": [{{\"name\": \"paste.txt\"}}]}}\n"));
        }
        // Packed, since git counts what is loose.
        StockGit.RunWithInput(repository, Encoding.ASCII.GetBytes(script.ToString()), "-c", "fastimport.unpackLimit=0", "fast-import", "--quiet");
    }

    private static void Add(StringBuilder script, string path, string content) =>
        script.Append(CultureInfo.InvariantCulture, $"M 100644 inline {path}\ndata {content.Length}\n{content}\n");
}
