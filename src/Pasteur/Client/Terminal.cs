using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Pasteur.Configuration;

namespace Pasteur.Client;

/// <summary>
/// The terminal that the program was started from, whatever standard input and output are (/dev/tty). What is typed while a secret is asked
/// for is not shown; the flag for that is the only thing looked at in what termios(3) keeps:
/// <code>
/// Linux   c_iflag:4 c_oflag:4 c_cflag:4 c_lflag:4 …
/// macOS   c_iflag:8 c_oflag:8 c_cflag:8 c_lflag:8 …      ECHO is 8 in both
/// </code>
/// </summary>
internal static partial class Terminal
{
    private const string Path = "/dev/tty";
    private const byte Echo = 8;
    private const int OnceWritten = 1; // TCSADRAIN: what was typed ahead stays
    private const int MoreThanTermios = 256;

    /// <exception cref="ClientFailedException">There is no terminal.</exception>
    public static string ReadSecret(string prompt)
    {
        using var terminal = Open() ?? throw new ClientFailedException(ExitCodes.Usage, "a passphrase is needed, and there is no terminal to ask for it; give it as PASTEUR_PASSPHRASE");
        var settings = new byte[MoreThanTermios];
        if (GetAttributes(terminal.SafeFileHandle, settings) != 0)
            throw new ClientFailedException(ExitCodes.Usage, "the terminal can't hide a passphrase; give it as PASTEUR_PASSPHRASE");
        var silent = (byte[])settings.Clone();
        silent[FlagsAt] &= unchecked((byte)~Echo);
        void Restore(PosixSignalContext? signal) => _ = SetAttributes(terminal.SafeFileHandle, OnceWritten, settings);

        // A signal ends the program as usual, but not before the terminal shows again what is typed.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Restore);
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Restore);
        using var end = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Restore);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Restore);
        _ = SetAttributes(terminal.SafeFileHandle, OnceWritten, silent);
        try
        {
            terminal.Write(Encoding.UTF8.GetBytes(prompt));
            return ReadLine(terminal);
        }
        finally
        {
            Restore(null);
            terminal.Write("\n"u8);
        }
    }

    private static int FlagsAt => OperatingSystem.IsMacOS() ? 3 * sizeof(ulong) : (3 * sizeof(uint)) + (BitConverter.IsLittleEndian ? 0 : sizeof(uint) - 1);

    private static FileStream? Open()
    {
        try
        {
            return new FileStream(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string ReadLine(FileStream terminal)
    {
        var line = new byte[Limits.MaxPassphraseBytes + 1];
        var length = 0;
        while (length < line.Length && terminal.Read(line, length, 1) == 1 && line[length] != '\n') length++;
        if (length == line.Length) throw new ClientFailedException(ExitCodes.Usage, $"a passphrase has at most {Limits.MaxPassphraseBytes} bytes");
        return Encoding.UTF8.GetString(line, 0, length);
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int GetAttributes(SafeFileHandle terminal, [Out] byte[] settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int SetAttributes(SafeFileHandle terminal, int when, byte[] settings);
}
