using CsCheck;
using Pasteur.Sync;

namespace Pasteur.Tests.Sync;

public sealed class AckQueueTests
{
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Push_answers_those_whose_commits_it_holds_and_no_others()
    {
        var acks = new AckQueue(TimeProvider.System);
        var early = acks.WaitAsync(5, s_long, TestContext.Current.CancellationToken);
        var late = acks.WaitAsync(6, s_long, TestContext.Current.CancellationToken);
        acks.Land(5);
        Assert.IsType<RemoteAck.Landed>(await early);
        Assert.False(late.IsCompleted);
        acks.Reject(6, "no");
        Assert.Equal(new RemoteAck.Rejected("no"), await late);
    }

    [Fact]
    public async Task Commit_that_has_landed_already_is_not_waited_for()
    {
        var acks = new AckQueue(TimeProvider.System);
        acks.Land(5);
        acks.Land(3);
        Assert.IsType<RemoteAck.Landed>(await acks.WaitAsync(5, TimeSpan.Zero, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Rejection_says_nothing_of_what_comes_later()
    {
        var acks = new AckQueue(TimeProvider.System);
        acks.Reject(5, "no");
        Assert.Null(await acks.WaitAsync(4, TimeSpan.FromMilliseconds(10), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Silence_is_no_answer()
    {
        var acks = new AckQueue(TimeProvider.System);
        Assert.Null(await acks.WaitAsync(1, TimeSpan.FromMilliseconds(10), TestContext.Current.CancellationToken));
        acks.Land(1);
    }

    [Fact]
    public async Task Waiting_ends_when_the_request_is_cancelled()
    {
        var acks = new AckQueue(TimeProvider.System);
        using var cancel = new CancellationTokenSource(10);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => acks.WaitAsync(1, s_long, cancel.Token).AsTask());
    }

    [Fact]
    public async Task End_of_the_program_answers_everybody()
    {
        var acks = new AckQueue(TimeProvider.System);
        var waiting = Enumerable.Range(0, 10).Select(n => acks.WaitAsync(n, s_long, TestContext.Current.CancellationToken).AsTask()).ToArray();
        acks.GiveUp("closing");
        Assert.All(await Task.WhenAll(waiting), ack => Assert.Equal(new RemoteAck.Unknown("closing"), ack));
    }

    [Fact]
    public void Pauses_grow_to_the_longest_are_never_the_whole_step_and_begin_anew_after_success() =>
        Gen.Int[0, 1000].Sample(seed =>
        {
            var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), new Random(seed));
            foreach (var step in (int[])[1, 2, 4, 8, 16, 30, 30]) Assert.InRange(backoff.Next().TotalSeconds, step / 2.0, step);
            backoff.Reset();
            Assert.InRange(backoff.Next().TotalSeconds, 0.5, 1);
        });

    [Fact]
    public async Task Call_before_the_sleep_is_not_lost_and_two_calls_wake_once()
    {
        var wake = new WakeUp(TimeProvider.System);
        wake.Call();
        wake.Call();
        await wake.SleepAsync(s_long, TestContext.Current.CancellationToken);
        var second = wake.SleepAsync(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        Assert.False(second.IsCompleted);
        await second;
    }
}
