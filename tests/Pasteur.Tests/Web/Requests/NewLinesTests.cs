using System.Text;
using CsCheck;
using Pasteur.Web.Requests;

namespace Pasteur.Tests.Web.Requests;

public class NewLinesTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a", "a")]
    [InlineData("a\nb", "a\nb")]
    [InlineData("a\r\nb", "a\nb")]
    [InlineData("\r\n", "\n")]
    [InlineData("\r\n\r\n", "\n\n")]
    [InlineData("a\rb", "a\rb")]
    [InlineData("a\r\r\nb", "a\r\nb")]
    [InlineData("a\r", "a\r")]
    [InlineData("one\r\ntwo\r\nthree", "one\ntwo\nthree")]
    public void Carriage_returns_before_line_feeds_go(string given, string unix) => Assert.Equal(unix, ToUnix(given));

    [Fact]
    public void It_is_what_string_replacement_does() =>
        Gen.Char["\r\nab"].Array[0, 40].Sample(chars => ToUnix(new string(chars)) == new string(chars).Replace("\r\n", "\n", StringComparison.Ordinal));

    private static string ToUnix(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Encoding.UTF8.GetString(bytes.AsSpan(0, NewLines.ToUnix(bytes)));
    }
}
