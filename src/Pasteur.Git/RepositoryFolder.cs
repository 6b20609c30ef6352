using System.Collections.Immutable;
using Pasteur.Git.Forgetting;
using Pasteur.Git.History;
using Pasteur.Git.Journals;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;
using Pasteur.Git.Refs;

namespace Pasteur.Git;

/// <summary>A repository's places: on the disk, or nowhere when everything is kept in memory.</summary>
internal sealed class RepositoryFolder
{
    private const string Heads = "refs/heads/";

    private readonly RepositoryOptions _options;
    private readonly RefFiles? _refs;
    private readonly RefBackup? _backup;

    public RepositoryFolder(RepositoryOptions options)
    {
        _options = options;
        if (options.Folder is { } folder)
        {
            RepositoryFormat.CreateOrCheck(folder, options.Branch);
            PackFolder = Path.Combine(folder, "objects", "pack");
            _refs = new RefFiles(folder);
            _backup = new RefBackup(folder);
            Loose = new LooseObjects(Path.Combine(folder, "objects"));
            Store = new ObjectStore(Loose, PackFolder, options.OnEvent);
            RemoveLeftovers(PackFolder);
            Store.Rescan();
            Shallow = new ShallowFile(folder);
        }
        else
        {
            Store = new ObjectStore(null, null, null);
        }
        Forgotten = new ForgottenFile(options.Folder);
        Journals = new JournalFolder(options.Folder, options.JournalBytes + (4 << 20));
    }

    /// <summary>Commits whose parents the remote has and we do not.</summary>
    public ShallowFile Shallow { get; } = new(null);

    public bool IsOnDisk => _refs is not null;

    public string? PackFolder { get; }

    /// <summary>Why nothing can be kept here: the folder was there when it was opened, and is no more. Null when it is.</summary>
    public string? Problem => PackFolder is null || Directory.Exists(PackFolder) ? null : Gone(PackFolder);

    public static string Gone(string path) => $"{path} is gone: its file system was unmounted, or somebody has moved or deleted it.";

    public RefFiles Refs => _refs ?? throw new InvalidOperationException("A repository in memory has no ref files.");

    public ObjectStore Store { get; }

    /// <summary>What the owner's git has left in files of their own; null in memory.</summary>
    public LooseObjects? Loose { get; }

    public JournalFolder Journals { get; }

    /// <summary>What is to go from the packs.</summary>
    public ForgottenFile Forgotten { get; }

    /// <summary>A fetch that is under way may build on what its server was told is here, and was taken off its branch since.</summary>
    public FetchGate Fetches { get; } = new();

    /// <summary>
    /// Removes what git has derived of the packs' objects, and would go by when some of them are gone: it does without, or makes it anew.
    /// </summary>
    public void RemoveDerived()
    {
        if (PackFolder is null) return;
        var info = Path.Combine(_options.Folder!, "objects", "info");
        File.Delete(Path.Combine(info, "commit-graph"));
        if (Directory.Exists(Path.Combine(info, "commit-graphs"))) Directory.Delete(Path.Combine(info, "commit-graphs"), recursive: true);
        foreach (var path in Directory.EnumerateFiles(PackFolder, "multi-pack-index*")) File.Delete(path);
        if (Directory.Exists(Path.Combine(PackFolder, "multi-pack-index.d"))) Directory.Delete(Path.Combine(PackFolder, "multi-pack-index.d"), recursive: true);
    }

    /// <summary>
    /// Reads what an earlier run has left. The newest intact record says where our refs are; a ref on the disk that is neither that, nor
    /// older than that, was moved by somebody else, and the upkeep brings it in.
    /// </summary>
    public (RefsAtStart Refs, IReadOnlyList<SealedJournal> Leftovers) Recover()
    {
        var onDisk = ImmutableDictionary.CreateBuilder<string, ObjectId>(StringComparer.Ordinal);
        if (_refs is not null)
        {
            foreach (var restored in _backup!.RestoreDamaged(_refs)) Say(restored, warning: true);
            foreach (var (name, id) in _refs.List(onDamaged: LeaveOut))
                if (!RolledRef.Is(name)) onDisk[name] = id;
        }

        var leftovers = new List<SealedJournal>();
        RefRecord? last = null;
        var behindDamage = new List<RefRecord>();
        foreach (var path in Journals.Leftovers())
        {
            var (journal, scan) = ReadLeftover(path);
            // A journal that follows a damaged one builds on what may be lost there.
            if (behindDamage.Count > 0 && scan.LastRecord is { } follower) behindDamage.Add(follower);
            else if (scan.LastRecord is { } record && (last is null || record.Sequence >= last.Sequence)) last = record;
            behindDamage.AddRange(scan.BehindDamage);
            RemoveOwnLocks(scan.LastRecord);
            if (scan.Entries.Count == 0)
            {
                Journals.Remove(journal);
                continue;
            }
            Store.Add(journal);
            leftovers.Add(new SealedJournal(journal, [], 0) { NeedsLater = true });
        }

        var current = onDisk.ToImmutable().ToBuilder();
        foreach (var state in last?.Refs ?? []) Reconcile(state, onDisk, current);
        foreach (var (name, id) in current)
            if (name.StartsWith(Heads, StringComparison.Ordinal) && !Store.Contains(id)) Say(Missing(name, id).Message, warning: true);
        var sequence = Math.Max(last?.Sequence ?? 0, behindDamage.Select(record => record.Sequence).DefaultIfEmpty().Max());
        if (leftovers.Count > 0) leftovers[^1] = new SealedJournal(leftovers[^1].Journal, Dirty(current, onDisk), sequence);
        var refs = new RefsAtStart(onDisk.ToImmutable(), current.ToImmutable(), sequence) { BehindDamage = HeadsOf(behindDamage) };
        return (refs, leftovers);
    }

    /// <summary>What is said of a branch that names a commit which is not there.</summary>
    public static GitDataException Missing(string name, ObjectId id) => new(name, $"it names {id}, which this repository does not hold");

    // A branch that is none of ours stops nobody. To begin ours anew would hide all that was on it.
    private void LeaveOut(string name, GitDataException fault)
    {
        if (RolledRef.Is(name)) return;
        if (name == Heads + _options.Branch || name == Repository.RemoteRef(_options.Branch)) throw fault;
        Say($"{fault.Message} Until then it is left out.", warning: true);
    }

    private void RemoveOwnLocks(RefRecord? record)
    {
        foreach (var state in record?.Refs ?? [])
            foreach (var name in (string?[])[state.Name, RolledRef.Beside(state.Name)])
                if (name is not null && Refs.RemoveOwnLock(name, state.Current)) Say($"{name}: the lock file of an earlier run, ended while it wrote the ref, is removed.", warning: false);
    }

    private static Dictionary<string, IReadOnlyList<ObjectId>> HeadsOf(IEnumerable<RefRecord> records) =>
        records.Reverse()
            .SelectMany(record => record.Refs)
            .Where(state => state.Name.StartsWith(Heads, StringComparison.Ordinal))
            .GroupBy(state => state.Name, state => state.Current, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, IReadOnlyList<ObjectId> (group) => [.. group.Distinct()], StringComparer.Ordinal);

    /// <summary>Where a pack from a remote is written.</summary>
    public PackTarget NewPack() => PackFolder is { } folder ? new FilePackTarget(folder) : new MemoryPackTarget();

    /// <summary>Removes a pack that was refused after it had been installed: index first, so that git never sees half of it.</summary>
    public void Delete(PackFile pack)
    {
        if (PackFolder is null) return;
        foreach (var extension in (string[])[".idx", ".pack", ".keep"]) File.Delete(Path.ChangeExtension(pack.Name, extension));
    }

    /// <summary>Packs that an earlier run protects from the owner's gc, and did not live to release.</summary>
    public IEnumerable<string> OwnKeeps() =>
        PackFolder is null ? [] : Directory.EnumerateFiles(PackFolder, "*.keep").Where(keep => !PackInstaller.IsKeptByOthers(keep)).Select(keep => Path.ChangeExtension(keep, ".pack"));

    /// <summary>Keeps a copy of the refs that a torn ref file can be restored from.</summary>
    public void BackUpRefs(IReadOnlyDictionary<string, ObjectId> refs) => _backup?.Write(refs);

    private (Journal Journal, JournalScan Scan) ReadLeftover(string path)
    {
        var data = FilePackData.Open(path);
        var scan = JournalScan.Read(data, Journal.MarkOf(path));
        var name = Path.GetFileName(path);
        if (scan.TornBytes > 0)
            Say($"{name}: {scan.Fault}. {scan.TornBytes} bytes after offset {scan.IntactEnd} were never part of a finished batch or are damaged; all before is kept, and the file stays as {JournalFolder.DamagedPrefix}*.", warning: true);
        if (scan.Entries.Count > 0)
            Say($"{name}: {scan.Entries.Count} objects of an earlier run are taken up.", warning: false);
        return (Journal.Leftover(path, data, scan), scan);
    }

    // What the disk is believed to hold decides whether the upkeep's compare-and-swap passes or finds a stranger's commit.
    private void Reconcile(RefState state, ImmutableDictionary<string, ObjectId>.Builder onDisk, ImmutableDictionary<string, ObjectId>.Builder current)
    {
        var actual = onDisk.GetValueOrDefault(state.Name);
        if (actual == state.Current) return;
        if (state.Current.IsZero)
        {
            current.Remove(state.Name);
            return;
        }
        var isHead = state.Name.StartsWith(Heads, StringComparison.Ordinal);
        if (isHead && !actual.IsZero && actual != state.OnDisk)
        {
            if (Ancestry.IsAncestor(Store, state.Current, actual)) return;
            if (!Ancestry.IsAncestor(Store, actual, state.Current)) Believe(onDisk, state.Name, state.OnDisk);
        }
        current[state.Name] = state.Current;
    }

    private static void Believe(ImmutableDictionary<string, ObjectId>.Builder onDisk, string name, ObjectId id)
    {
        if (id.IsZero) onDisk.Remove(name);
        else onDisk[name] = id;
    }

    private static ImmutableArray<RefState> Dirty(ImmutableDictionary<string, ObjectId>.Builder current, ImmutableDictionary<string, ObjectId>.Builder onDisk) =>
    [
        .. current.Keys.Where(name => onDisk.GetValueOrDefault(name) != current[name]).Select(name => new RefState(name, onDisk.GetValueOrDefault(name), current[name])),
        .. onDisk.Keys.Where(name => !current.ContainsKey(name)).Select(name => new RefState(name, onDisk[name], ObjectId.Zero)),
    ];

    private static void RemoveLeftovers(string packFolder)
    {
        FilePackTarget.RemoveLeftovers(packFolder);
        JournalRoll.RemoveLeftovers(packFolder);
        foreach (var temporary in Directory.EnumerateFiles(packFolder, "*" + AtomicFile.TemporarySuffix)) File.Delete(temporary);
    }

    private void Say(string message, bool warning) => _options.OnEvent?.Invoke(new StoreEvent(message, warning));
}
