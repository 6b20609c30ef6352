using System.Globalization;
using System.Text;
using Pasteur.Git.Objects;

namespace Pasteur.Tests.Support;

/// <summary>A bare repository made and filled by stock git.</summary>
internal sealed class StockRepository : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public StockRepository(params string[] initArguments)
    {
        StockGit.Run(_folder.Path, ["init", "-q", "--bare", "-b", "main", .. initArguments, Path]);
    }

    public string Path => _folder["repo.git"];

    public string PackFolder => System.IO.Path.Combine(Path, "objects", "pack");

    public void Dispose() => _folder.Dispose();

    public string Git(params string[] arguments) => StockGit.Run(Path, arguments);

    public byte[] GitBytes(ReadOnlyMemory<byte> input, params string[] arguments) => StockGit.RunWithInput(Path, input, arguments);

    public ObjectId Store(ObjectKind kind, ReadOnlyMemory<byte> content)
    {
        var name = Encoding.ASCII.GetString(kind.Name());
        return ObjectId.Parse(Encoding.ASCII.GetString(GitBytes(content, "hash-object", "-w", "-t", name, "--literally", "--stdin")).Trim());
    }

    /// <summary>
    /// A history whose files and trees change a little from commit to commit, so that a repack makes chains of deltas; with an
    /// annotated tag, an executable, a symbolic link, an empty file and bytes that are no text.
    /// </summary>
    public ObjectId FillWithHistory(int commits, string branch = "main")
    {
        var script = new StringBuilder();
        var random = new Random(commits);
        var noise = new string([.. Enumerable.Range(0, 4000).Select(_ => (char)random.Next('a', 'z'))]);
        for (var n = 1; n <= commits; n++)
        {
            script.Append(CultureInfo.InvariantCulture, $"commit refs/heads/{branch}\nmark :{n}\ncommitter A U Thor <a@example.org> {1600000000 + n} +0000\ndata 8\nchange\n\n");
            Add(script, "100644", "big.txt", noise.Insert(random.Next(noise.Length), $"<{n}>")[..4000]);
            Add(script, "100644", $"folder/{n % 40}/file{n}.txt", $"file {n}\n");
            if (n == 1)
            {
                Add(script, "100755", "run.sh", "#!/bin/sh\n");
                Add(script, "120000", "link", "run.sh");
                Add(script, "100644", "empty", "");
                Add(script, "100644", "bytes", "\u0001\u0002\u007f");
            }
        }

        script.Append(CultureInfo.InvariantCulture, $"tag v1\nfrom :{commits}\ntagger A U Thor <a@example.org> 1600000000 +0000\ndata 4\nv 1\n");
        GitBytes(Encoding.ASCII.GetBytes(script.ToString()), "fast-import", "--quiet", "--force");
        return ObjectId.Parse(Git("rev-parse", branch));
    }

    /// <summary>Every object of the repository as stock git reads it.</summary>
    public Dictionary<ObjectId, RawObject> ReadAllObjects()
    {
        var output = GitBytes(default, "cat-file", "--batch", "--batch-all-objects", "--unordered").AsSpan();
        var objects = new Dictionary<ObjectId, RawObject>();
        while (!output.IsEmpty)
        {
            var line = Encoding.ASCII.GetString(output[..output.IndexOf((byte)'\n')]);
            var fields = line.Split(' ');
            Assert.True(ObjectKinds.TryParse(Encoding.ASCII.GetBytes(fields[1]), out var kind));
            var size = int.Parse(fields[2], CultureInfo.InvariantCulture);
            objects.Add(ObjectId.Parse(fields[0]), new RawObject(kind, output.Slice(line.Length + 1, size).ToArray()));
            output = output[(line.Length + 1 + size + 1)..];
        }

        return objects;
    }

    public string OnlyPack() => Assert.Single(Directory.GetFiles(PackFolder, "*.pack"));

    private static void Add(StringBuilder script, string mode, string path, string content) =>
        script.Append(CultureInfo.InvariantCulture, $"M {mode} inline {path}\ndata {content.Length}\n{content}\n");
}
