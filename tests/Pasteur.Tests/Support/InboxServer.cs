using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Pastes;
using Pasteur.Sync;

namespace Pasteur.Tests.Support;

/// <summary>A server with a small bound for its branch, so that its pastes go to inboxes: store, sync and what decides where, as the program wires them.</summary>
internal sealed class InboxServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    private InboxServer(SyncHost host, Inbox inbox, PasteStore pastes, MovedClock clock) => (Host, Inbox, Pastes, Clock) = (host, inbox, pastes, clock);

    public required string Name { get; init; }

    public SyncHost Host { get; }

    public Inbox Inbox { get; }

    public PasteStore Pastes { get; }

    public MovedClock Clock { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The inboxes that are here.</summary>
    public IReadOnlyList<string> Inboxes => [.. Host.Repository.Current.RefNames.Where(name => name.StartsWith("refs/heads/inbox/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public static async Task<InboxServer> StartAsync(string url, string name, int above, SyncHostOptions? options = null)
    {
        InboxServer? server = null;
        var clock = new MovedClock();
        var host = await SyncHost.StartAsync(url, (options ?? new SyncHostOptions()) with
        {
            Start = false,
            Folders = PasteFolders.Rules,
            NewErasures = (repository, tip) => Erasures.NewIn(repository.Current, repository.Current.TryGetRef("refs/heads/main", out var ours) ? ours : null, tip),
            Inbox = repository => new EndingBranches(name, inbox => EndingBranches.StateOfInbox(repository, "main", inbox))
            {
                Prefix = InboxRef.Branches,
                IsWanted = () => server?.Inbox.IsWanted == true,
                IsDue = inbox => server?.Inbox.IsDue(inbox) == true,
            },
        });
        var inbox = new Inbox(host.Repository, new InboxOptions("main", name, above) { IsTaken = () => host.Sync.TakesInboxes, Changed = host.Sync.NotifyInbox, Time = clock });
        var pastes = PasteStore.Open(host.Repository, new PasteStoreOptions
        {
            Branch = "main",
            IdLength = 10,
            Server = name,
            Inbox = inbox,
            Refresh = host.Sync.RefreshAsync,
            AwaitRemote = host.Sync.FollowAsync,
            AwaitRemoteOfInbox = host.Sync.FollowInboxAsync,
        });
        server = new InboxServer(host, inbox, pastes, clock) { Name = name };
        host.Sync.Start();
        server._running = inbox.RunAsync(NullLogger.Instance, server._stop.Token);
        return server;
    }

    public async Task<CreateOutcome.Created> CreateAsync(string text)
    {
        var outcome = await Pastes.CreateAsync(New(text), Cancel);
        Assert.True(outcome is CreateOutcome.Created, $"{outcome}. {Host.Status} Log: {string.Join(" | ", Host.Log)}");
        return (CreateOutcome.Created)outcome;
    }

    public async Task<string?> ReadAsync(string id) => await Pastes.FindAsync(id, Cancel) is { } paste ? Encoding.UTF8.GetString(paste.Files[0].Content.Span) : null;

    public async Task UntilFoundAsync(string id)
    {
        for (var n = 0; await ReadAsync(id) is null; n++)
        {
            Assert.True(n < 1000, $"paste {id} was not found. {Host.Status} Log: {string.Join(" | ", Host.Log)}");
            await Task.Delay(20, Cancel);
        }
    }

    /// <summary>What is here, the remote not asked.</summary>
    public string? ReadHere(string id) => Pastes.FindHere(id) is { } paste ? Encoding.UTF8.GetString(paste.Files[0].Content.Span) : null;

    public static NewPaste New(string text) => new() { Files = [new NewFile(null, Encoding.UTF8.GetBytes(text))] };

    /// <summary>Pastes until the branch is large and an inbox takes the next.</summary>
    public async Task<List<string>> FillAsync(int pastes)
    {
        var ids = new List<string>();
        for (var n = 0; n < pastes; n++) ids.Add((await CreateAsync($"filler {n}")).Id.ToString());
        await Host.UntilAsync(() => Inbox.Target is not null, "an inbox");
        return ids;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Host.DisposeAsync();
        Inbox.Dispose();
        _stop.Dispose();
    }
}

/// <summary>The system's clock, and by how much it is moved.</summary>
internal sealed class MovedClock : TimeProvider
{
    public TimeSpan Moved { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Moved;
}
