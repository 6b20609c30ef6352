using System.Text;
using CsCheck;
using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Objects;

public sealed class TreeReaderTests
{
    private static readonly string[] Parts = ["a", "b", "A", ".", "-", "0", "_", "é", "~", "aa"];

    [Fact]
    public void Trees_of_stock_git_read_as_ls_tree_shows_them()
    {
        using var repository = new StockRepository();
        repository.FillWithHistory(60);
        foreach (var (id, content) in repository.ReadAllObjects().Where(pair => pair.Value.Kind == ObjectKind.Tree))
        {
            var lines = new StringBuilder();
            for (var reader = new TreeReader(content.Bytes.Span, id); reader.MoveNext();)
                lines.Append(System.Globalization.CultureInfo.InvariantCulture, $"{Convert.ToString((int)reader.Mode, 8).PadLeft(6, '0')} {(reader.Mode.IsTree() ? "tree" : "blob")} {reader.Id}\t{reader.ToEntry().Name}\n");
            Assert.Equal(repository.Git("ls-tree", id.ToString()), lines.ToString().TrimEnd('\n'));
        }
    }

    [Fact]
    public void Names_sort_as_mktree_sorts_them()
    {
        using var repository = new StockRepository();
        var blob = repository.Store(ObjectKind.Blob, default);
        var tree = repository.Store(ObjectKind.Tree, default);
        var part = Gen.Int[0, Parts.Length - 1].Select(n => Parts[n]);
        Gen.Select(part.Array[1, 4], Gen.Bool, (parts, isTree) => (Name: string.Concat(parts), IsTree: isTree)).Array[1, 12]
            .Select(entries => entries.DistinctBy(entry => entry.Name).Where(entry => entry.Name is not ("." or "..")).ToArray())
            .Sample(entries =>
            {
                var input = string.Concat(entries.Select(entry => entry.IsTree ? $"040000 tree {tree}\t{entry.Name}\n" : $"100644 blob {blob}\t{entry.Name}\n"));
                var id = ObjectId.Parse(Encoding.ASCII.GetString(repository.GitBytes(Encoding.UTF8.GetBytes(input), "mktree")).Trim());
                var ours = entries.ToList();
                ours.Sort((a, b) => TreeOrder.Compare(Encoding.UTF8.GetBytes(a.Name), a.IsTree, Encoding.UTF8.GetBytes(b.Name), b.IsTree));
                var names = new List<string>();
                var content = repository.GitBytes(default, "cat-file", "tree", id.ToString());
                for (var reader = new TreeReader(content, id); reader.MoveNext();) names.Add(reader.ToEntry().Name);
                Assert.Equal(names, ours.Select(entry => entry.Name));
            }, iter: 60, threads: 1);
    }

    [Fact]
    public void An_entry_is_found_by_name_and_knows_its_bytes()
    {
        var id = ObjectId.Parse("4b825dc642cb6eb9a060e54bf8d69288fbee4904");
        byte[] content = [.. Entry("100644 a"), .. Entry("40000 b"), .. Entry("100755 c")];
        var reader = new TreeReader(content, id);
        Assert.True(reader.MoveTo("b"u8));
        Assert.Equal((TreeMode.Folder, Entry("100644 a").Length, Entry("100644 a").Length + Entry("40000 b").Length), (reader.Mode, reader.Start, reader.End));
        reader = new TreeReader(content, id);
        Assert.False(reader.MoveTo("d"u8));
    }

    // These are read by a way of their own.
    [Fact]
    public void Folders_of_one_letter_are_read_as_all_others_are()
    {
        byte[] content = [.. Entry("40000 a"), .. Entry("40000 ab"), .. Entry("040000 b"), .. Entry("100644 c"), .. Entry("40755 d"), .. Entry("40000 ~")];
        var found = new List<string>();
        for (var reader = new TreeReader(content, ObjectId.Zero); reader.MoveNext();)
            found.Add($"{Convert.ToString((int)reader.Mode, 8)} {Encoding.UTF8.GetString(reader.Name)} {reader.Start}-{reader.End} {content.AsSpan()[..reader.End].EndsWith(Id)} {reader.Id.ToString()[..4]}");
        Assert.Equal(["40000 a 0-28 True abab", "40000 ab 28-57 True abab", "40000 b 57-86 True abab", "100644 c 86-115 True abab", "40755 d 115-143 True abab", "40000 ~ 143-171 True abab"], found);
        for (var length = 1; length < 28; length++)
        {
            var part = content[..length];
            Assert.Throws<GitDataException>(() => new TreeReader(part, ObjectId.Zero).MoveNext());
        }
    }

    [Theory]
    [InlineData(" a\0", "mode")] // no mode
    [InlineData("100644a\0", "mode")] // no space
    [InlineData("100648 a\0", "mode")] // a digit that is not octal
    [InlineData("10064444 a\0", "too many digits")]
    [InlineData("100644", "mode")] // ends in the mode
    [InlineData("100644 abc", "ends in a name")]
    [InlineData("100644 \0", "empty name")]
    [InlineData("100644 a/b\0", "slash")]
    [InlineData("40000 /\0", "slash")]
    [InlineData("40000 \0", "empty name")]
    [InlineData("100644 a\0 123", "ends in an id")]
    public void What_is_no_tree_is_refused_naming_it(string content, string expected)
    {
        var id = ObjectId.Parse("4b825dc642cb6eb9a060e54bf8d69288fbee4904");
        var bytes = expected == "ends in an id" ? Encoding.Latin1.GetBytes(content) : [.. Encoding.Latin1.GetBytes(content), .. content.EndsWith('\0') ? new byte[20] : []];
        var fault = Assert.Throws<GitDataException>(() => { for (var reader = new TreeReader(bytes, id); reader.MoveNext();) { } });
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.Contains(id.ToString(), fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_truncation_of_a_tree_is_refused_and_garbage_never_goes_out_of_bounds()
    {
        byte[] content = [.. Entry("100644 a"), .. Entry("40000 bcd")];
        for (var length = 1; length < content.Length; length++)
        {
            if (length == Entry("100644 a").Length) continue;
            var part = content[..length];
            Assert.Throws<GitDataException>(() => { for (var reader = new TreeReader(part, ObjectId.Zero); reader.MoveNext();) { } });
        }

        Gen.Byte.Array[0, 60].Sample(bytes =>
        {
            try
            {
                for (var reader = new TreeReader(bytes, ObjectId.Zero); reader.MoveNext();) Assert.NotEqual(0, reader.Name.Length);
            }
            catch (GitDataException fault)
            {
                Assert.Equal($"Tree {ObjectId.Zero}", fault.Place);
            }
        });
    }

    private static byte[] Id => [.. Enumerable.Repeat((byte)0xab, ObjectId.Size)];

    private static byte[] Entry(string text) => [.. Encoding.UTF8.GetBytes(text), 0, .. Id];
}
