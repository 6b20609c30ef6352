using System.Globalization;
using Pasteur.Configuration;

namespace Pasteur.Tests.Configuration;

public sealed class ExpiryTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 10, 20, 30, TimeSpan.Zero);

    [Theory]
    [InlineData("60", "2026-11-27T10:21:30Z")]
    [InlineData("90s", "2026-11-27T10:22:00Z")]
    [InlineData("10m", "2026-11-27T10:30:30Z")]
    [InlineData("1h", "2026-11-27T11:20:30Z")]
    [InlineData(" 7D ", "2026-12-04T10:20:30Z")]
    [InlineData("2w", "2026-12-11T10:20:30Z")]
    [InlineData("1y", "2027-11-27T10:20:30Z")]
    [InlineData("2030-01-31T12:00:00Z", "2030-01-31T12:00:00Z")]
    [InlineData("2030-01-31t12:00:00z", "2030-01-31T12:00:00Z")]
    [InlineData("2030-01-31T12:00:00+02:00", "2030-01-31T10:00:00Z")]
    [InlineData("2030-01-31T12:00:00.25-01:00", "2030-01-31T13:00:01Z")]
    [InlineData("2030-01-31T12:00:00.000000001+00:00", "2030-01-31T12:00:00Z")]
    [InlineData("2030-01-31T12:00:00.999999999Z", "2030-01-31T12:00:01Z")]
    [InlineData("2030-01-31 12:00:00.5Z", "2030-01-31T12:00:01Z")]
    [InlineData("2030-01-31 12:00:00-02:00", "2030-01-31T14:00:00Z")]
    [InlineData("2030-01-31T12:00:00 02:00", "2030-01-31T10:00:00Z")]
    [InlineData("2030-01-31t12:00:00.123456 02:00", "2030-01-31T10:00:01Z")]
    [InlineData("1893499200000", "2030-01-01T12:00:00Z")]
    public void A_time_is_read_as_people_and_programs_write_it(string text, string expected) =>
        Assert.Equal(new Expiry.At(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture)), Expiry.Parse(text, ExpirySettings.None, Now));

    [Theory]
    [InlineData("24", "2026-11-28T10:20:30Z")]
    [InlineData("30m", "2026-11-27T10:50:30Z")]
    [InlineData("1893499200000", "2030-01-01T12:00:00Z")]
    public void In_the_field_of_0x0_a_bare_number_counts_hours(string text, string expected) =>
        Assert.Equal(new Expiry.At(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture)), Expiry.Parse(text, ExpirySettings.None, Now, numberIsHours: true));

    [Theory]
    [InlineData("soon")]
    [InlineData("1 h")]
    [InlineData("-5")]
    [InlineData("1.5h")]
    [InlineData("h")]
    [InlineData("1M")]
    [InlineData("2030-01-31")]
    [InlineData("2030-01-31T12:00:00")]
    [InlineData("2030-13-31T12:00:00Z")]
    [InlineData("2030-01-31T12:00:00.Z")]
    [InlineData("2030-01-31T12:00:00.1")]
    [InlineData("2030-01-31T12:00:00ZZ")]
    [InlineData("2030-01-31T12:00:00+0200")]
    [InlineData("2030-01-31T12:00:00+2:00")]
    [InlineData("2030-01-31T12:00:00+ab:cd")]
    [InlineData("2030-01-31_12:00:00Z")]
    [InlineData("٢٠٣٠-01-31T12:00:00Z")]
    [InlineData("99999999999999999999999")]
    [InlineData("١h")]
    public void What_is_no_time_is_told_apart(string text) => Assert.NotEqual(typeof(Expiry.At), Expiry.Parse(text, ExpirySettings.None, Now).GetType());

    [Theory]
    [InlineData("0")]
    [InlineData("0s")]
    [InlineData("2026-11-27T10:20:30Z")]
    [InlineData("1999-01-01T00:00:00Z")]
    [InlineData("1000000000000")]
    public void The_past_is_refused(string text) => Assert.IsType<Expiry.Past>(Expiry.Parse(text, ExpirySettings.None, Now));

    [Theory]
    [InlineData("8d")]
    [InlineData("never")]
    [InlineData("9999-12-31T23:59:59Z")]
    [InlineData("99999999999")]
    public void Nothing_lives_longer_than_the_site_allows(string text) =>
        Assert.IsType<Expiry.TooLate>(Expiry.Parse(text, new ExpirySettings(null, TimeSpan.FromDays(7)), Now));

    [Fact]
    public void The_longest_life_is_allowed_and_never_where_all_may_stay()
    {
        Assert.IsType<Expiry.At>(Expiry.Parse("7d", new ExpirySettings(null, TimeSpan.FromDays(7)), Now));
        Assert.IsType<Expiry.Never>(Expiry.Parse("Never", ExpirySettings.None, Now));
        Assert.IsType<Expiry.TooLate>(Expiry.Parse("999y", ExpirySettings.None, Now));
    }
}
