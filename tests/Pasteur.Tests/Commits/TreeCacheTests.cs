using System.Text;
using Pasteur.Git.Commits;
using Pasteur.Git.Objects;

namespace Pasteur.Tests.Commits;

public sealed class TreeCacheTests
{
    [Fact]
    public void Folders_of_folders_stay_while_folders_of_pastes_go_by()
    {
        var cache = new TreeCache(10_000) { InnerBytes = 10_000 };
        var inner = Version("40000 a", 1);
        cache.Add(inner);
        for (var n = 2; n < 1000; n++) cache.Add(Version("40000 abcdefghjkm", n));

        Assert.True(cache.TryGet(inner.Id, out _));
        Assert.False(cache.TryGet(Version("40000 abcdefghjkm", 2).Id, out _));
        Assert.True(cache.TryGet(Version("40000 abcdefghjkm", 999).Id, out _));
    }

    [Theory]
    [InlineData("40000 a")]
    [InlineData("40000 ab")]
    [InlineData("100644 a")]
    public void What_was_replaced_is_gone_and_so_is_everything_after_a_batch_that_failed(string first)
    {
        var cache = new TreeCache(10_000);
        var (one, two) = (Version(first, 1), Version(first, 2));
        cache.Add(one);
        cache.Add(two);
        cache.Remove(one);
        Assert.False(cache.TryGet(one.Id, out _));
        Assert.True(cache.TryGet(two.Id, out var found));
        Assert.Same(two, found);
        cache.Clear();
        Assert.False(cache.TryGet(two.Id, out _));
    }

    [Fact]
    public void Inner_folders_too_are_bounded()
    {
        var cache = new TreeCache(10_000) { InnerBytes = 10_000 };
        for (var n = 0; n < 1000; n++) cache.Add(Version("40000 a", n));
        var kept = Enumerable.Range(0, 1000).Count(n => cache.TryGet(Version("40000 a", n).Id, out _));
        Assert.InRange(kept, 50, 200);
    }

    private static TreeVersion Version(string first, int n)
    {
        byte[] content = [.. Encoding.ASCII.GetBytes(first), 0, .. BitConverter.GetBytes(n), .. new byte[16]];
        return new TreeVersion(ObjectHasher.Hash(ObjectKind.Tree, content), content, TreeVersion.NoJournal, 0, 0);
    }
}
