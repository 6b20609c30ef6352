using Pasteur.Pastes;

namespace Pasteur.Tests.Pastes;

public class HotCacheTests
{
    [Fact]
    public void What_was_put_is_found()
    {
        var cache = new HotCache<int, string>(1000);
        cache.Put(1, "one", 10);

        Assert.True(cache.TryGet(1, out var value));
        Assert.Equal("one", value);
        Assert.False(cache.TryGet(2, out _));
    }

    [Fact]
    public void What_is_used_outlives_what_is_not()
    {
        var cache = new HotCache<int, string>(1000);
        cache.Put(0, "hot", 10);
        cache.Put(1, "cold", 10);

        for (var i = 2; i < 1000; i++)
        {
            cache.Put(i, "passing", 10);
            Assert.True(cache.TryGet(0, out _));
        }

        Assert.False(cache.TryGet(1, out _));
    }

    [Fact]
    public void The_bound_in_bytes_holds()
    {
        var cache = new HotCache<int, byte[]>(10_000);
        for (var i = 0; i < 5000; i++) cache.Put(i, new byte[100], 100);

        var kept = Enumerable.Range(0, 5000).Count(i => cache.TryGet(i, out _));

        Assert.InRange(kept, 40, 100);
    }

    [Fact]
    public void What_would_push_out_the_rest_is_not_kept()
    {
        var cache = new HotCache<int, string>(1000);
        cache.Put(1, "small", 10);
        cache.Put(2, "large", 900);

        Assert.True(cache.TryGet(1, out _));
        Assert.False(cache.TryGet(2, out _));
    }

    [Fact]
    public async Task Readers_and_writers_at_once_see_only_their_own_values()
    {
        var cache = new HotCache<int, string>(5000);
        var tasks = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                var key = i % 200;
                if (cache.TryGet(key, out var value)) Assert.Equal($"{key}", value);
                else cache.Put(key, $"{key}", 50);
            }
        }));

        await Task.WhenAll(tasks);
    }
}
