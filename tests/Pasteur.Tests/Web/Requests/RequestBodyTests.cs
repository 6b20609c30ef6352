using System.Diagnostics;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Pasteur.Configuration;
using Pasteur.Web.Requests;

namespace Pasteur.Tests.Web.Requests;

public class RequestBodyTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(1_000_000)]
    public async Task A_body_within_its_bound_is_read_whole(int length)
    {
        var bytes = new byte[length];
        Random.Shared.NextBytes(bytes);

        var outcome = await ReadAsync(bytes, 1_000_000, new MemoryBudget(64 << 20));

        Assert.Equal(bytes, Assert.IsType<BodyOutcome.Whole>(outcome).Body.Bytes.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_byte_more_than_the_bound_is_too_long_announced_or_not(bool isAnnounced)
    {
        var budget = new MemoryBudget(1 << 20);

        var outcome = await ReadAsync(new byte[1001], 1000, budget, isAnnounced ? 1001 : null);

        Assert.IsType<BodyOutcome.TooLong>(outcome);
        AssertFree(budget, 1 << 20);
    }

    [Fact]
    public async Task Bodies_beyond_the_budget_of_all_are_turned_away_until_others_are_done()
    {
        var budget = new MemoryBudget(40_000);
        var first = Assert.IsType<BodyOutcome.Whole>(await ReadAsync(new byte[10_000], 40_000, budget));

        Assert.IsType<BodyOutcome.Busy>(await ReadAsync(new byte[10_000], 40_000, budget));

        first.Body.Dispose();
        first.Body.Dispose();
        AssertFree(budget, 40_000);
        Assert.IsType<BodyOutcome.Whole>(await ReadAsync(new byte[10_000], 40_000, budget));
    }

    [Fact]
    public async Task A_connection_that_breaks_gives_its_share_back()
    {
        var budget = new MemoryBudget(1 << 20);
        var context = new DefaultHttpContext();
        context.Request.Body = new BrokenStream();

        await Assert.ThrowsAsync<IOException>(async () => await RequestBody.ReadAsync(context, 1000, budget));

        AssertFree(budget, 1 << 20);
    }

    [Fact]
    public async Task A_bound_of_all_bodies_is_not_taken_by_what_is_only_announced()
    {
        var budget = new MemoryBudget(20_000);

        var outcome = await ReadAsync(new byte[100], 1_000_000, budget, announced: 1_000_000);

        Assert.IsType<BodyOutcome.Whole>(outcome);
    }

    [Fact]
    public async Task A_body_that_drips_for_ever_is_given_up_when_its_time_is_over_and_gives_its_share_back()
    {
        var budget = new MemoryBudget(1 << 20);
        var context = new DefaultHttpContext { Request = { Protocol = HttpProtocol.Http11 } };
        var pipe = new Pipe();
        context.Features.Set<IRequestBodyPipeFeature>(new PipedBody(pipe.Reader));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var drip = DripAsync(pipe.Writer, end.Token);
        var clock = Stopwatch.StartNew();

        var outcome = await RequestBody.ReadAsync(context, 1_000_000, budget, TimeSpan.FromSeconds(1)).AsTask().WaitAsync(TimeSpan.FromSeconds(10), end.Token);

        Assert.IsType<BodyOutcome.Stopped>(outcome);
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(8));
        Assert.Equal("close", context.Response.Headers.Connection);
        AssertFree(budget, 1 << 20);
        await end.CancelAsync();
        Assert.True(await drip > 2, "it did not drip: this proves nothing");
    }

    [Fact]
    public void The_time_of_a_body_is_a_minute_and_what_its_largest_size_takes_at_32_KiB_a_second() =>
        Assert.Equal([60, 61, 160], ((long[])[0, 32 << 10, 3200 << 10]).Select(size => Limits.BodyTime(size).TotalSeconds));

    private static async Task<int> DripAsync(PipeWriter writer, CancellationToken cancellationToken)
    {
        for (var drops = 0; ; drops++)
        {
            if (cancellationToken.IsCancellationRequested) return drops;
            await writer.WriteAsync("x"u8.ToArray(), CancellationToken.None);
            await Task.Delay(20, CancellationToken.None);
        }
    }

    private sealed class PipedBody(PipeReader reader) : IRequestBodyPipeFeature
    {
        public PipeReader Reader => reader;
    }

    private static async Task<BodyOutcome> ReadAsync(byte[] bytes, long maxBytes, MemoryBudget budget, long? announced = null)
    {
        var context = new DefaultHttpContext();
        context.Request.Body = new MemoryStream(bytes);
        context.Request.ContentLength = announced;
        return await RequestBody.ReadAsync(context, maxBytes, budget);
    }

    private static void AssertFree(MemoryBudget budget, int bytes)
    {
        Assert.True(budget.TryTake(bytes));
        budget.Give(bytes);
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("reset");
    }
}
