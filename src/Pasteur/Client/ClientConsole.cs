namespace Pasteur.Client;

/// <summary>Where a command reads from and writes to. Only results go to <paramref name="Output"/>.</summary>
/// <param name="ShowsProgress">A person looks at <paramref name="Errors"/>.</param>
/// <param name="AskPassphrase">Asks on the terminal, with this prompt.</param>
internal sealed record ClientConsole(Stream Input, Stream Output, TextWriter Errors, bool ShowsProgress, Func<string, string> AskPassphrase)
{
    public static ClientConsole OfProcess()
    {
        // The platform would set up a terminal that it knows for keys that nobody reads, with sequences of its own before the link.
        Environment.SetEnvironmentVariable("TERM", null);
        return new ClientConsole(Console.OpenStandardInput(), Console.OpenStandardOutput(), Console.Error, ShowsProgress: !Console.IsErrorRedirected, Terminal.ReadSecret);
    }

    /// <summary>Runs a command to its exit code; what stops it is told on one line.</summary>
    public async Task<int> RunAsync(Func<ClientConsole, Task> command)
    {
        try
        {
            await command(this);
            return Configuration.ExitCodes.Ok;
        }
        catch (ClientFailedException e)
        {
            await Errors.WriteLineAsync($"pasteur: {e.Message}");
            return e.ExitCode;
        }
    }
}
