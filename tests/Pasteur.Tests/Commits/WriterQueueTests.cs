using Pasteur.Git.Commits;

namespace Pasteur.Tests.Commits;

public sealed class WriterQueueTests
{
    [Fact]
    public void It_is_bounded_but_for_the_programs_own_and_keeps_the_order()
    {
        using var queue = new WriterQueue(capacity: 3, batch: 2);
        var operations = Enumerable.Range(0, 5).Select(_ => new WriterCall(() => { })).ToArray();
        Assert.True(queue.TryAdd(operations[0]));
        Assert.True(queue.TryAdd(operations[1]));
        Assert.True(queue.TryAdd(operations[2]));
        Assert.False(queue.TryAdd(operations[3]));
        Assert.True(queue.TryAdd(operations[4], urgent: true));
        Assert.Equal(4, queue.Count);

        Assert.Equal([operations[0], operations[1]], Take(queue));
        Assert.True(queue.TryAdd(operations[3]));
        Assert.Equal([operations[2], operations[4]], Take(queue));
        queue.Close();
        Assert.False(queue.TryAdd(operations[0]));
        Assert.False(queue.TryAdd(operations[0], urgent: true));
        Assert.Equal([operations[3]], Take(queue));
        Assert.False(queue.Take([]));
    }

    [Fact]
    public async Task Every_operation_that_was_taken_in_comes_out_once()
    {
        const int Producers = 8;
        const int Each = 20_000;
        using var queue = new WriterQueue(capacity: 100, batch: 7);
        var seen = new HashSet<WriteOperation>();
        var taker = Task.Run(() =>
        {
            var taken = new List<WriteOperation>();
            while (queue.Take(taken))
            {
                Assert.InRange(taken.Count, 1, 7);
                foreach (var operation in taken) Assert.True(seen.Add(operation), "taken twice");
                taken.Clear();
            }
        }, TestContext.Current.CancellationToken);
        var accepted = await Task.WhenAll(Enumerable.Range(0, Producers).Select(_ => Task.Run(() =>
        {
            var count = 0;
            for (var n = 0; n < Each; n++)
                if (queue.TryAdd(new WriterCall(() => { }))) count++;
                else Thread.Yield();
            return count;
        }, TestContext.Current.CancellationToken)));
        queue.Close();
        await taker.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(accepted.Sum(), seen.Count);
    }

    [Fact]
    public async Task A_waiting_writer_is_woken_by_the_close()
    {
        using var queue = new WriterQueue(1, 1);
        var taker = Task.Run(() => queue.Take([]), TestContext.Current.CancellationToken);
        await Task.Delay(20, TestContext.Current.CancellationToken);
        queue.Close();
        Assert.False(await taker.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    private static List<WriteOperation> Take(WriterQueue queue)
    {
        var taken = new List<WriteOperation>();
        Assert.True(queue.Take(taken));
        return taken;
    }
}
