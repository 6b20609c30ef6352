using Pasteur.Git.Journals;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;
using Pasteur.Git.Refs;

namespace Pasteur.Git.Fsck;

/// <summary>
/// Reads everything in a repository and compares it with every checksum, id, order and link there is, as <c>git fsck --strict</c>
/// does, and the journals besides. It changes nothing; no program should write to the repository meanwhile.
/// </summary>
public sealed class RepositoryFsck
{
    // Each may hold an object of the largest size, and what it is a delta of.
    private const int MostPacksAtOnce = 4;

    private readonly string _folder;
    private readonly Action<FsckFinding> _report;
    private readonly FsckStore _store;
    private readonly CancellationToken _cancellationToken;
    private long _packedObjects;

    private RepositoryFsck(string folder, FsckStore store, Action<FsckFinding> report, CancellationToken cancellationToken)
    {
        _folder = folder;
        var one = new Lock();
        _report = finding =>
        {
            lock (one) report(finding);
        };
        _store = store;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Checks a bare repository; each finding is reported as it is made.</summary>
    public static FsckSummary Run(string folder, Action<FsckFinding> report, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(Path.Combine(folder, "objects", "pack"))) throw new GitDataException(folder, "it is not a Git repository", "Name the folder that holds HEAD, objects and refs.");
        using var store = new FsckStore(new LooseObjects(Path.Combine(folder, "objects")));
        return new RepositoryFsck(folder, store, report, cancellationToken).Run();
    }

    private FsckSummary Run()
    {
        CheckPacks();
        using var indexes = _store.MapIndexes();
        using var many = PackReader.KeepManyTrees();
        var loose = CheckLooseObjects();
        var (journalObjects, newest) = ReadJournals();
        var refs = ReadRefs();
        foreach (var state in newest?.Refs ?? []) refs[state.Name] = state.Current;
        var shallow = Try(() => new ShallowFile(_folder).Commits) ?? new HashSet<ObjectId>();
        var reachable = new Connectivity(_store, shallow, _report, _cancellationToken).Walk(refs);
        return new FsckSummary(_store.Packs.Count, _packedObjects, loose, journalObjects, refs.Count, reachable);
    }

    private void CheckPacks()
    {
        var packFolder = Path.Combine(_folder, "objects", "pack");
        foreach (var index in Directory.EnumerateFiles(packFolder, "*.idx").Order(StringComparer.Ordinal))
        {
            if (Try(() => PackFile.Open(index)) is not { } pack) continue;
            _store.Packs.Add(new CheckedPack(pack));
            _packedObjects += pack.Count;
        }
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Min(Environment.ProcessorCount, MostPacksAtOnce), CancellationToken = _cancellationToken };
        Parallel.ForEach(_store.Packs, options, CheckPack);

        foreach (var path in Directory.EnumerateFiles(packFolder).Order(StringComparer.Ordinal))
        {
            if (Path.GetFileName(path).StartsWith("tmp_", StringComparison.Ordinal)) Remark(path, "a program that ended early has left it; the next start removes it");
            else if (path.EndsWith(".pack", StringComparison.Ordinal) && !File.Exists(Path.ChangeExtension(path, ".idx"))) Remark(path, "it has no index, so nobody reads it; git index-pack makes one");
        }
    }

    private void CheckPack(CheckedPack pack)
    {
        // It is read from its beginning to its end: a tree stands behind the one that it is a delta of.
        using var many = PackReader.KeepManyTrees();
        Try(() => new PackCheck(pack, _report).Run(_cancellationToken));
        // Everything that any object names is looked up: in the one pack that has it, and not in tens.
        pack.Pack.Index.MakeFilter();
    }

    private int CheckLooseObjects()
    {
        var count = 0;
        foreach (var id in _store.Loose.List())
        {
            _cancellationToken.ThrowIfCancellationRequested();
            count++;
            Try(() =>
            {
                if (!_store.Loose.TryRead(id, out var content)) return;
                var path = _store.Loose.PathOf(id);
                if (ObjectHasher.Hash(content.Kind, content.Bytes.Span) != id) _report(new FsckFinding(path, "its content is not what it is named for"));
                else if (ObjectCheck.FindProblem(content, id) is { } problem) _report(new FsckFinding(path, problem));
            });
        }

        return count;
    }

    private (long Objects, RefRecord? Newest) ReadJournals()
    {
        if (!Directory.Exists(Path.Combine(_folder, "pasteur", "journals"))) return (0, null);
        var objects = 0L;
        RefRecord? newest = null;
        foreach (var path in new JournalFolder(_folder, 0).Leftovers())
        {
            Try(() =>
            {
                var data = FilePackData.Open(path);
                _store.Add(data);
                var scan = JournalScan.Read(data, Journal.MarkOf(path));
                _store.Add(data, scan.Entries);
                objects += scan.Entries.Count;
                if (scan.TornBytes > 0) _report(new FsckFinding(path, $"{scan.Fault}; {scan.TornBytes} bytes after offset {scan.IntactEnd} are not part of a whole batch", scan.BehindDamage.Count > 0));
                if (scan.LastRecord is { } record && record.Sequence >= (newest?.Sequence ?? 0)) newest = record;
            });
        }

        return (objects, newest);
    }

    private Dictionary<string, ObjectId> ReadRefs()
    {
        var refs = new Dictionary<string, ObjectId>(StringComparer.Ordinal);
        var files = new RefFiles(_folder);
        foreach (var (name, id) in Try(() => files.List(onDamaged: (_, fault) => _report(new FsckFinding(fault.Place, fault.Problem)))) ?? refs) refs[name] = id;
        Try(() => files.Read("HEAD"));
        return refs;
    }

    private void Remark(string place, string problem) => _report(new FsckFinding(place, problem, IsDamage: false));

    private void Try(Action check) => Try(() =>
    {
        check();
        return true;
    });

    /// <summary>A check that cannot go on because of what it found; the others go on.</summary>
    private T? Try<T>(Func<T> check)
    {
        try
        {
            return check();
        }
        catch (GitDataException fault)
        {
            _report(new FsckFinding(fault.Place, fault.Problem));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            _report(new FsckFinding(_folder, fault.Message));
        }

        return default;
    }
}
