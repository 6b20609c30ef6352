using Pasteur.Sync;

namespace Pasteur.Tests.Sync;

public class PullerTests
{
    /// <summary>What others push is to be here within --pull-every, and two servers that were started at once are not to ask at once for ever.</summary>
    [Fact]
    public void Fetches_are_never_further_apart_than_promised_nor_all_the_same()
    {
        var (promised, random) = (TimeSpan.FromSeconds(30), new Random(1));
        var intervals = Enumerable.Range(0, 1000).Select(_ => Puller.Interval(promised, random)).ToArray();
        Assert.All(intervals, interval => Assert.InRange(interval, promised * 0.8, promised));
        Assert.True(intervals.Max() - intervals.Min() > promised * 0.15);
    }
}
