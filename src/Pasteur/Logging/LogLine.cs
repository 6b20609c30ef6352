using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;

namespace Pasteur.Logging;

/// <summary>
/// One line an event: <c>2026-05-01T12:00:00.000Z warning Pusher: the remote is away</c>. Control characters become
/// spaces, so that nothing which a client or a remote sent can start a line of its own or steer a terminal.
/// </summary>
internal static class LogLine
{
    public static string Of<TState>(in LogEntry<TState> entry, DateTimeOffset now)
    {
        var text = entry.Formatter(entry.State, entry.Exception);
        var fault = entry.Exception is null ? "" : $" | {entry.Exception}";
        var source = entry.Category[(entry.Category.LastIndexOf('.') + 1)..];
        var time = now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        return $"{time} {Word(entry.LogLevel)} {source}: {OneLine(text)}{OneLine(fault)}\n";
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        LogLevel.Critical => "critical",
        LogLevel.None => "none",
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, null),
    };

    private static string OneLine(string text) => string.Create(text.Length, text, static (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
            span[i] = char.IsControl(source[i]) ? ' ' : source[i];
    });
}
