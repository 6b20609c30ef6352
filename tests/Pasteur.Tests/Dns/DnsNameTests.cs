using Pasteur.Dns;
using Pasteur.Dns.Messages;

namespace Pasteur.Tests.Dns;

public sealed class DnsNameTests
{
    [Theory]
    [InlineData("example.org", "example.org")]
    [InlineData("Example.ORG.", "example.org")]
    [InlineData("_acme-challenge.xn--bcher-kva.example", "_acme-challenge.xn--bcher-kva.example")]
    [InlineData("*.a", "*.a")]
    public void Names_are_read_in_any_case(string text, string expected)
    {
        Assert.True(DnsName.TryParse(text, out var name));
        Assert.Equal(expected, name.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("a b")]
    [InlineData("bücher.example")]
    [InlineData("a\0b")]
    [InlineData("a\\.b")]
    [InlineData("a/b")]
    public void What_is_no_name_is_refused(string text) => Assert.False(DnsName.TryParse(text, out _));

    [Theory]
    [InlineData(63, 1, true)]
    [InlineData(64, 1, false)]
    [InlineData(61, 4, true)]   // 4 * 62 + 1 = 249
    [InlineData(49, 5, true)]   // 5 * 50 + 1 = 251
    [InlineData(50, 5, false)]  // 5 * 51 + 1 = 256
    [InlineData(1, 127, true)]  // 255
    [InlineData(1, 128, false)]
    public void Labels_have_63_bytes_and_names_255(int labelBytes, int labels, bool fits) =>
        Assert.Equal(fits, DnsName.TryParse(string.Join('.', Enumerable.Repeat(new string('a', labelBytes), labels)), out _));

    [Theory]
    [InlineData("a.example.org", "example.org", true)]
    [InlineData("example.org", "example.org", true)]
    [InlineData("org", "example.org", false)]
    [InlineData("badexample.org", "example.org", false)]
    [InlineData("a.example.org", "A.EXAMPLE.ORG", true)]
    public void A_name_is_within_a_zone_by_whole_labels(string name, string zone, bool expected) => Assert.Equal(expected, Name(name).IsWithin(Name(zone)));

    [Fact]
    public void Every_name_is_within_the_root() => Assert.True(Name("a.b").IsWithin(DnsName.Root));

    [Fact]
    public void What_a_server_puts_into_a_name_is_shown_without_control_characters() =>
        Assert.Equal(@"a\010\027\046.b", DnsName.FromWire([4, (byte)'a', 10, 27, (byte)'.', 1, (byte)'b', 0]).ToString());

    [Theory]
    [InlineData("example.org", "_acme-challenge.example.org")]
    [InlineData("*.example.org", "_acme-challenge.example.org")]
    public void A_wildcard_is_challenged_under_the_name_that_it_stands_below(string name, string expected) => Assert.Equal(expected, ChallengeName.Of(name));

    private static DnsName Name(string text) => DnsName.TryParse(text, out var name) ? name : throw new ArgumentException(text);
}
