using System.Text;
using Pasteur.Git.Objects;

namespace Pasteur.Git;

/// <summary>
/// The commits whose parents are not here, in the repository's <c>shallow</c> file (gitformat: <c>git help repository-layout</c>): an id a
/// line. Null keeps them in memory.
/// </summary>
internal sealed class ShallowFile
{
    private readonly string? _path;
    // Never changed, only replaced: whoever reads goes on with what it has.
    private volatile HashSet<ObjectId> _commits;

    public ShallowFile(string? repository)
    {
        _path = repository is null ? null : Path.Combine(repository, "shallow");
        _commits = Read();
    }

    public IReadOnlySet<ObjectId> Commits => _commits;

    /// <summary>Durable before a ref reaches the commits: stock git takes the history for damaged otherwise.</summary>
    public void Replace(IEnumerable<ObjectId> commits)
    {
        var ids = commits.ToHashSet();
        if (ids.SetEquals(_commits)) return;
        if (_path is not null && ids.Count == 0) File.Delete(_path);
        else if (_path is not null) AtomicFile.Write(_path, Encoding.ASCII.GetBytes(string.Concat(ids.Select(id => $"{id}\n"))));
        if (_path is not null) Durability.SyncFolder(Path.GetDirectoryName(_path)!);
        _commits = ids;
    }

    private HashSet<ObjectId> Read()
    {
        var ids = new HashSet<ObjectId>();
        if (_path is null || !File.Exists(_path)) return ids;
        var number = 0;
        foreach (var line in File.ReadLines(_path))
        {
            number++;
            if (!ObjectId.TryParse(line.AsSpan().Trim(), out var id))
                throw new GitDataException(_path, $"line {number} is not an object id", "Remove that line, or fetch the whole history with `git fetch --unshallow`.");
            ids.Add(id);
        }
        return ids;
    }
}
