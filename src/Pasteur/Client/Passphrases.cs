using Pasteur.Configuration;

namespace Pasteur.Client;

/// <summary>The passphrase of a paste: from the variable, or asked for.</summary>
internal static class Passphrases
{
    public static string ForNew(PassphraseSource source, ClientConsole console)
    {
        if (source.Given is { } given) return given;
        var passphrase = console.AskPassphrase("Passphrase: ");
        if (passphrase.Length == 0) throw new ClientFailedException(ExitCodes.Usage, "the passphrase is empty; nothing was pasted");
        // Nobody sees what they typed, and nobody could open the paste.
        if (console.AskPassphrase("The same again: ") != passphrase) throw new ClientFailedException(ExitCodes.Usage, "the two passphrases differ; nothing was pasted");
        return passphrase;
    }

    public static string ForOpening(PassphraseSource source, ClientConsole console) => source.Given ?? console.AskPassphrase("Passphrase: ");
}
