using Microsoft.AspNetCore.Http;
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

        var outcome = await ReadAsync(bytes, 1_000_000, new BodyBudget(64 << 20));

        Assert.Equal(bytes, Assert.IsType<BodyOutcome.Whole>(outcome).Body.Bytes.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_byte_more_than_the_bound_is_too_long_announced_or_not(bool isAnnounced)
    {
        var budget = new BodyBudget(1 << 20);

        var outcome = await ReadAsync(new byte[1001], 1000, budget, isAnnounced ? 1001 : null);

        Assert.IsType<BodyOutcome.TooLong>(outcome);
        AssertFree(budget, 1 << 20);
    }

    [Fact]
    public async Task Bodies_beyond_the_budget_of_all_are_turned_away_until_others_are_done()
    {
        var budget = new BodyBudget(40_000);
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
        var budget = new BodyBudget(1 << 20);
        var context = new DefaultHttpContext();
        context.Request.Body = new BrokenStream();

        await Assert.ThrowsAsync<IOException>(async () => await RequestBody.ReadAsync(context, 1000, budget));

        AssertFree(budget, 1 << 20);
    }

    [Fact]
    public async Task A_bound_of_all_bodies_is_not_taken_by_what_is_only_announced()
    {
        var budget = new BodyBudget(20_000);

        var outcome = await ReadAsync(new byte[100], 1_000_000, budget, announced: 1_000_000);

        Assert.IsType<BodyOutcome.Whole>(outcome);
    }

    private static async Task<BodyOutcome> ReadAsync(byte[] bytes, long maxBytes, BodyBudget budget, long? announced = null)
    {
        var context = new DefaultHttpContext();
        context.Request.Body = new MemoryStream(bytes);
        context.Request.ContentLength = announced;
        return await RequestBody.ReadAsync(context, maxBytes, budget);
    }

    private static void AssertFree(BodyBudget budget, int bytes)
    {
        Assert.True(budget.TryTake(bytes));
        budget.Give(bytes);
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("reset");
    }
}
