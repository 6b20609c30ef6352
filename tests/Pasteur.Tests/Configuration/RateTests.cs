using Pasteur.Configuration;

namespace Pasteur.Tests.Configuration;

public class RateTests
{
    [Theory]
    [InlineData("300/5m", 300, 300)]
    [InlineData("1/1s", 1, 1)]
    [InlineData("1000000/1d", 1_000_000, 86400)]
    public void A_rate_is_a_number_in_a_time(string text, int count, int seconds) =>
        Assert.Equal(new Rate(count, TimeSpan.FromSeconds(seconds)), Rate.Parse(text).Value);

    [Fact]
    public void Of_bytes_it_is_a_size() => Assert.Equal(new Rate(1 << 30, TimeSpan.FromHours(1)), Rate.ParseSize("1GiB/1h").Value);

    [Fact]
    public void Zero_is_none()
    {
        Assert.Null(Rate.Parse("0").Problem);
        Assert.Null(Rate.ParseSize("0").Problem);
    }

    [Theory]
    [InlineData("300")]
    [InlineData("300/")]
    [InlineData("/5m")]
    [InlineData("0/5m")]
    [InlineData("-1/5m")]
    [InlineData("300/0s")]
    [InlineData("300/2d")]
    [InlineData("300/5m/1")]
    [InlineData("9999999999/5m")]
    [InlineData("off")]
    [InlineData("")]
    public void What_is_none_is_refused(string text)
    {
        Assert.NotNull(Rate.Parse(text).Problem);
        Assert.NotNull(Rate.ParseSize(text).Problem);
    }
}
