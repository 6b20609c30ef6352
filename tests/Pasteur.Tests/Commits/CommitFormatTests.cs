using System.Text;
using CsCheck;
using Pasteur.Git;
using Pasteur.Git.Commits;
using Pasteur.Git.Objects;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Commits;

public sealed class CommitFormatTests
{
    private static readonly ObjectId Tree = ObjectId.EmptyTree;
    private static readonly DateTimeOffset When = new(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(2));

    [Fact]
    public void Golden_commit()
    {
        var parent = ObjectId.Parse(new string('1', 40));
        Assert.Equal(
            $"tree {Tree}\nparent {parent}\nauthor Ada <a@example.org> 1772359200 +0200\ncommitter Ada <a@example.org> 1772359200 +0200\n\nHello\nworld\n",
            Encoding.UTF8.GetString(CommitFormat.Write(Tree, parent, new Signature("Ada", "a@example.org", When), "Hello\r\nworld\n\n")));
    }

    public static TheoryData<string> Hostile =>
    [
        "", " ", ".", "...", "<", ">", "<>", "<a@b>", "\n", "a\nauthor b <c> 1 +0000", "\0", "a\0b", "\r\n\r\n", "\ud83d", "\udc00", "a\ud83d b", "\ud83d\ude00",
        "\u0085", "\u2028", "\u001b[31mred", "\u007f", "\"'\\", ",;:", "x > 1 +0000\ncommitter y", "\u202eevil", "\ufffe\uffff", new string('<', 5000), new string('\ud83d', 300),
        new string('x', 255) + "\ud83d\ude00", new string('m', 65_535) + "\ud83d\ude00", "tree " + new string('0', 40), new string('y', 10_000_000),
    ];

    [Fact]
    public void Stock_fsck_accepts_whatever_is_typed_as_name_address_or_message()
    {
        using var stock = new StockRepository();
        stock.Store(ObjectKind.Tree, default);
        foreach (var text in Hostile.Select(row => row.Data))
        {
            Check(stock, CommitFormat.Write(Tree, null, new Signature(text, "a@b", When), "m"));
            Check(stock, CommitFormat.Write(Tree, null, new Signature("n", text, When), "m"));
            Check(stock, CommitFormat.Write(Tree, null, new Signature("n", "a@b", When), text));
        }
        PasteCheck.IsClean(stock.Path);
    }

    public static TheoryData<string> Times =>
        ["0001-01-01T00:00:00Z", "0001-01-02T00:00:00+14:00", "1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z", "2026-01-01T00:00:00-09:30", "2026-01-01T00:00:00-00:30", "2026-01-01T00:00:00+14:00", "2038-01-19T03:14:08Z", "9999-12-31T23:59:59Z"];

    [Fact]
    public void Stock_fsck_accepts_any_time_that_a_clock_can_show()
    {
        using var stock = new StockRepository();
        stock.Store(ObjectKind.Tree, default);
        foreach (var time in Times.Select(row => DateTimeOffset.Parse(row.Data, System.Globalization.CultureInfo.InvariantCulture)))
            Check(stock, CommitFormat.Write(Tree, null, new Signature("n", "a@b", time), "m"));
        PasteCheck.IsClean(stock.Path);
    }

    [Fact]
    public void What_is_written_is_read_back_and_bounded() =>
        Gen.Select(Gen.String, Gen.String, Gen.String).Sample((name, email, message) =>
        {
            var bytes = CommitFormat.Write(Tree, null, new Signature(name, email, When), message);
            var commit = CommitReader.Read(bytes, default);
            Assert.Equal(Tree, commit.Tree);
            Assert.Equal(When, commit.Author.When);
            Assert.Equal(commit.Author, commit.Committer);
            Assert.InRange(commit.Author.Name.Length, 1, 256);
            Assert.Equal(bytes, CommitFormat.Write(Tree, null, commit.Author, commit.Message));
        });

    [Fact]
    public void A_commit_made_again_keeps_all_but_tree_parents_and_signature()
    {
        var old = new string('1', 40);
        var commit = Encoding.Latin1.GetBytes(
            $"tree {old}\nparent {old}\nparent {old}\nauthor A <a> 1 +0100\ncommitter B <b> 2 -0100\nencoding ISO-8859-1\ngpgsig -----BEGIN\n line\n \n -----END\nmergetag object {old}\n type commit\n\nM\u00e4h\n\ntree x\ngpgsig y\n");
        var (tree, parent) = (ObjectId.Parse(new string('2', 40)), ObjectId.Parse(new string('3', 40)));
        Assert.Equal(
            $"tree {tree}\nparent {parent}\nauthor A <a> 1 +0100\ncommitter B <b> 2 -0100\nencoding ISO-8859-1\n\nM\u00e4h\n\ntree x\ngpgsig y\n",
            Encoding.Latin1.GetString(CommitFormat.Rewrite(commit, tree, parent)));
    }

    // hash-object without --literally checks as fsck does.
    private static void Check(StockRepository stock, byte[] commit)
    {
        var result = StockGit.Try(stock.Path, commit, "hash-object", "-w", "-t", "commit", "--stdin");
        Assert.True(result.ExitCode == 0, result.Errors + Encoding.UTF8.GetString(commit.AsSpan(0, Math.Min(400, commit.Length))));
    }
}
