using System.Security.Cryptography;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;

namespace Pasteur.Tests.Packs;

public sealed class IdFilterTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(51)]
    [InlineData(10_000)]
    public void What_was_added_is_never_denied_and_what_was_not_nearly_always_is(int count)
    {
        var filter = new IdFilter(count);
        for (var n = 0; n < count; n++) filter.Add(Id(n));
        for (var n = 0; n < count; n++) Assert.True(filter.MayContain(Id(n)));
        var taken = Enumerable.Range(count, 10_000).Count(n => filter.MayContain(Id(n)));
        Assert.InRange(taken, 0, 400);
    }

    private static ObjectId Id(int n) => new(SHA1.HashData(BitConverter.GetBytes(n)));
}
