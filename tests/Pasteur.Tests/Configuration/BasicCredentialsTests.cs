using Pasteur.Configuration;

namespace Pasteur.Tests.Configuration;

public sealed class BasicCredentialsTests
{
    [Theory]
    [InlineData("ada:lovelace", "ada:lovelace", true)]
    [InlineData("ada:lovelace", "ada:Lovelace", false)]
    [InlineData("ada:lovelace", "ada:lovelac", false)]
    [InlineData("ada:lovelace", "ada:lovelace ", false)]
    [InlineData("ada:lovelace", "", false)]
    [InlineData("ada:with:colon", "ada:with:colon", true)]
    [InlineData("ada:été", "ada:été", true)]
    public void Only_the_very_same_matches(string set, string given, bool expected) =>
        Assert.Equal(expected, BasicCredentials.Parse(set).Value!.Match(given));

    [Fact]
    public void It_does_not_show_itself() => Assert.DoesNotContain("ada", $"{BasicCredentials.Parse("ada:ada").Value}", StringComparison.Ordinal);
}
