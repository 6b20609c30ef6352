using System.Text;

namespace Pasteur.Configuration;

/// <summary>What <c>pasteur put --help</c>, <c>pasteur get --help</c> and <c>pasteur delete --help</c> print.</summary>
internal static class ClientHelpText
{
    public static string Put(ClientSettingList settings) => Write("""
        pasteur put: pastes files, or standard input, and prints the link; on standard error, the owner's token, with
        which the paste can be changed and deleted.

        Usage:
          pasteur put [options] [FILE...]        - stands for standard input, and is what is pasted without a FILE

        Examples:
          make 2>&1 | pasteur put                          what a command said
          pasteur put notes.txt                            a file, under its name
          pasteur put a.c a.h -c 'Why does this crash?'    two files in one paste, with a comment
          pasteur put --encrypt secrets.txt                only who has the whole link can read it
          pasteur put --passphrase secrets.txt             and only with a passphrase, which is asked for
          pasteur put --encrypt --burn secrets.txt         and the first who opens it is the last
          PASTEUR_SERVER=https://paste.example.org pasteur put notes.txt
          PASTEUR_TOKEN=… pasteur put --update https://paste.example.org/ID notes.txt    a new revision

        Options:

        """, settings.OfPut, """

        Each option can also be given as the environment variable in [brackets]; the option wins. PASTEUR_PASSPHRASE
        holds the passphrase itself: when it is set, pastes are encrypted with it.

        """);

    public static string Get(ClientSettingList settings) => Write("""
        pasteur get: fetches a paste, byte for byte.

        Usage:
          pasteur get [options] URL

        Examples:
          pasteur get https://paste.example.org/ID                 to standard output
          pasteur get https://paste.example.org/ID -o notes.txt    into a file
          pasteur get https://paste.example.org/ID -o folder       under the names that its files have
          pasteur get 'https://paste.example.org/ID#KEY'           decrypts it; the quotes keep the shell from reading #

        Options:

        """, settings.OfGet, """

        A paste that is burnt after reading is opened by this: standard error says so. What was opened and could not be
        saved is kept in a folder that only you can read. What could not be decrypted, for want of its passphrase, is kept
        there sealed: pasted again with curl -F encrypted=v1 -F file=@FILE, its new link opens with the old key behind #.

        Each option can also be given as the environment variable in [brackets]; the option wins. A passphrase is
        asked for when the paste has one, unless PASTEUR_PASSPHRASE holds it.

        """);

    public static string Delete(ClientSettingList settings) => Write("""
        pasteur delete: deletes a paste. The history of the site's repository keeps it.

        Usage:
          pasteur delete [options] URL

        Examples:
          PASTEUR_TOKEN=… pasteur delete https://paste.example.org/ID

        Options:

        """, settings.OfDelete, """

        Each option can also be given as the environment variable in [brackets]; the option wins.

        """);

    private static string Write(string before, IReadOnlyList<Setting> settings, string after)
    {
        var text = new StringBuilder(before);
        foreach (var setting in settings) HelpText.WriteSetting(text, setting);
        return text.Append("  -h, --help              Show this.\n").Append(after).ToString();
    }
}
