using Pasteur.Pastes;

namespace Pasteur.Tests.Pastes;

public class ShownNamesTests
{
    [Theory]
    [InlineData("a.txt", "a.txt")]
    [InlineData("/etc/passwd", "passwd")]
    [InlineData("C:\\Users\\me\\notes.txt", "notes.txt")]
    [InlineData("../../x", "x")]
    [InlineData("a\0b\n\rc.txt", "abc.txt")]
    [InlineData("evil\u202Etxt.exe", "eviltxt.exe")]
    [InlineData("\u2066a\u2069\u200B\uFEFF", "a")]
    [InlineData("  spaced.txt  ", "spaced.txt")]
    [InlineData("<img src=x onerror=alert(1)>.txt", "<img src=x onerror=alert(1)>.txt")]
    [InlineData("naïve résumé.txt", "naïve résumé.txt")]
    [InlineData("\U0001F468\u200D\U0001F469.txt", "\U0001F468\u200D\U0001F469.txt")]
    public void Names_are_the_last_segment_without_what_steers_text(string given, string shown) => Assert.Equal(shown, ShownNames.Clean(given));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/..")]
    [InlineData("dir/")]
    [InlineData("\u202E\u0007")]
    public void Nothing_left_is_no_name(string? given) => Assert.Null(ShownNames.Clean(given));

    [Fact]
    public void Half_a_surrogate_pair_becomes_a_replacement_character() => Assert.Equal("a\uFFFDb", ShownNames.Clean("a\uD800b"));

    [Fact]
    public void Long_names_are_cut() => Assert.InRange(ShownNames.Clean(new string('x', 5000))!.Length, 1, 130);

    [Theory]
    [InlineData(null, "paste.txt")]
    [InlineData("ocaml", "paste.ml")]
    [InlineData("rs", "paste.rs")]
    [InlineData("nonsense", "paste.txt")]
    public void Text_without_a_name_is_named_by_its_language(string? language, string name) =>
        Assert.Equal([name], ShownNames.For(Paste(language, [null])));

    [Fact]
    public void No_two_files_share_a_name() =>
        Assert.Equal(["a.txt", "a-2.txt", "paste.txt", "paste-2.txt", "a-3.txt", "A.txt"], ShownNames.For(Paste(null, ["a.txt", "x/a.txt", null, "-", "a.txt", "A.txt"])));

    private static NewPaste Paste(string? language, string?[] names) =>
        new() { Language = language, Files = [.. names.Select(name => new NewFile(name, new byte[] { 1 }))] };
}
