using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;
using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Git.Protocol;
using Pasteur.Health;
using Pasteur.Sync;
using Pasteur.Sync.Transports;

namespace Pasteur.Tests.Support;

/// <summary>A site's repository and its sync, without the web: what one server is to a remote.</summary>
internal sealed class SyncHost : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly SiteMetrics _metrics;
    private readonly Transport _transport;

    private SyncHost(Repository repository, RemoteSettings settings, SyncHostOptions options)
    {
        Repository = repository;
        Health = new HealthMonitor(() => new StoreStatus(true, null, 0, 0, 0, null), hasRemote: true);
        _metrics = new SiteMetrics(Health);
        _transport = Transport.For(settings, TimeProvider.System);
        var remote = new GitRemoteOptions { MaxSilence = options.MaxSilence, MaxPackBytes = options.MaxPackBytes };
        Sync = new RemoteSync(new SyncParts
        {
            Repository = repository,
            Remote = options.Remote ?? new GitRemote(async (service, ct) => options.Between(service, await _transport.ConnectAsync(service, ct)), remote),
            Settings = settings,
            Branch = options.Branch,
            KeepsData = options.Folder is not null,
            SmallestPart = options.SmallestPart,
            PartBytes = options.PartBytes,
            LookedAtFirst = Pasteur.Pastes.PromisedPastes.LookedAtFirst,
            Ending = options.Ending,
            Inbox = options.Inbox?.Invoke(repository),
            Erasing = new ErasingBranch("host", TimeProvider.System),
            NewErasures = tip => options.NewErasures(repository, tip),
            Report = new SyncReport(Health, _metrics, TimeProvider.System, new ListLogger(Log)),
        });
        if (options.Start)
            Sync.Start();
    }

    public Repository Repository { get; }

    public RemoteSync Sync { get; }

    public HealthMonitor Health { get; }

    public ConcurrentQueue<string> Log { get; } = new();

    public RemoteStatus Status => Health.Remote!;

    public static Task<SyncHost> StartAsync(string url, SyncHostOptions? options = null)
    {
        var parsed = RemoteUrl.Parse(url);
        return StartAsync(Assert.IsAssignableFrom<RemoteUrl>(parsed.Value), options ?? new SyncHostOptions());
    }

    /// <summary>Commits a paste as the site does, and tells the sync.</summary>
    public async Task<CommitOutcome.Committed> CommitAsync(string id, string text, string branch = "main")
    {
        var outcome = await Repository.CommitAsync(PasteCommit.Of(id, text, branch), TestContext.Current.CancellationToken);
        var committed = Assert.IsType<CommitOutcome.Committed>(outcome);
        Sync.NotifyCommitted(committed.Sequence);
        return committed;
    }

    public async Task<RemoteAck> CommitAndWaitAsync(string id, string text)
    {
        var committed = await CommitAsync(id, text);
        return await Sync.WaitForRemoteAsync(committed.Sequence, TestContext.Current.CancellationToken);
    }

    /// <summary>What the site would serve for a paste, or null.</summary>
    public string? Read(string id, string branch = "main") => ReadFile(PasteCommit.FolderOf(id) + "/paste.txt", branch);

    public string? ReadFile(string path, string branch = "main")
    {
        var snapshot = Repository.Current;
        return snapshot.TryGetRef("refs/heads/" + branch, out var tip) && snapshot.Find(tip, path) is { } entry ? Encoding.UTF8.GetString(snapshot.ReadBlob(entry.Id)) : null;
    }

    /// <summary>What the remote's branch was last seen to be.</summary>
    public string? RemoteTip(string branch = "main") => Repository.RemoteTip(branch)?.ToString();

    public ObjectId Tip(string branch = "main") => Repository.Current.TryGetRef("refs/heads/" + branch, out var tip) ? tip : ObjectId.Zero;

    /// <summary>Waits until something holds; fails with what the sync has to say when it does not.</summary>
    public async Task UntilAsync(Func<bool> condition, string what)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (!condition())
        {
            if (patience.IsCancellationRequested)
                Assert.Fail($"{what} did not come about. {Status} Tip {Tip()}, remote {Repository.RemoteTip("main")}, commits waiting {Repository.Backlog("main")}. Log: {string.Join(" | ", Log)}");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    public Task UntilSyncedAsync() => UntilAsync(() => Status is { FirstFetchDone: true, Backlog: 0, Problem: null } && Repository.RemoteTip("main") == Tip(), "the sync");

    public async ValueTask DisposeAsync()
    {
        await Sync.DisposeAsync();
        await _transport.DisposeAsync();
        await Repository.DisposeAsync();
    }

    private static async Task<SyncHost> StartAsync(RemoteUrl url, SyncHostOptions options)
    {
        var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = options.Folder, Branch = options.Branch, Folders = options.Folders }, TestContext.Current.CancellationToken);
        var settings = new RemoteSettings { Url = url, Ack = options.Ack, PullEvery = options.PullEvery, OnRewind = options.OnRewind };
        settings = options.Access?.Invoke(settings) ?? settings;
        return new SyncHost(repository, settings, options);
    }

    private sealed class ListLogger(ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel}: {formatter(state, exception)}{exception}");
    }
}

internal sealed record SyncHostOptions
{
    /// <summary>Null: in memory.</summary>
    public string? Folder { get; init; }

    public string Branch { get; init; } = "main";

    public TimeSpan PullEvery { get; init; } = TimeSpan.FromMilliseconds(200);

    public RewindPolicy OnRewind { get; init; } = RewindPolicy.Replay;

    public TimeSpan MaxSilence { get; init; } = TimeSpan.FromSeconds(10);

    public long MaxPackBytes { get; init; } = 1 << 30;

    /// <summary>What is put between a server and its remote.</summary>
    public Func<GitService, GitConversation, GitConversation> Between { get; init; } = static (_, conversation) => conversation;

    /// <summary>Adds keys, tokens and the like.</summary>
    public Func<RemoteSettings, RemoteSettings>? Access { get; init; }

    /// <summary>In place of the transport that the address asks for.</summary>
    public GitRemote? Remote { get; init; }

    public bool Start { get; init; } = true;

    /// <summary>Branches whose pastes end; null: they are not the remote's.</summary>
    public EndingBranches? Ending { get; init; }

    /// <summary>Inboxes; null: nobody follows them.</summary>
    public Func<Repository, EndingBranches>? Inbox { get; init; }

    public FolderRules? Folders { get; init; }

    /// <summary>What a fetched commit says is erased.</summary>
    public Func<Repository, ObjectId, IReadOnlyList<ErasedFolder>> NewErasures { get; init; } = static (_, _) => [];

    /// <summary>In memory, a branch with so many pastes is kept in part.</summary>
    public int SmallestPart { get; init; } = 16_384;

    public long PartBytes { get; init; } = 16 << 20;

    public AckMode Ack { get; init; } = AckMode.Local;
}
