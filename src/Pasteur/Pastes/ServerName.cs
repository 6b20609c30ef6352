using System.Text;
using Pasteur.Configuration;
using Pasteur.Git;

namespace Pasteur.Pastes;

/// <summary>
/// What tells this site from others that share its remote, in the names of branches whose pastes end; made at the first start and kept in the
/// data folder (<c>server</c>). Should it be lost, another does as well: branches of the old name go on as those of a server that left.
/// </summary>
internal static class ServerName
{
    /// <param name="folder">The data folder; null: a name for this run.</param>
    /// <exception cref="IOException">It can't be kept.</exception>
    public static string Of(string? folder)
    {
        if (folder is null) return Draw();
        var path = Path.Combine(folder, "server");
        if (File.Exists(path) && PasteId.TryParse(File.ReadAllText(path).Trim(), out var known)) return known.ToString();
        var name = Draw();
        var temporary = path + ".new";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            file.Write(Encoding.ASCII.GetBytes(name + "\n"));
            file.Flush();
            Durability.SyncFile(file.SafeFileHandle, temporary);
        }
        File.Move(temporary, path, overwrite: true);
        Durability.SyncFolder(folder);
        return name;
    }

    // Five bits a character. It is no secret.
    private static string Draw() => string.Create(Limits.ServerNameLength, EarlyRandom.Draw(), (name, drawn) =>
    {
        for (var i = 0; i < name.Length; i++, drawn >>= 5)
            name[i] = PasteId.Alphabet[(int)(drawn & 31)];
    });
}
