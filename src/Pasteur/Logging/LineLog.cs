using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace Pasteur.Logging;

/// <summary>
/// Writes log lines to a stream without ever making a request wait: lines queue, and when whoever reads the stream has stopped reading,
/// those that find no room are counted and the count is told. Once disposed, it writes at once.
/// </summary>
/// <param name="least">What is less is not written. Of the framework it is at least a warning.</param>
/// <remarks>The console logger of the framework builds some forty generic types while the program starts: docs/decisions/0008-start.md.</remarks>
internal sealed class LineLog(Stream target, TimeProvider time, LogLevel least = LogLevel.Information) : ILoggerFactory
{
    private const int MaxWaiting = 1024;
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(2);

    private readonly BlockingCollection<string> _waiting = new(MaxWaiting);
    private readonly Lock _lock = new();
    private Thread? _writer;
    private bool _isClosed;
    private long _dropped;

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName, categoryName.StartsWith("Microsoft.", StringComparison.Ordinal) ? LogLevel.Warning : least);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("Lines are written to one place.");

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isClosed) return;
            _isClosed = true;
            _waiting.CompleteAdding();
        }
        // Someone who never reads must not keep the program from ending.
        if (_writer is null || _writer.Join(s_lastWords)) _waiting.Dispose();
    }

    private void Add(string line)
    {
        lock (_lock)
        {
            if (_isClosed) Write(line);
            else if (!_waiting.TryAdd(line)) _dropped++;
            else if (_writer is null) Start();
        }
    }

    private void Start()
    {
        _writer = new Thread(WriteAll) { Name = "log", IsBackground = true };
        _writer.Start();
    }

    private void WriteAll()
    {
        foreach (var line in _waiting.GetConsumingEnumerable())
        {
            Write(line);
            if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped) Write(Dropped(dropped));
        }
    }

    private void Write(string line)
    {
        try
        {
            target.Write(Encoding.UTF8.GetBytes(line));
        }
        catch (IOException)
        {
            // Nobody reads any more, and there is nobody else to tell.
            return;
        }
    }

    private string Dropped(long count) =>
        LogLine.Of(new LogEntry<long>(LogLevel.Warning, nameof(LineLog), default, count, null, static (count, _) => string.Create(CultureInfo.InvariantCulture, $"{count} lines were dropped: nobody read them fast enough")), Now);

    private DateTimeOffset Now => time.GetUtcNow();

    private sealed class Category(LineLog log, string name, LogLevel least) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) log.Add(LogLine.Of(new LogEntry<TState>(logLevel, name, eventId, state, exception, formatter), log.Now));
        }
    }
}
