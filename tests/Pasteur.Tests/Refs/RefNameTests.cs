using CsCheck;
using Pasteur.Git.Refs;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Refs;

public sealed class RefNameTests
{
    private static readonly string[] Parts = ["a", "main", ".", "..", "/", "@", "{", "@{", ".lock", "lock", "-", "~", "^", ":", "?", "*", "[", "]", "\\", " ", "\u007f", "\u0001", "é", "\t"];

    [Theory]
    [InlineData("refs/heads/main", true)]
    [InlineData("refs/heads/feature/a-b_c.d", true)]
    [InlineData("refs/heads/é", true)]
    [InlineData("refs/heads/@", true)]
    [InlineData("refs/heads/a{b", true)]
    [InlineData("refs/heads/.hidden", false)]
    [InlineData("refs/heads/a..b", false)]
    [InlineData("refs/heads/a.lock", false)]
    [InlineData("refs/heads/a.lock/b", false)]
    [InlineData("refs/heads/a.", false)]
    [InlineData("refs/heads/a@{b", false)]
    [InlineData("refs/heads//a", false)]
    [InlineData("refs/heads/", false)]
    [InlineData("refs/heads/a b", false)]
    [InlineData("refs/heads/a\u0001", false)]
    [InlineData("refs/heads/a\u007f", false)]
    [InlineData("refs/heads/a\\b", false)]
    [InlineData("heads/main", false)]
    [InlineData("", false)]
    public void Names_are_judged(string name, bool valid) => Assert.Equal(valid, RefName.IsValid(name));

    [Fact]
    public void Names_are_judged_as_check_ref_format_judges_them()
    {
        using var folder = new TemporaryFolder();
        Gen.Int[0, Parts.Length - 1].Select(n => Parts[n]).Array[1, 5].Select(parts => "refs/heads/" + string.Concat(parts)).Sample(name =>
            Assert.Equal(StockGit.Try(folder.Path, default, "check-ref-format", name).ExitCode == 0, RefName.IsValid(name)), iter: 150, threads: 1);
    }
}
