using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Git.Objects;

namespace Pasteur.Pastes;

/// <summary>How an <see cref="Inbox"/> works.</summary>
/// <param name="branch">The branch that keeps pastes.</param>
/// <param name="server">Ours, in the names of inboxes.</param>
/// <param name="above">Files of the branch, beyond which pastes go to an inbox; 0: never.</param>
internal sealed class InboxOptions(string branch, string server, int above)
{
    public string Branch => branch;

    public string Server => server;

    public int Above => above;

    /// <summary>Whether the remote makes and deletes such branches; null while that is not known.</summary>
    public Func<bool?> IsTaken { get; init; } = static () => null;

    /// <summary>Told that one was begun, or may be due, or that the remote should be asked whether it takes them.</summary>
    public Action Changed { get; init; } = static () => { };

    public TimeProvider Time { get; init; } = TimeProvider.System;

    // Never larger than what is pushed without one.
    public int MaxFiles => Math.Min(above, Limits.MaxInboxFiles);

    public int MaxPastes => Math.Clamp(above / 2, 1, Limits.MaxInboxPastes);
}

/// <summary>
/// Where new pastes go: a remote checks a push in the time that all files of the pushed branch take, so a large branch gets them by way of a small one of this
/// server's own. This says which, and when the next is begun; the sync merges those that are <see cref="IsDue"/>.
/// </summary>
internal sealed class Inbox(Repository repository, InboxOptions options) : IDisposable
{
    private const string Heads = "refs/heads/";

    private readonly SemaphoreSlim _wake = new(0);
    private volatile string? _target;

    // It is there before it takes anything, and is not due then.
    private volatile string? _begun;
    private volatile bool _isLarge;
    private volatile bool _isDecided;
    private ObjectId? _countedTip;
    private long _countedAt;
    private int _filesOfBranch;
    private int _files;
    private int _pastes;

    /// <summary>The inbox that takes new pastes; null: they go to the branch.</summary>
    public string? Target => _target;

    /// <summary>The branch is so large that the remote should be asked.</summary>
    public bool IsWanted => _isLarge;

    /// <summary>A paste was committed.</summary>
    public void Added(string branch, int files)
    {
        if (branch == options.Branch)
        {
            if (!_isLarge && options.Above > 0 && Interlocked.Add(ref _filesOfBranch, files) > options.Above) _wake.Release();
        }
        else if (branch == _target)
        {
            var isFull = Interlocked.Add(ref _files, files) >= options.MaxFiles;
            if (Interlocked.Increment(ref _pastes) >= options.MaxPastes || isFull) _wake.Release();
        }
    }

    /// <summary>It takes no more: ours when another does, or none should; of a server that has left, when it is old.</summary>
    public bool IsDue(string branch)
    {
        if (!InboxRef.TryParse(branch, out var server, out var number)) return false;
        return server == options.Server ? _isDecided && branch != _begun && branch != _target : IsOld(number, Limits.ForeignInboxAge);
    }

    public async Task RunAsync(ILogger log, CancellationToken cancellationToken)
    {
        string? told = null;
        while (true)
        {
            try
            {
                await StepAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                if (told != e.Message) log.LogWarning("where new pastes go can't be decided, and stays as it is: {Reason}", e.Message);
                told = e.Message;
            }
            if (await _wake.WaitAsync(Limits.InboxLookEvery, cancellationToken).ConfigureAwait(false))
                while (_wake.Wait(0, CancellationToken.None)) { }
        }
    }

    /// <summary>Looks at what there is and decides.</summary>
    public async Task StepAsync(CancellationToken cancellationToken)
    {
        var snapshot = repository.Current;
        CountBranch(snapshot);
        var isTaken = options.Above == 0 || !_isLarge || snapshot.TryGetRef(Heads + "inbox", out _) ? false : options.IsTaken();
        var (before, newest) = (_target, Newest(snapshot, Heads));
        var target = isTaken == false || newest is null ? null : InboxRef.NameOf(options.Server, newest.Value);
        if (target is not null && target != before) CountInbox(snapshot, target);
        if (isTaken == true && (target is null || IsFull(newest!.Value)))
        {
            var now = options.Time.GetUtcNow();
            // Also behind those that have ended and are still on the remote.
            var last = Math.Max(newest ?? 0, Math.Max(Newest(snapshot, "refs/remotes/origin/") ?? 0, Newest(snapshot, "refs/pasteur/merged/") ?? 0));
            var name = InboxRef.NameOf(options.Server, Math.Max(now.ToUnixTimeSeconds(), last + 1));
            _begun = name;
            var request = new CommitRequest { Branch = name, Edits = [], Author = PasteDraft.AuthorOf("Pasteur", now), Message = $"Begin {name}" };
            if (await repository.CommitAsync(request, cancellationToken).ConfigureAwait(false) is CommitOutcome.Committed)
            {
                (_files, _pastes) = (0, 0);
                target = name;
            }
        }
        _target = target;
        _begun = null;
        _isDecided = true;
        if (target != before || (_isLarge && isTaken is null) || (newest is not null && target is null)) options.Changed();
    }

    public void Dispose() => _wake.Dispose();

    private long? Newest(Snapshot snapshot, string prefix)
    {
        long? newest = null;
        foreach (var name in snapshot.RefNames)
            if (name.StartsWith(prefix, StringComparison.Ordinal) && InboxRef.TryParse(name[prefix.Length..], out var server, out var number) && server == options.Server && !(number < newest)) newest = number;
        return newest;
    }

    private bool IsFull(long number) => _pastes >= options.MaxPastes || _files >= options.MaxFiles || (_pastes > 0 && IsOld(number, Limits.InboxAge));

    // One of a clock that was ahead by more than that is as good as old.
    private bool IsOld(long number, TimeSpan age) => Math.Abs(options.Time.GetUtcNow().ToUnixTimeSeconds() - number) >= (long)age.TotalSeconds;

    // It only grows: once large, it is not looked at again.
    private void CountBranch(Snapshot snapshot)
    {
        if (repository.Part is { } part)
        {
            // Each has two files at least.
            _isLarge = options.Above > 0 && 2 * part.Folders > options.Above;
            return;
        }
        if (_isLarge || options.Above == 0 || !snapshot.TryGetRef(Heads + options.Branch, out var tip)) return;
        // Others push to it too.
        if (tip != _countedTip && (_countedTip is null || options.Time.GetElapsedTime(_countedAt) > Limits.BranchCountEvery))
        {
            var files = 0;
            var pastes = 0;
            Count(snapshot, snapshot.ReadCommit(tip).Tree, 0, ref files, ref pastes);
            (_countedTip, _countedAt) = (tip, options.Time.GetTimestamp());
            Volatile.Write(ref _filesOfBranch, files);
        }
        _isLarge = Volatile.Read(ref _filesOfBranch) > options.Above;
    }

    private void CountInbox(Snapshot snapshot, string inbox)
    {
        var files = 0;
        var pastes = 0;
        if (snapshot.TryGetRef(Heads + inbox, out var tip)) Count(snapshot, snapshot.ReadCommit(tip).Tree, 0, ref files, ref pastes);
        (_files, _pastes) = (files, pastes);
    }

    private void Count(Snapshot snapshot, ObjectId tree, int depth, ref int files, ref int pastes)
    {
        foreach (var entry in snapshot.ReadTree(tree))
        {
            if (!entry.IsTree) files++;
            else if (files <= options.Above && depth <= PasteId.MostLevels)
            {
                if (PasteId.IsFolder(entry.Name, depth)) pastes++;
                Count(snapshot, entry.Id, depth + 1, ref files, ref pastes);
            }
        }
    }
}
