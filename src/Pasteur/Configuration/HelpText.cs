using System.Text;

namespace Pasteur.Configuration;

/// <summary>What `pasteur --help` prints: made from the settings themselves, so it can't be out of date.</summary>
internal static class HelpText
{
    private const int TextColumn = 26;
    private const int Width = 100;

    public static string Write(SettingList settings)
    {
        var text = new StringBuilder("""
            Pasteur: a pastebin whose database is a Git repository.

            Usage:
              pasteur [options]              serve the site
              pasteur put [FILE...]          paste to a site from the terminal; pasteur put --help
              pasteur get URL                fetch a paste; pasteur get --help
              pasteur delete URL             delete a paste; pasteur delete --help
              pasteur admin COMMAND          read reports, block, ban; pasteur admin --help
              pasteur erase ID...            take pastes out of all history
              pasteur fsck [--data FOLDER]   verify what is stored
              pasteur keygen                 make a seed for SSH, and its public key

            Examples:
              pasteur                                       on http://127.0.0.1:4343, with its own repository
              pasteur -p 8080 --data /srv/pastes            another port, another folder
              pasteur --https --hostname paste.example.org  with TLS, on ports 443 and 80 of every address
              pasteur -r git://git.example.org/pastes       every paste is pushed there too
              pasteur keygen --type rsa                     prints a seed and the key to add at the Git server
              pasteur keygen --type rsa --bits 4096         the same, a larger key
              pasteur put -s https://paste.example.org a.c  prints the link; --encrypt for the eyes of a few
              pasteur get https://paste.example.org/ID      prints the paste
              pasteur -r git@example.org:pastes.git         over SSH, with PASTEUR_SSH_SEED and --ssh-auth
              git clone ~/.local/share/pasteur/pastes.git   take all pastes with you

            """);
        foreach (var group in settings.All.GroupBy(s => s.Group))
        {
            text.Append('\n').Append(Heading(group.Key)).Append(":\n");
            foreach (var setting in group)
                WriteSetting(text, setting);
        }
        text.Append("""

            Other:
              -h, --help              Show this.
              --version               Show the version.

            Each option can also be given as the environment variable in [brackets]; the option wins.
            Sizes: 500KB, 1MiB. Times: 30s, 5m, 1h. Rates: 300/5m.

            """);
        return text.ToString();
    }

    private static string Heading(SettingGroup group) => group switch
    {
        SettingGroup.Listening => "Where it listens, and to whom",
        SettingGroup.Tls => "TLS, with a certificate that renews itself",
        SettingGroup.Storage => "Where pastes are kept",
        SettingGroup.Remote => "A remote repository",
        SettingGroup.Pastes => "Pastes",
        SettingGroup.Abuse => "Against abuse",
        SettingGroup.Site => "The site",
        SettingGroup.Logging => "Log",
        SettingGroup.Machine => "As a virtual machine (vm/run)",
        SettingGroup.Client => "Options",
        _ => throw new ArgumentOutOfRangeException(nameof(group), group, null),
    };

    public static void WriteSetting(StringBuilder text, Setting setting)
    {
        var names = $"  {string.Join(", ", setting.Option.Aliases.Append(setting.Name))} {setting.Hint}".TrimEnd();
        var byDefault = setting.Default.Length == 0 ? "" : $" Default: {setting.Default}.";
        var lines = Wrap($"{setting.Description}{byDefault} [{setting.Variable}]", Width - TextColumn).ToList();

        // Names too long for their column stand on a line of their own.
        if (names.Length > TextColumn - 2)
        {
            text.Append(names).Append('\n');
            names = "";
        }
        text.Append(names.PadRight(TextColumn));
        text.AppendJoin('\n' + new string(' ', TextColumn), lines).Append('\n');
    }

    private static IEnumerable<string> Wrap(string text, int width)
    {
        var line = new StringBuilder();
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear();
            }
            line.Append(line.Length == 0 ? "" : " ").Append(word);
        }
        yield return line.ToString();
    }
}
