using Microsoft.Win32.SafeHandles;

namespace Pasteur.Boot;

/// <summary>What the machine says: one line an event, on its console.</summary>
internal static class MachineConsole
{
    private const int StandardOutput = 1, StandardError = 2;

    // A console of Xen, a screen; to the last everything can be written.
    private static readonly string[] s_others = ["/dev/hvc0", "/dev/tty0", "/dev/null"];

    /// <summary>
    /// A kernel that is told of a serial port as its console takes it for one even where the machine has no such port: every write to it fails.
    /// Another console takes its place then, so that what is said is seen, or at least ends nothing.
    /// </summary>
    public static void Open()
    {
        if (Native.Write(StandardError, default, 0) == 0 || Native.Errno != Native.InputOutput)
            return;
        foreach (var path in s_others)
        {
            using var other = TryOpen(path);
            if (other is null || Native.Write((int)other.DangerousGetHandle(), default, 0) != 0)
                continue;
            _ = Native.Duplicate(other, StandardOutput);
            _ = Native.Duplicate(other, StandardError);
            return;
        }
    }

    public static void Say(string line)
    {
        try
        {
            Console.Error.WriteLine($"pasteur: {string.Concat(line.Select(c => char.IsControl(c) ? ' ' : c))}");
        }
        catch (IOException)
        {
            // There is nobody else to tell.
            return;
        }
    }

    /// <summary>Waits until the console has sent what was said: a machine that restarts at once drops the rest.</summary>
    public static void Finish() => _ = Native.Drain(StandardError);

    private static SafeFileHandle? TryOpen(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
