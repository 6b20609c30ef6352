using System.Globalization;
using System.Text;
using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Objects;

public sealed class CommitReaderTests
{
    private const string Id1 = "1111111111111111111111111111111111111111";
    private const string Id2 = "2222222222222222222222222222222222222222";

    [Fact]
    public void Commits_of_stock_git_read_as_log_shows_them()
    {
        using var repository = new StockRepository();
        repository.FillWithHistory(5);
        repository.Git("update-ref", "refs/heads/merge", repository.Git("commit-tree", "main^{tree}", "-p", "main", "-p", "main~2", "-m", "Überschrift", "-m", "Körper"));
        const string Format = "%T|%P|%an|%ae|%at|%cn|%ce|%ct|%B";
        foreach (var (id, content) in repository.ReadAllObjects().Where(pair => pair.Value.Kind == ObjectKind.Commit))
        {
            var commit = CommitReader.Read(content.Bytes.Span, id);
            var (author, committer) = (commit.Author, commit.Committer);
            var line = string.Create(CultureInfo.InvariantCulture, $"{commit.Tree}|{string.Join(' ', commit.Parents)}|{author.Name}|{author.Email}|{author.When.ToUnixTimeSeconds()}|{committer.Name}|{committer.Email}|{committer.When.ToUnixTimeSeconds()}|{commit.Message}");
            Assert.Equal(repository.Git("log", "-1", $"--format={Format}", id.ToString()).TrimEnd('\n'), line.TrimEnd('\n'));
            var parents = new List<ObjectId>();
            Assert.Equal(commit.Tree, CommitReader.ReadLinks(content.Bytes.Span, id, parents));
            Assert.Equal(commit.Parents, parents);
        }
    }

    [Fact]
    public void Signatures_of_commits_and_unknown_headers_are_kept()
    {
        var text = $"tree {Id1}\nparent {Id2}\nauthor A <a@b> 1 +0130\ncommitter C <c@d> 2 -0800\ngpgsig -----BEGIN\n line\n \n -----END\nencoding ISO-8859-1\nx-own\n\nthe message\n\nbody";
        var commit = CommitReader.Read(Encoding.UTF8.GetBytes(text), ObjectId.Zero);
        Assert.Equal("ISO-8859-1", commit.Encoding);
        Assert.Equal([new CommitHeader("gpgsig", "-----BEGIN\nline\n\n-----END"), new CommitHeader("x-own", "")], commit.ExtraHeaders);
        Assert.Equal("the message\n\nbody", commit.Message);
        Assert.Equal(new Signature("A", "a@b", new DateTimeOffset(1970, 1, 1, 1, 30, 1, TimeSpan.FromMinutes(90))), commit.Author);
        Assert.Equal(TimeSpan.FromHours(-8), commit.Committer.When.Offset);
    }

    [Theory]
    [InlineData("A <a@b> 99999999999999999999 +0000")]
    [InlineData("A <a@b> 9223372036854775807 +0000")]
    [InlineData("A <a@b> -9223372036854775808 -1400")]
    [InlineData("A <a@b> 253402300799 +1400")]
    [InlineData("A <a@b> 1 +9999")]
    [InlineData("A <a@b> 1 +-123")]
    [InlineData("A <a@b>")]
    [InlineData("A a@b 1 +0000")]
    [InlineData("A >a@b< 1 +0000")]
    [InlineData("")]
    public void Odd_authors_of_other_tools_do_not_refuse_a_commit(string author)
    {
        var commit = CommitReader.Read(Encoding.UTF8.GetBytes($"tree {Id1}\nauthor {author}\ncommitter A <a@b> 1 +0000\n\n"), ObjectId.Zero);
        Assert.Equal("", commit.Message);
        Assert.InRange(commit.Author.When.Year, 1, 9999);
    }

    [Theory]
    [InlineData("")]
    [InlineData("tree 123\n")]
    [InlineData("tree " + Id1)]
    [InlineData("tree " + Id1 + " \n")]
    [InlineData("parent " + Id1 + "\n")]
    [InlineData("tree " + Id1 + "\n")]
    [InlineData("tree " + Id1 + "\nparent 1\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\n")]
    [InlineData("tree " + Id1 + "\ncommitter A <a@b> 1 +0000\n\n")]
    [InlineData("tree " + Id1 + "\nauthor A <a@b> 1 +0000\n\n")]
    [InlineData("tree " + Id1 + "\nauthor A <a@b> 1 +0000\ncommitter")]
    public void What_is_no_commit_is_refused_naming_it(string content)
    {
        var fault = Assert.Throws<GitDataException>(() => CommitReader.Read(Encoding.UTF8.GetBytes(content), ObjectId.Parse(Id2)));
        Assert.StartsWith($"Commit {Id2}: ", fault.Message, StringComparison.Ordinal);
    }
}
