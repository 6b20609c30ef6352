using System.Globalization;
using Pasteur.Configuration;

namespace Pasteur.Client;

/// <summary>Shows on one line of the terminal how much is sent, once that takes longer than a moment; nothing of it stays there.</summary>
/// <param name="total">Null while nobody knows.</param>
internal sealed class SendProgress(TextWriter terminal, TimeProvider time, long? total)
{
    private readonly long _started = time.GetTimestamp();
    private TimeSpan _next = Limits.ProgressAfter;
    private long _sent;
    private int _width;

    public void Add(int bytes)
    {
        _sent += bytes;
        var elapsed = time.GetElapsedTime(_started);
        if (elapsed < _next) return;
        _next = elapsed + Limits.ProgressEvery;
        var line = total is > 0 and var whole
            ? string.Create(CultureInfo.InvariantCulture, $"sent {Mebibytes(_sent)} of {Mebibytes(whole)} MiB ({100 * _sent / whole}%)")
            : $"sent {Mebibytes(_sent)} MiB";
        terminal.Write($"\r{line.PadRight(_width)}");
        _width = line.Length;
    }

    public void End()
    {
        if (_width > 0) terminal.Write($"\r{new string(' ', _width)}\r");
    }

    private static string Mebibytes(long bytes) => (bytes / (1024.0 * 1024)).ToString("0.0", CultureInfo.InvariantCulture);
}
