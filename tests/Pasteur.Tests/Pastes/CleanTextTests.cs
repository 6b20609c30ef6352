using Pasteur.Pastes;

namespace Pasteur.Tests.Pastes;

public class CleanTextTests
{
    [Theory]
    [InlineData("Ada", "Ada")]
    [InlineData("  Ada\tLovelace\r\n", "Ada Lovelace")]
    [InlineData("a\u001B[31mb", "a[31mb")]
    [InlineData("a\u202Eb\u2066c", "abc")]
    [InlineData("é 日本 \U0001F600", "é 日本 \U0001F600")]
    public void A_line_keeps_what_is_text(string given, string clean) => Assert.Equal(clean, CleanText.Line(given));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t\n")]
    [InlineData("\u0000\u202E")]
    public void Nothing_left_is_nothing(string? given) => Assert.Null(CleanText.Line(given));

    [Fact]
    public void Lines_stay_lines() => Assert.Equal("one\ntwo", CleanText.Lines("one\r\ntwo\u0000\n"));
}
