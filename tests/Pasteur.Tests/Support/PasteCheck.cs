using System.Globalization;
using System.Text;
using Pasteur.Git;

namespace Pasteur.Tests.Support;

/// <summary>What must hold of a folder at any time.</summary>
internal static class PasteCheck
{
    /// <summary>Stock git finds nothing to complain about. A journal's objects are none of its business yet.</summary>
    public static void IsClean(string folder)
    {
        var result = StockGit.Try(folder, default, "fsck", "--strict", "--no-dangling", "--no-progress");
        Assert.True(result.ExitCode == 0 && result.Text.Length == 0, $"git fsck of {folder}: {result.ExitCode} {result.Errors}{result.Text}");
    }

    /// <summary>Every one of these pastes is on the branch, byte for byte.</summary>
    public static void Holds(Snapshot snapshot, IEnumerable<int> numbers, string branch = "main")
    {
        Assert.True(snapshot.TryGetRef("refs/heads/" + branch, out var tip), $"{branch} is not there");
        foreach (var n in numbers)
        {
            var entry = snapshot.Find(tip, $"{PasteCommit.FolderOf(PasteCommit.Id(n))}/paste.txt");
            Assert.True(entry is not null, $"paste {n} is lost");
            Assert.Equal(PasteCommit.Text(n), Encoding.UTF8.GetString(snapshot.ReadBlob(entry.Value.Id)));
        }
    }

    /// <summary>The same, as stock git sees it.</summary>
    public static void HoldsForGit(string folder, IEnumerable<int> numbers, string branch = "main")
    {
        var wanted = numbers.ToList();
        var input = string.Concat(wanted.Select(n => $"{branch}:{PasteCommit.FolderOf(PasteCommit.Id(n))}/paste.txt\n"));
        var output = StockGit.RunWithInput(folder, Encoding.ASCII.GetBytes(input), "cat-file", "--batch").AsSpan();
        foreach (var n in wanted)
        {
            var line = Encoding.UTF8.GetString(output[..output.IndexOf((byte)'\n')]);
            Assert.False(line.EndsWith("missing", StringComparison.Ordinal), $"paste {n} is lost: {line}");
            var size = int.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture);
            Assert.Equal(PasteCommit.Text(n), Encoding.UTF8.GetString(output.Slice(line.Length + 1, size)));
            output = output[(line.Length + 1 + size + 1)..];
        }
    }

    /// <summary>Opens the folder, finds the pastes, closes it, and leaves nothing but what stock git knows.</summary>
    public static async Task RecoversAsync(string folder, IReadOnlyCollection<int> acknowledged)
    {
        IsClean(folder);
        await using (var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = folder }, CancellationToken.None))
            if (acknowledged.Count > 0) Holds(repository.Current, acknowledged);
        IsClean(folder);
        if (acknowledged.Count > 0) HoldsForGit(folder, acknowledged);
        Assert.Empty(Directory.GetFiles(Path.Combine(folder, "pasteur", "journals"), "journal-*"));
        Assert.Empty(Directory.GetFiles(Path.Combine(folder, "objects", "pack"), "*.keep"));
        Assert.Empty(Directory.GetFiles(Path.Combine(folder, "refs"), "*.lock", SearchOption.AllDirectories));
    }
}
