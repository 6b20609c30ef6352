using System.Text;
using Pasteur.Git.Objects;
using Pasteur.Git.Packs;

namespace Pasteur.Git;

/// <summary>Fetches objects by their ids, and has them kept (<see cref="Part.KeepAsync"/>). Whoever does it bounds what it costs.</summary>
/// <param name="withFiles">They are folders of files, and the files are wanted with them.</param>
/// <returns>Null when all came, or why not.</returns>
public delegate Task<string?> FetchPromised(IReadOnlyCollection<ObjectId> ids, bool withFiles, CancellationToken cancellationToken);

/// <summary>
/// What a store in memory has of a remote that it has not fetched as a whole: of the branch all commits since it was begun, of folders and files what somebody asked for lately. What was made
/// here, and branches beside the large one, are here as ever.
/// </summary>
public sealed class Part
{
    // A folder is deep enough that it takes so many, and more are for what is dropped in between.
    private const int MaxRounds = 12;
    private const int Probes = 32;

    private readonly ObjectStore _store;
    private readonly PromisedObjects _kept;
    private readonly FetchPromised _fetch;

    internal Part(ObjectStore store, long maxBytes, FetchPromised fetch)
    {
        (_store, _fetch) = (store, fetch);
        _kept = new PromisedObjects(maxBytes);
    }

    /// <summary>About so many folders of the branch lie at the depth that was looked at when this was begun.</summary>
    public long Folders { get; private set; }

    /// <summary>What is kept of folders and files, with what keeping them takes.</summary>
    public long KeptBytes => _kept.Bytes;

    internal bool TryRead(ObjectId id, out RawObject found) => _kept.TryGet(id, out found);

    public Task<string?> FetchAsync(ObjectId id, CancellationToken cancellationToken) => _fetch([id], false, cancellationToken);

    /// <summary>Keeps what a pack holds.</summary>
    /// <exception cref="GitDataException">The pack is damaged or hostile; nothing of it is kept.</exception>
    public async Task KeepAsync(Stream pack, CancellationToken cancellationToken)
    {
        using var target = new MemoryPackTarget(isSmall: true);
        var options = new PackIndexerOptions { FindBase = id => _store.TryRead(id, out var found) ? found : null, MaxExpandedBytes = GitLimits.MaxPromisedExpandedBytes };
        using var file = await new PackIndexer(target, options).IndexAsync(pack, cancellationToken).ConfigureAwait(false);
        for (var n = 0; n < (file?.Count ?? 0); n++) _kept.Add(file!.Index.IdAt(n), file.ReadAt(file.Index.OffsetAt(n)));
        _kept.EndFetch();
    }

    /// <summary>Whether an object is here now.</summary>
    public bool Holds(ObjectId id) => _store.Contains(id);

    /// <summary>Has brought what is on the way to paths in a commit's tree: folders on the way, and of one at the end of a path what is in it.</summary>
    /// <returns>Null, or why it did not work.</returns>
    public async Task<string?> BringAsync(ObjectId commit, IReadOnlyCollection<string> paths, CancellationToken cancellationToken)
    {
        var root = _store.TreeOf(commit);
        for (var round = 0; round < MaxRounds; round++)
        {
            var (trees, folders) = (new HashSet<ObjectId>(), new HashSet<ObjectId>());
            foreach (var path in paths) Look(root, Encoding.UTF8.GetBytes(path), trees, folders);
            if (trees.Count + folders.Count == 0) return null;
            if (trees.Count > 0 && await _fetch(trees, false, cancellationToken).ConfigureAwait(false) is { } problem) return problem;
            if (folders.Count > 0 && await _fetch(folders, true, cancellationToken).ConfigureAwait(false) is { } other) return other;
        }
        return "what the remote sends is dropped before it is read, as there is too little memory for it";
    }

    /// <summary>
    /// Estimates how many folders lie at a depth, by what a few ways down that are drawn at random meet (Knuth, "Estimating the efficiency of backtrack programs"). Where there are more
    /// files, these count.
    /// </summary>
    /// <param name="paths">Brought meanwhile, as far as that costs nothing.</param>
    /// <returns>Null, or why it did not work.</returns>
    public async Task<string?> MeasureAsync(ObjectId commit, int depth, IReadOnlyCollection<string> paths, CancellationToken cancellationToken)
    {
        var root = _store.TreeOf(commit);
        var probes = new Probe[Probes];
        for (var n = 0; n < Probes; n++) probes[n] = new Probe { At = root };
        for (var level = 0; level < depth; level++)
        {
            var lacking = new HashSet<ObjectId>();
            foreach (var probe in probes)
                if (!probe.At.IsZero && !_store.Contains(probe.At)) lacking.Add(probe.At);
            foreach (var path in paths) Look(root, Encoding.UTF8.GetBytes(path), lacking, []);
            if (lacking.Count > 0 && await _fetch(lacking, false, cancellationToken).ConfigureAwait(false) is { } problem) return problem;
            // At first each goes another way: those above are asked for most.
            for (var n = 0; n < Probes; n++) GoDown(probes[n], level == 0 ? n : Random.Shared.Next(int.MaxValue));
        }
        var all = 0L;
        foreach (var probe in probes) all += probe.Width;
        Folders = all / Probes;
        return null;
    }

    private void GoDown(Probe probe, int way)
    {
        if (probe.At.IsZero) return;
        var folders = new List<ObjectId>();
        var files = 0;
        var entries = new TreeReader(_store.ReadTreeContent(probe.At).Span, probe.At);
        while (entries.MoveNext())
        {
            if (entries.Mode.IsTree()) folders.Add(entries.Id);
            else files++;
        }
        probe.Width *= Math.Max(folders.Count, files);
        probe.At = folders.Count == 0 ? default : folders[way % folders.Count];
    }

    // The first that is not here on the way to a path; of the folder at its end, itself for what is in it.
    private void Look(ObjectId tree, ReadOnlySpan<byte> path, HashSet<ObjectId> trees, HashSet<ObjectId> folders)
    {
        while (true)
        {
            var slash = path.IndexOf((byte)'/');
            if (!_store.TryFindInTree(tree, slash < 0 ? path : path[..slash], out var entry))
            {
                trees.Add(tree);
                return;
            }
            if (entry is not { } found || (slash >= 0 && !found.IsTree)) return;
            if (slash < 0)
            {
                if (!found.IsTree && !_store.Contains(found.Id)) trees.Add(found.Id);
                if (found.IsTree && !IsWhole(found.Id)) folders.Add(found.Id);
                return;
            }
            tree = found.Id;
            path = path[(slash + 1)..];
        }
    }

    private bool IsWhole(ObjectId folder)
    {
        if (!_store.TryRead(folder, out var found)) return false;
        var entries = new TreeReader(found.Bytes.Span, folder);
        while (entries.MoveNext())
            if (!entries.Mode.IsTree() && !entries.Mode.IsSubmodule() && !_store.Contains(entries.Id)) return false;
        return true;
    }

    private sealed class Probe
    {
        public ObjectId At { get; set; }

        public long Width { get; set; } = 1;
    }
}
