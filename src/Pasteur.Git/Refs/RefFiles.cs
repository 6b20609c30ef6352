using System.Text;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Refs;

/// <summary>
/// The refs of a folder as stock git keeps them: a file each under <c>refs/</c>, the rest in <c>packed-refs</c>. A ref file holds
/// <c>HEX LF</c> or <c>ref: NAME LF</c> (git help repository-layout).
/// </summary>
internal sealed class RefFiles(string repository)
{
    private const int MaxSymbolicDepth = 5;
    private const string LockSuffix = ".lock";

    private static readonly string[] Listed = ["refs/heads", "refs/remotes", "refs/pasteur", "refs/tags"];

    private string PackedPath => Path.Combine(repository, "packed-refs");

    /// <summary>What a ref points at, symbolic ones followed; null when it is not there.</summary>
    public ObjectId? Read(string name)
    {
        var asked = name;
        for (var depth = 0; depth < MaxSymbolicDepth; depth++)
        {
            if (ReadFile(name) is not { } text) return PackedRefs.Read(PackedPath).TryGetValue(name, out var packed) ? packed : null;
            if (!text.StartsWith("ref: ", StringComparison.Ordinal)) return ParseId(name, text);
            name = text["ref: ".Length..].Trim();
            if (!RefName.IsValid(name)) throw Damaged(asked, $"it leads to \"{name}\", which is no name of a ref");
        }
        throw Damaged(asked, $"it leads from ref to ref over more than {MaxSymbolicDepth} steps");
    }

    /// <summary>Branches, remotes' branches, tags and our own refs, or of these what begins with <paramref name="prefix"/>.</summary>
    /// <param name="onDamaged">Takes the name of a ref whose file is garbage, and what is wrong; the others are listed. Without it, that is thrown.</param>
    public IReadOnlyDictionary<string, ObjectId> List(string prefix = "", Action<string, GitDataException>? onDamaged = null)
    {
        var refs = new Dictionary<string, ObjectId>(StringComparer.Ordinal);
        var damaged = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in Listed.Where(root => $"{root}/".StartsWith(prefix, StringComparison.Ordinal)).SelectMany(FileNames))
        {
            try
            {
                if (RefName.IsValid(name) && Read(name) is { } id) refs[name] = id;
            }
            catch (GitDataException e) when (onDamaged is not null)
            {
                damaged.Add(name);
                onDamaged(name, e);
            }
        }
        // After the files: `git pack-refs` writes a ref here before it removes its file. What is here for a damaged one is older than that was.
        foreach (var (name, id) in PackedRefs.Read(PackedPath))
            if (name.StartsWith(prefix, StringComparison.Ordinal) && !damaged.Contains(name)) refs.TryAdd(name, id);
        return refs;
    }

    /// <summary>Every ref, of whatever kind, and each HEAD that names a commit itself: the repository's, and those of work trees.</summary>
    /// <exception cref="GitDataException">One of them is garbage.</exception>
    public IReadOnlyDictionary<string, ObjectId> ListAll()
    {
        var refs = new Dictionary<string, ObjectId>(PackedRefs.Read(PackedPath), StringComparer.Ordinal);
        foreach (var name in FileNames("refs"))
            if (RefName.IsValid(name) && Read(name) is { } id) refs[name] = id;
        foreach (var name in FileNames("worktrees").Where(name => Path.GetFileName(name) == "HEAD").Prepend("HEAD"))
            if (ReadFile(name) is { } head && ObjectId.TryParse(head.AsSpan().TrimEnd(), out var detached)) refs[name] = detached;
        return refs;
    }

    /// <summary>
    /// Moves a ref if it is what it is expected to be; zero stands for a ref that is not there, on either side. The lock file appears in one
    /// step with its content, the new id: after a kill it can be told from another program's (<see cref="RemoveOwnLock"/>).
    /// </summary>
    public RefUpdateOutcome Update(string name, ObjectId expected, ObjectId id)
    {
        if (!RefName.IsValid(name)) throw new ArgumentException($"\"{name}\" is not a ref name.", nameof(name));
        var path = Path.Combine(repository, name);
        CreateFolder(Path.GetDirectoryName(path)!);
        var lockPath = path + LockSuffix;
        if (!TryLock(lockPath, id)) return new RefUpdateOutcome.Locked();
        var renamed = false;
        try
        {
            var current = Read(name) ?? default;
            if (current != expected) return new RefUpdateOutcome.Changed(current);
            if (id.IsZero) return Delete(name, path);
            File.Move(lockPath, path, overwrite: true);
            renamed = true;
            Durability.SyncFolder(Path.GetDirectoryName(path)!);
            return new RefUpdateOutcome.Updated();
        }
        finally
        {
            if (!renamed) File.Delete(lockPath);
        }
    }

    /// <summary>Moves a ref of ours alone, whatever stands there. False: somebody holds its lock.</summary>
    public bool Set(string name, ObjectId id)
    {
        var path = Path.Combine(repository, name);
        CreateFolder(Path.GetDirectoryName(path)!);
        if (!TryLock(path + LockSuffix, id)) return false;
        File.Move(path + LockSuffix, path, overwrite: true);
        Durability.SyncFolder(Path.GetDirectoryName(path)!);
        return true;
    }

    // With the ref's lock held. Out of packed-refs first: the file on its own going would bring the packed value back.
    private RefUpdateOutcome Delete(string name, string path)
    {
        if (!PackedRefs.TryRemove(PackedPath, name)) return new RefUpdateOutcome.Locked();
        if (!File.Exists(path)) return new RefUpdateOutcome.Updated();
        File.Delete(path);
        Durability.SyncFolder(Path.GetDirectoryName(path)!);
        return new RefUpdateOutcome.Updated();
    }

    /// <summary>Removes the lock file that a run has left which was killed while it moved a ref to <paramref name="id"/>. True when there was one.</summary>
    public bool RemoveOwnLock(string name, ObjectId id)
    {
        var path = Path.Combine(repository, name + LockSuffix);
        if (!File.Exists(path) || File.ReadAllText(path) != FileText(id)) return false;
        File.Delete(path);
        return true;
    }

    private bool TryLock(string lockPath, ObjectId id)
    {
        var prepared = Path.Combine(repository, "pasteur", $"ref-{Environment.CurrentManagedThreadId}.tmp");
        CreateFolder(Path.GetDirectoryName(prepared)!);
        // A killed run may have left one that shares its inode with a lock: it is not written to.
        File.Delete(prepared);
        using (var file = new FileStream(prepared, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            file.Write(Encoding.ASCII.GetBytes(FileText(id)));
            file.Flush();
            Durability.SyncFile(file.SafeFileHandle, prepared);
        }
        try
        {
            Durability.Link(prepared, lockPath);
            return true;
        }
        catch (IOException e) when (e.HResult == Durability.AlreadyExists)
        {
            return false;
        }
        finally
        {
            File.Delete(prepared);
        }
    }

    private static string FileText(ObjectId id) => $"{id}\n";

    private IEnumerable<string> FileNames(string root)
    {
        var folder = Path.Combine(repository, root);
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(repository, file)) : [];
    }

    // Each new level must be durable in the one above it.
    // Never the repository itself: where its disk was unmounted a moment ago, nothing is made anew.
    private void CreateFolder(string folder)
    {
        if (Directory.Exists(folder)) return;
        if (folder.Length <= repository.Length) throw new DirectoryNotFoundException(RepositoryFolder.Gone(repository));
        var parent = Path.GetDirectoryName(folder)!;
        CreateFolder(parent);
        Directory.CreateDirectory(folder);
        Durability.SyncFolder(parent);
    }

    private string? ReadFile(string name)
    {
        try
        {
            return File.ReadAllText(Path.Combine(repository, name));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException || (e is UnauthorizedAccessException && Directory.Exists(Path.Combine(repository, name))))
        {
            return null;
        }
    }

    private static ObjectId ParseId(string name, string text) =>
        ObjectId.TryParse(text.AsSpan().TrimEnd(), out var id) ? id : throw Damaged(name, "its file holds neither an object id nor \"ref: name\"");

    private static GitDataException Damaged(string name, string problem) =>
        new(name, problem, "Write the right id into it with `git update-ref`; the newest commits are found with `git fsck --lost-found`.");
}
