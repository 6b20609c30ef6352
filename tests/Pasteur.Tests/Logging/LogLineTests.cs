using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pasteur.Logging;

namespace Pasteur.Tests.Logging;

public sealed class LogLineTests
{
    [Theory]
    [InlineData("the remote says: no", null, "warning Pusher: the remote says: no\n")]
    [InlineData("a\r\nforged line\x1b[31m", null, "warning Pusher: a  forged line [31m\n")]
    [InlineData("failed", "two\nlines", "warning Pusher: failed | System.IO.IOException: two lines\n")]
    public void Event_is_one_line_whatever_is_in_it(string message, string? fault, string expected)
    {
        var exception = fault is null ? null : new IOException(fault);
        var entry = new LogEntry<string>(LogLevel.Warning, "Pasteur.Sync.Pusher", default, message, exception, (state, _) => state);
        Assert.Equal("2026-05-01T12:00:00.007Z " + expected, LogLine.Of(entry, new DateTimeOffset(2026, 5, 1, 14, 0, 0, 7, TimeSpan.FromHours(2))));
    }
}
