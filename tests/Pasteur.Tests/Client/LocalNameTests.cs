using System.Text;
using CsCheck;
using Pasteur.Client;

namespace Pasteur.Tests.Client;

public sealed class LocalNameTests
{
    [Theory]
    [InlineData("a.txt", "a.txt")]
    [InlineData("é ☃ 𝕏.txt", "é ☃ 𝕏.txt")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("/etc/passwd", "passwd")]
    [InlineData("..\\..\\boot.ini", "boot.ini")]
    [InlineData("", "paste")]
    [InlineData(".", "paste")]
    [InlineData("..", "paste")]
    [InlineData("a/..", "paste")]
    [InlineData("a/", "paste")]
    [InlineData(" ", "paste")]
    [InlineData(".bashrc", "_.bashrc")]
    [InlineData("-rf", "_-rf")]
    [InlineData("~", "_~")]
    [InlineData("\u202e.bashrc", "_.bashrc")]
    [InlineData("a\u001b[2J\nb\0c", "a[2Jbc")]
    [InlineData("\u200b..", "paste")]
    public void Name_becomes_one_for_a_file_of_this_folder(string given, string expected) => Assert.Equal([expected], LocalName.Of([given]));

    [Fact]
    public void No_two_are_alike_on_any_disk() =>
        Assert.Equal(["a.txt", "A-2.TXT", "a-2-2.txt", "a-3.txt", "paste", "paste-2"], LocalName.Of(["a.txt", "A.TXT", "a-2.txt", "x/a.txt", "", ".."]));

    [Fact]
    public void Forty_thousand_of_one_name_take_no_time()
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        var names = LocalName.Of([.. Enumerable.Repeat("a", 40_000)]);
        Assert.Equal(40_000, names.Distinct().Count());
        Assert.Equal("a-40000", names[^1]);
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 5);
    }

    [Fact]
    public void No_name_leads_anywhere_else() => Gen.String[0, 300].Array[1, 8].Sample(names =>
    {
        var local = LocalName.Of(names);
        Assert.All(local, name =>
        {
            Assert.Equal("/folder", Path.GetDirectoryName(Path.GetFullPath(Path.Combine("/folder", name))));
            Assert.InRange(Encoding.UTF8.GetByteCount(name), 1, 220);
            Assert.DoesNotContain(name[0], ".-~");
        });
        Assert.Equal(local.Count, local.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    });
}
