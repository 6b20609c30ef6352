using System.Globalization;
using System.Text;

namespace Pasteur.Configuration;

/// <summary>
/// The process's own arguments as other users of the machine see them (proc(5), /proc/pid/cmdline): the kernel shows the memory that they were
/// put into at start. Linux alone; where it cannot be done, nothing else is.
/// </summary>
internal static class ProcessArguments
{
    // proc(5), /proc/pid/stat: arg_start and arg_end, counted from 1. What stands before the last ")" may hold spaces.
    private const int StartField = 48, EndField = 49, FieldsBeforeName = 2;
    private const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Overwrites each of these wherever it stands among the arguments. What the program itself was given stays as it is.</summary>
    public static void Hide(IReadOnlyList<string> secrets)
    {
        if (secrets.Count == 0 || !OperatingSystem.IsLinux())
            return;
        try
        {
            var (start, end) = Find(File.ReadAllText("/proc/self/stat"));
            // Through the kernel: a wrong address fails there, where a pointer would end the program.
            using var memory = File.OpenHandle("/proc/self/mem", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            var arguments = new byte[Math.Min(end - start, MaxBytes)];
            var length = RandomAccess.Read(memory, arguments, start);
            RandomAccess.Write(memory, Hidden(arguments.AsSpan(0, length), secrets), start);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or NotSupportedException or ArgumentException or OverflowException)
        {
            // The options are visible then, as their help says.
        }
    }

    /// <summary>Where the arguments are, by a line of /proc/pid/stat.</summary>
    public static (long Start, long End) Find(string stat)
    {
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        long Field(int number) => fields.Length >= number - FieldsBeforeName
            ? long.Parse(fields[number - FieldsBeforeName - 1], CultureInfo.InvariantCulture)
            : throw new FormatException("stat has too few fields");
        return (Field(StartField), Field(EndField));
    }

    /// <summary>The arguments with each secret overwritten. Every one is looked for in what was given: one may be a part of another.</summary>
    public static byte[] Hidden(ReadOnlySpan<byte> arguments, IReadOnlyList<string> secrets)
    {
        var shown = arguments.ToArray();
        foreach (var secret in secrets.Select(Encoding.UTF8.GetBytes))
        {
            for (var at = 0; arguments[at..].IndexOf(secret) is >= 0 and var next; at++)
            {
                at += next;
                shown.AsSpan(at, secret.Length).Fill((byte)'*');
            }
        }
        return shown;
    }
}
