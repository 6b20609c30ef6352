using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pasteur.Configuration;

namespace Pasteur.Tests.Configuration;

public sealed class LogLineFormatterTests
{
    [Theory]
    [InlineData("the remote says: no", null, "warning Pusher: the remote says: no")]
    [InlineData("a\r\nforged line\x1b[31m", null, "warning Pusher: a  forged line [31m")]
    [InlineData("failed", "two\nlines", "warning Pusher: failed | System.IO.IOException: two lines")]
    public void Event_is_one_line_whatever_is_in_it(string message, string? fault, string expected)
    {
        using var writer = new StringWriter();
        var exception = fault is null ? null : new IOException(fault);

        new LogLineFormatter().Write(
            new LogEntry<string>(LogLevel.Warning, "Pasteur.Sync.Pusher", default, message, exception, (state, _) => state), null, writer);

        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ", writer.ToString());
        Assert.Equal(expected, writer.ToString()[25..].TrimEnd('\n'));
        Assert.Equal(writer.ToString().Length - 1, writer.ToString().IndexOf('\n', StringComparison.Ordinal));
    }
}
