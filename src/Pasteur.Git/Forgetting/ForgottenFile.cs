using System.Text;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Forgetting;

/// <summary>
/// <c>pasteur/forgotten</c>: what no branch names any more and is to go from the packs. The writer adds to it before the batch that takes a
/// branch away is durable, so that after a kill at any moment it is still known what has to go. An object that something else names
/// stays; being in the list harms none.
/// <code>
/// tip HEX LF                       a branch's last commit: it and all that it reaches
/// commit|tree|blob|tag HEX LF      one that was found behind a tip, or that a rewritten history has left behind
/// </code>
/// </summary>
internal sealed class ForgottenFile(string? repository)
{
    private const string TipWord = "tip";
    private static readonly ObjectKind[] Kinds = [ObjectKind.Commit, ObjectKind.Tree, ObjectKind.Blob, ObjectKind.Tag];

    private readonly Lock _turn = new();
    private readonly HashSet<ObjectId> _tips = [];
    private readonly Dictionary<ObjectId, ObjectKind> _objects = [];
    private readonly HashSet<ObjectId> _held = [];
    private bool _isRead;

    private string? FilePath => repository is null ? null : Path.Combine(repository, "pasteur", "forgotten");

    /// <summary>Whether nothing is to go.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_turn)
            {
                Read();
                return _tips.Count == 0 && _objects.Count == 0;
            }
        }
    }

    /// <summary>
    /// Adds tips of branches that are about to be taken away, and objects that branches are about to need no more; durable when this returns.
    /// Until the end of the hold nobody looks at them: who finds that a branch still has one would take it off the list. Null when there are none.
    /// </summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public IDisposable? Hold(IReadOnlyCollection<ObjectId> tips, IReadOnlyDictionary<ObjectId, ObjectKind> objects)
    {
        if (tips.Count == 0 && objects.Count == 0) return null;
        ObjectId[] held = [.. tips, .. objects.Keys];
        lock (_turn)
        {
            Read();
            Append(tips, objects);
            _held.UnionWith(held);
            _tips.UnionWith(tips);
            foreach (var (id, kind) in objects) _objects[id] = kind;
        }
        return new Held(this, held);
    }

    public (ObjectId[] Tips, Dictionary<ObjectId, ObjectKind> Objects) List()
    {
        lock (_turn)
        {
            Read();
            var objects = new Dictionary<ObjectId, ObjectKind>(_objects);
            foreach (var id in _held) objects.Remove(id);
            return ([.. _tips.Except(_held)], objects);
        }
    }

    /// <summary>Tips have become objects, one by one; others are gone, or named by something else.</summary>
    public void Replace(IReadOnlyCollection<ObjectId> tips, IReadOnlyDictionary<ObjectId, ObjectKind> found, IReadOnlyCollection<ObjectId> done)
    {
        if (tips.Count == 0 && done.Count == 0) return;
        lock (_turn)
        {
            _tips.ExceptWith(tips);
            foreach (var (id, kind) in found) _objects[id] = kind;
            foreach (var id in done) _objects.Remove(id);
            Write();
        }
    }

    private void Append(IReadOnlyCollection<ObjectId> tips, IReadOnlyDictionary<ObjectId, ObjectKind> objects)
    {
        if (FilePath is not { } path) return;
        var folder = Path.GetDirectoryName(path)!;
        var isNew = !File.Exists(path);
        Directory.CreateDirectory(folder);
        using (var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read))
        {
            foreach (var id in tips) file.Write(Encoding.ASCII.GetBytes($"{TipWord} {id}\n"));
            foreach (var (id, kind) in objects) file.Write(Encoding.ASCII.GetBytes($"{Word(kind)} {id}\n"));
            file.Flush();
            Durability.SyncData(file.SafeFileHandle, path);
        }
        if (isNew) Durability.SyncFolder(folder);
    }

    private void Write()
    {
        if (FilePath is not { } path) return;
        AtomicFile.Write(path, stream =>
        {
            foreach (var id in _tips) stream.Write(Encoding.ASCII.GetBytes($"{TipWord} {id}\n"));
            foreach (var (id, kind) in _objects) stream.Write(Encoding.ASCII.GetBytes($"{Word(kind)} {id}\n"));
        });
        Durability.SyncFolder(Path.GetDirectoryName(path)!);
    }

    private void Read()
    {
        if (_isRead) return;
        if (FilePath is { } path && File.Exists(path))
        {
            var text = File.ReadAllText(path);
            foreach (var line in text.Split('\n')) ReadLine(line);
            // A kill has cut the last line short. The next would be written behind it.
            if (text.Length > 0 && text[^1] != '\n') Write();
        }
        _isRead = true;
    }

    private void ReadLine(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0 || !ObjectId.TryParse(line.AsSpan(space + 1), out var id)) return;
        if (line.AsSpan(0, space).SequenceEqual(TipWord)) _tips.Add(id);
        foreach (var kind in Kinds)
            if (line.AsSpan(0, space).SequenceEqual(Word(kind))) _objects[id] = kind;
    }

    private static string Word(ObjectKind kind) => kind switch
    {
        ObjectKind.Commit => "commit",
        ObjectKind.Tree => "tree",
        ObjectKind.Tag => "tag",
        _ => "blob",
    };

    private sealed class Held(ForgottenFile file, ObjectId[] tips) : IDisposable
    {
        public void Dispose()
        {
            lock (file._turn) file._held.ExceptWith(tips);
        }
    }
}
