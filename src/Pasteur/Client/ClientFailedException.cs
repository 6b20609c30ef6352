namespace Pasteur.Client;

/// <summary>What was asked for can't be done. The message is the one line that the user sees.</summary>
internal sealed class ClientFailedException(int exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>One of <see cref="Configuration.ExitCodes"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
