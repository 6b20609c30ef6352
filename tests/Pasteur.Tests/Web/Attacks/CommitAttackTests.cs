using System.Text;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Web.Attacks;

/// <summary>Text from a form that would write its own lines into a commit or a tree. Stock git says what came of it.</summary>
public sealed class CommitAttackTests
{
    [Theory]
    [InlineData("Ada\ncommitter Eve <eve@evil.example> 0 +0000", "x")]
    [InlineData("Ada <eve@evil.example> 0 +0000\nparent 0000000000000000000000000000000000000000", "x")]
    [InlineData("<>", "x")]
    [InlineData("a\0b", "x\0y")]
    [InlineData("\u202Eeve", "\u001B]0;canary\u0007")]
    [InlineData("--output=canary", "--amend")]
    [InlineData("Ada", "x\n\ngpgsig canary\ntree 0000000000000000000000000000000000000000")]
    [InlineData("x", "\nparent 0000000000000000000000000000000000000000\n")]
    public async Task A_commit_has_one_author_and_no_line_of_an_attackers(string user, string comment)
    {
        using var folder = new TemporaryFolder();
        string raw;
        await using (var site = await TestSite.StartAsync("--data", folder["data"]))
        {
            var path = await site.PasteAsync("text", ("user", user), ("comment", comment));
            raw = await site.GetTextAsync("/raw" + path);
        }

        var repository = Directory.GetDirectories(folder["data"], "objects", SearchOption.AllDirectories).Select(path => Path.GetDirectoryName(path)!).First();
        var commit = StockGit.Run(repository, "cat-file", "commit", "main");
        var header = commit.Split("\n\n")[0].Split('\n');
        Assert.Equal("text", raw);
        Assert.Equal(["tree", "author", "committer"], header.Select(line => line.Split(' ')[0]));
        Assert.EndsWith(" <anonymous@pasteur.invalid>", header[1][..header[1].LastIndexOf('>')] + ">", StringComparison.Ordinal);
        Assert.Equal(1, header[1].Count(c => c == '<'));
        Assert.DoesNotContain(commit, c => c is '\0' or '\u001B' or '\u0007' or '\u202E');
        Assert.DoesNotContain(StockGit.Run(repository, "fsck", "--strict").Split('\n'), line => line.Contains("error", StringComparison.Ordinal));
        Assert.Equal(1, Encoding.UTF8.GetByteCount(StockGit.Run(repository, "rev-list", "--count", "main")));
    }
}
