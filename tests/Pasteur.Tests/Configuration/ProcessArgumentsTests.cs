using System.Text;
using Pasteur.Configuration;

namespace Pasteur.Tests.Configuration;

public sealed class ProcessArgumentsTests
{
    [Fact]
    public void Place_of_the_arguments_is_found_behind_a_name_with_spaces_and_brackets()
    {
        var fields = string.Join(' ', Enumerable.Range(4, 49).Select(n => $"{n * 10}"));

        Assert.Equal((480, 490), ProcessArguments.Find($"1 (a) b (c) S {fields}\n"));
    }

    [Theory]
    [InlineData("--auth ada:tok -r https://ada:tok123@host/r", "ada:tok|ada:tok123", "--auth ******* -r https://**********@host/r")]
    [InlineData("-r https://abc:xyz@host --remote-token=xyz@home", "abc:xyz|xyz@home", "-r https://*******@host --remote-token=********")]
    [InlineData("--auth=aaa:aaaa", "aaa:aaaa|aa", "--auth=********")]
    public void Secrets_that_share_characters_are_all_hidden(string arguments, string secrets, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(ProcessArguments.Hidden(Encoding.UTF8.GetBytes(arguments), secrets.Split('|'))));

    [Fact]
    public void Short_line_is_a_fault_of_format() => Assert.Throws<FormatException>(() => ProcessArguments.Find("1 (a) S 1 2 3"));
}
