using System.IO.Pipelines;
using System.Text;
using Microsoft.Extensions.Logging;
using Pasteur.Logging;

namespace Pasteur.Tests.Logging;

public sealed class LineLogTests
{
    [Fact]
    public void Lines_come_out_in_order_and_all_of_them_by_the_time_it_is_disposed()
    {
        using var target = new MemoryStream();
        using (var log = new LineLog(target, TimeProvider.System))
        {
            var logger = log.CreateLogger("A.B");
            for (var n = 0; n < 500; n++) logger.LogWarning("line {Number}", n);
        }
        var lines = Encoding.UTF8.GetString(target.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Enumerable.Range(0, 500).Select(n => $"warning B: line {n}"), lines.Select(line => line[25..]));
    }

    [Fact]
    public void After_it_is_disposed_a_line_is_written_at_once()
    {
        using var target = new MemoryStream();
        var log = new LineLog(target, TimeProvider.System);
        log.Dispose();
        log.CreateLogger("A").LogError("last words");
        Assert.EndsWith("error A: last words\n", Encoding.UTF8.GetString(target.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_stops_makes_nobody_wait_and_is_told_how_much_it_missed()
    {
        var cancel = TestContext.Current.CancellationToken;
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 100, resumeWriterThreshold: 50));
        var log = new LineLog(pipe.Writer.AsStream(), TimeProvider.System);
        var logger = log.CreateLogger("A");
        for (var n = 0; n < 5000; n++) logger.LogWarning("line {Number}", n);
        var text = new StringBuilder();
        while (!text.ToString().Contains("lines were dropped", StringComparison.Ordinal))
        {
            var read = await pipe.Reader.ReadAsync(cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(30), cancel);
            text.Append(Encoding.UTF8.GetString(read.Buffer));
            pipe.Reader.AdvanceTo(read.Buffer.End);
        }
        await pipe.Reader.CompleteAsync();
        log.Dispose();
        Assert.Contains("line 0\n", text.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("line 4999\n", text.ToString(), StringComparison.Ordinal);
    }
}
