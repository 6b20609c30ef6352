namespace Pasteur.Configuration;

/// <summary>The program can't start. The message is the one line that the user sees: what is wrong and what to do.</summary>
internal sealed class StartFailedException(int exitCode, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>One of <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
