using System.Text;
using CsCheck;
using Pasteur.Git.Commits;
using Pasteur.Git.Objects;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Commits;

public sealed class TreeContentTests
{
    private static readonly ObjectId[] Ids = [.. Enumerable.Range(1, 5).Select(n => new ObjectId(Enumerable.Repeat((byte)n, ObjectId.Size).ToArray()))];

    private static readonly TreeMode[] Modes = [TreeMode.File, TreeMode.Folder, TreeMode.ExecutableFile, 0];

    // Names that order differently as files and as folders: "a" before "a.b" as a file, behind it as a folder.
    private static readonly string[] Names = ["a", "a.b", "a-b", "a0", "ab", "b", "a!", "\u00e9", "Z", "z~"];

    private static readonly Gen<string> Name = Gen.Int[0, Names.Length - 1].Select(n => Names[n]);

    private static readonly Gen<(string Name, TreeMode Mode, int Id)[]> Edits =
        Gen.Select(Name, Gen.Int[0, 3].Select(n => Modes[n]), Gen.Int[0, 4]).Array[1, 40];

    [Fact]
    public void Any_edits_leave_what_a_dictionary_would_in_the_order_of_git() => Edits.Sample(edits =>
    {
        var (content, model) = Apply(edits);
        var expected = model.OrderBy(pair => Encoding.UTF8.GetBytes(pair.Key + (pair.Value.Mode == TreeMode.Folder ? "/" : "")), Comparer<byte[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right)));
        var read = new List<(string, TreeMode, ObjectId)>();
        var reader = new TreeReader(content, default);
        while (reader.MoveNext()) read.Add((Encoding.UTF8.GetString(reader.Name), reader.Mode, reader.Id));
        Assert.Equal(expected.Select(pair => (pair.Key, pair.Value.Mode, pair.Value.Id)), read);
        foreach (var (name, (mode, id)) in model)
        {
            Assert.True(TreeContent.TryFind(content, Encoding.UTF8.GetBytes(name), out var foundId, out var foundMode));
            Assert.Equal((mode, id), (foundMode, foundId));
        }
    });

    [Fact]
    public void Stock_git_makes_the_same_tree()
    {
        using var stock = new StockRepository();
        Edits.Sample(edits =>
        {
            var (content, model) = Apply(edits);
            var text = string.Concat(model.Select(pair => $"{Convert.ToString((int)pair.Value.Mode, 8).PadLeft(6, '0')} {(pair.Value.Mode == TreeMode.Folder ? "tree" : "blob")} {pair.Value.Id}\t{pair.Key}\0"));
            var made = Encoding.ASCII.GetString(stock.GitBytes(Encoding.UTF8.GetBytes(text), "mktree", "--missing", "-z")).Trim();
            Assert.Equal(made, ObjectHasher.Hash(ObjectKind.Tree, content).ToString());
        }, iter: 30, threads: 1);
    }

    private static (byte[] Content, Dictionary<string, (TreeMode Mode, ObjectId Id)> Model) Apply((string Name, TreeMode Mode, int Id)[] edits)
    {
        byte[] content = [];
        var model = new Dictionary<string, (TreeMode Mode, ObjectId Id)>();
        foreach (var (name, mode, id) in edits)
        {
            if (mode == 0)
            {
                content = TreeContent.Remove(content, Encoding.UTF8.GetBytes(name));
                model.Remove(name);
            }
            else
            {
                content = TreeContent.Put(content, Encoding.UTF8.GetBytes(name), mode, Ids[id]);
                model[name] = (mode, Ids[id]);
            }
        }
        return (content, model);
    }
}
