using System.Globalization;
using Pasteur.Pastes;

namespace Pasteur.Tests.Pastes;

public sealed class BucketTests
{
    private static readonly DateTimeOffset Now = At("2026-11-27T10:20:30Z");

    [Theory]
    [InlineData("2026-11-27T10:30:00Z", "until/2026-11-27T11Z/me")]
    [InlineData("2026-11-27T11:00:00Z", "until/2026-11-27T11Z/me")]
    [InlineData("2026-11-27T11:00:01Z", "until/2026-11-27T12Z/me")]
    [InlineData("2026-11-27T23:30:00Z", "until/2026-11-28T00Z/me")]
    [InlineData("2026-11-29T10:20:30Z", "until/2026-11-29T11Z/me")]
    [InlineData("2026-11-29T10:20:31Z", "until/2026-11-30/me")]
    [InlineData("2026-12-31T00:00:01Z", "until/2027-01-01/me")]
    [InlineData("2126-12-31T12:00:00Z", "until/2127-01-01/me")]
    public void Short_lives_end_with_an_hour_and_long_ones_with_a_day(string expires, string branch)
    {
        var bucket = Bucket.Of(At(expires), Now);
        Assert.Equal(branch, bucket.BranchOf("me"));
        Assert.True(bucket.End >= At(expires));
        Assert.True(Bucket.TryParse(branch, out var read));
        Assert.Equal(bucket, read);
    }

    [Theory]
    [InlineData("main")]
    [InlineData("until/")]
    [InlineData("until/2026-11-27")]
    [InlineData("until/2026-11-27/")]
    [InlineData("until/tomorrow/me-1")]
    [InlineData("until/2026-11-27T25Z/me-1")]
    [InlineData("until/2026-02-30/me-1")]
    public void What_somebody_else_put_there_is_none(string branch) => Assert.False(Bucket.TryParse(branch, out _));

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
}
