using CsCheck;
using Pasteur.Configuration;

namespace Pasteur.Tests.Configuration;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("1024", 1024)]
    [InlineData("2B", 2)]
    [InlineData("500KB", 500_000)]
    [InlineData("500 kb", 500_000)]
    [InlineData("64K", 65_536)]
    [InlineData("1MiB", 1_048_576)]
    [InlineData("1MB", 1_000_000)]
    [InlineData("1GiB", 1_073_741_824)]
    public void Size_is_read_with_its_unit(string text, int expected) =>
        Assert.Equal(expected, Quantity.ParseSize(text, 0, int.MaxValue).Value);

    [Theory]
    [InlineData("")]
    [InlineData("MiB")]
    [InlineData("1.5MiB")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1 2")]
    [InlineData("0x10")]
    [InlineData("2GiB")]
    [InlineData("9999999999999999999999")]
    [InlineData("999999999999999999GiB")]
    [InlineData("١MiB")]
    public void What_is_not_a_size_is_refused(string text) =>
        Assert.False(Quantity.ParseSize(text, 0, int.MaxValue).IsOk);

    [Theory]
    [InlineData("1500ms", 1_500)]
    [InlineData("30s", 30_000)]
    [InlineData("5m", 300_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("1d", 86_400_000)]
    public void Duration_is_read_with_its_unit(string text, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Quantity.ParseDuration(text, TimeSpan.Zero, TimeSpan.FromDays(1)).Value);

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("s")]
    [InlineData("30S")]
    [InlineData("1h30m")]
    [InlineData("2d")]
    [InlineData("999999999999999999d")]
    public void What_is_not_a_duration_is_refused(string text) =>
        Assert.False(Quantity.ParseDuration(text, TimeSpan.Zero, TimeSpan.FromDays(1)).IsOk);

    [Fact]
    public void A_written_size_reads_back() =>
        Gen.Int[0, int.MaxValue].Sample(n => Quantity.ParseSize(Quantity.FormatSize(n), 0, int.MaxValue).Value == n);

    [Fact]
    public void A_written_duration_reads_back() => Gen.Int[0, 86_400_000].Select(n => TimeSpan.FromMilliseconds(n))
        .Sample(t => Quantity.ParseDuration(Quantity.FormatDuration(t), TimeSpan.Zero, TimeSpan.FromDays(1)).Value == t);

    [Fact]
    public void No_text_makes_it_throw() => Gen.String.Sample(text =>
    {
        var (size, time) = (Quantity.ParseSize(text, 0, int.MaxValue), Quantity.ParseDuration(text, TimeSpan.Zero, TimeSpan.MaxValue));
        return size.IsOk == (size.Problem is null) && time.IsOk == (time.Problem is null);
    });
}
