using System.Net;
using Pasteur.Administering;
using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Git.Protocol;
using Pasteur.Health;
using Pasteur.Logging;
using Pasteur.Moderating;
using Pasteur.Pastes;
using Pasteur.Sync;
using Pasteur.Sync.Transports;
using Pasteur.Termbin;
using Pasteur.Tls;
using Pasteur.Web;

namespace Pasteur;

/// <summary>One running site: its data folder, its repository, its sync and its web server, begun and ended in order.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly Settings _settings;
    private readonly LineLog _logs;
    private readonly WebServer _web;
    private readonly SiteTls? _tls;
    private DataFolder? _folder;
    private Repository? _repository;
    private Transport? _transport;
    private PasteStore? _pastes;
    private RemoteSync? _sync;
    private TermbinListener? _termbin;
    private AdminSocket? _admin;
    private Eraser? _eraser;
    private Inbox? _inbox;
    private readonly CancellationTokenSource _hurry = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _background = Task.CompletedTask;
    private Task _sweeping = Task.CompletedTask;
    private string _server = "";
    private bool _isServing;

    private Site(Settings settings)
    {
        _settings = settings;
        _tls = settings.Tls is { } tls ? new SiteTls(tls) : null;
        _logs = new LineLog(Console.OpenStandardError(), TimeProvider.System, settings.LogLevel);
        _web = new WebServer(settings, _tls, _logs);
    }

    /// <summary>Where a browser on this machine finds it; the port is the real one even when the settings said 0.</summary>
    public SiteAddress Address
    {
        get
        {
            // Of a socket that the program was started with, the server knows the number alone; one of UNIX has neither host nor port.
            var at = _settings.Sockets.FirstOrDefault(s => !s.IsOn(_settings.Tls?.HttpPort)) is { } socket
                ? (socket.EndPoint as IPEndPoint)?.ToString()
                : _web.Addresses.First();
            return SiteAddress.Of(at, _settings.Tls?.Hostnames.FirstOrDefault(h => !h.StartsWith('*')), isTls: _settings.Tls is not null, _settings.BasePath);
        }
    }

    /// <summary>Where netcat finds it; null when that is off.</summary>
    public IPEndPoint? TermbinAddress => _termbin?.Address;

    /// <summary>The repository's folder; null in memory.</summary>
    public string? RepositoryPath => _folder?.RepositoryPath;

    /// <exception cref="StartFailedException">The folder, its data or the address can't be used.</exception>
    public static async Task<Site> StartAsync(Settings settings, CancellationToken cancellationToken)
    {
        var site = new Site(settings);
        try
        {
            await site.StartAsync(cancellationToken);
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns once SIGTERM or SIGINT has come and every accepted request is answered.</summary>
    public Task RunUntilStoppedAsync(CancellationToken cancellationToken) => _web.RunUntilStoppedAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_admin is not null)
            await _admin.DisposeAsync();
        if (_termbin is not null)
            await _termbin.DisposeAsync();
        if (_tls is not null)
            await _tls.DisposeAsync();
        await _web.DisposeAsync();
        // What was accepted is pushed, however short the program ran.
        await _hurry.CancelAsync();
        await _background;
        // Before the sync, which it needs.
        await _stop.CancelAsync();
        await _sweeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _eraser?.Dispose();
        _inbox?.Dispose();
        if (_sync is not null)
        {
            if (_isServing)
                await _sync.DrainAsync(Limits.PushDrainTimeout, CancellationToken.None);
            await _sync.DisposeAsync();
        }
        if (_transport is not null)
            await _transport.DisposeAsync();
        _hurry.Dispose();
        _stop.Dispose();
        if (_repository is not null)
            await _repository.DisposeAsync();
        _folder?.Dispose();
        _logs.Dispose();
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        _folder = _settings.DataFolder is { } path ? DataFolder.Open(path) : null;
        _server = NameServer();
        _repository = await OpenRepositoryAsync(cancellationToken);
        var monitor = new HealthMonitor(ReadStoreStatus, hasRemote: _settings.Remote is not null, hasCertificate: _tls is not null);
        var metrics = new SiteMetrics(monitor);
        _sync = _settings.Remote is { } remote ? PrepareSync(remote, _repository, new SyncReport(monitor, metrics, TimeProvider.System, Log("RemoteSync"))) : null;
        _inbox = _settings.Remote is { } fed ? new Inbox(_repository, new InboxOptions(_settings.Branch, _server, fed.InboxAbove) { IsTaken = () => _sync!.TakesInboxes, Changed = _sync!.NotifyInbox }) : null;
        _eraser = new Eraser(_settings.Branch, _sync is { } sync ? sync.EraseAsync : _repository.EraseAsync, _folder?.Path, TimeProvider.System);
        var pastes = _pastes = OpenPastes(_repository);
        var lists = OpenLists();
        var context = new SiteContext(_settings, pastes, metrics, lists);
        _tls?.Open(_folder?.Path, new CertificateReport(monitor, metrics, TimeProvider.System), Log("Certificate"));
        var handler = SiteEndpoints.Build(context, new HealthEndpoints(monitor, metrics), _logs);
        await _web.ListenAsync(_tls?.Guard(handler, () => Address.Port) ?? handler, cancellationToken);
        if (_settings.TermbinPort is { } port)
        {
            _termbin = TermbinListener.Start(
                new IPEndPoint(_settings.Bind, port), new TermbinSite(context.StoreAsync, context.Clients, _settings.MaxPasteBytes, Address.Port, _settings.BasePath, _tls is null ? null : Address.Origin, _settings.IsReadOnly) { IsBanned = context.Lists.IsBanned }, Log("Termbin"));
        }
        // In a virtual machine there is nobody else who could ask.
        if (_folder is not null && _settings.Machine is null && (_admin = AdminSocket.Listen(_folder.Path, new Administrator(pastes, lists) { ReplaceCertificate = _tls is null ? null : _tls.ReplaceCertificateAsync, ReplaceAccountKey = _tls is null ? null : _tls.ReplaceAccountKeyAsync })) is null)
            Log("Admin").LogWarning("No socket can be made in {Folder}: pasteur admin works only while the site does not run.", _folder.Path);
        _tls?.Start();
        _background = StartBackgroundAsync(_repository, pastes, _eraser);
        _isServing = true;
    }

    // Whoever has waited for the site is answered first: on one processor this would take longer than the answer does.
    private async Task StartBackgroundAsync(Repository repository, PasteStore pastes, Eraser eraser)
    {
        await Task.Delay(Limits.BackgroundPause, _hurry.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _sync?.Start();
        var burnt = new BurnSweep(repository, pastes, PasteOptions(), waitsForRemote: RemoteDecides);
        _sweeping = Task.WhenAll(
            Task.Run(() => new ExpirySweep(repository, pastes, TimeProvider.System, Log("Expiry")) { Burnt = burnt }.RunAsync(_stop.Token), CancellationToken.None),
            _inbox is { } inbox ? Task.Run(() => inbox.RunAsync(Log("Inbox"), _stop.Token), CancellationToken.None) : Task.CompletedTask,
            _settings.ForgetsDeleted ? Task.Run(() => eraser.RunAsync(id => pastes.FindHere(id.ToString()) is not null, Log("Eraser"), _stop.Token), CancellationToken.None) : Task.CompletedTask);
    }

    private string NameServer()
    {
        try
        {
            return ServerName.Of(_folder?.Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartFailedException(ExitCodes.DataFolderUnusable, $"can't write in the data folder {_folder?.Path}: {e.Message}", e);
        }
    }

    private async Task<Repository> OpenRepositoryAsync(CancellationToken cancellationToken)
    {
        var log = Log("Repository");
        var options = new RepositoryOptions
        {
            Folder = _folder?.RepositoryPath,
            Branch = _settings.Branch,
            Folders = PasteFolders.Rules,
            OnEvent = e => log.Log(e.Warning ? LogLevel.Warning : LogLevel.Information, "{Event}", e.Message),
        };
        try
        {
            return await Repository.OpenAsync(options, cancellationToken);
        }
        catch (GitDataException e)
        {
            throw new StartFailedException(ExitCodes.DataDamaged, e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartFailedException(ExitCodes.DataFolderUnusable, $"can't open the repository {options.Folder}: {e.Message}", e);
        }
    }

    private Moderation OpenLists()
    {
        try
        {
            return new Moderation(_folder?.Path, TimeProvider.System);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartFailedException(ExitCodes.DataFolderUnusable, $"can't read the lists in {_folder!.Path}: {e.Message}", e);
        }
    }

    private PasteStore OpenPastes(Repository repository)
    {
        try
        {
            return PasteStore.Open(repository, PasteOptions());
        }
        catch (UnknownFormatException e)
        {
            throw new StartFailedException(ExitCodes.DataDamaged, e.Message, e);
        }
    }

    /// <summary>Of several servers that are asked for the same paste at once, when it may be read once.</summary>
    private bool RemoteDecides => _settings.Remote is { Ack: AckMode.Remote, ExpiryOn: ExpiryOn.Remote };

    private PasteStoreOptions PasteOptions() => new()
    {
        Branch = _settings.Branch,
        IdLength = _settings.IdLength,
        MaxTotalBytes = _settings.MaxTotalBytes,
        MaxLife = _settings.Expiry.Max,
        Server = _server,
        Eraser = _eraser,
        ForgetsDeleted = _settings.ForgetsDeleted,
        RefusesEnding = _sync is null ? null : () => _sync.RefusesEnding,
        AwaitRemoteOfEnding = _sync is null ? null : AtOnce(_sync.FollowEndingAsync),
        AskRemote = RemoteDecides ? _sync!.FetchNowAsync : null,
        Refresh = _sync is null ? null : _sync.RefreshAsync,
        HasRemoteAnswered = () => _sync?.HasAnswered != false,
        AwaitRemote = _sync is null ? null : AtOnce(_sync.FollowAsync),
        AwaitRemoteOfInbox = _sync is null ? null : AtOnce(_sync.FollowInboxAsync),
        Inbox = _inbox,
    };

    // Who waits for the remote waits for no pause. Once the site closes it is cancelled, and later gone.
    private Func<CommitOutcome.Committed, CancellationToken, ValueTask<string?>> AtOnce(Func<CommitOutcome.Committed, CancellationToken, ValueTask<string?>> follow) => (committed, cancellationToken) =>
    {
        if (!_hurry.IsCancellationRequested)
            _hurry.Cancel();
        return follow(committed, cancellationToken);
    };

    private RemoteSync PrepareSync(RemoteSettings remote, Repository repository, SyncReport report)
    {
        var options = new GitRemoteOptions
        {
            MaxSilence = Limits.RemoteSilence,
            MaxConversation = Limits.RemoteConversation,
            MaxPackBytes = Limits.MaxFetchedPackBytes(inMemory: _folder is null),
        };
        _transport = Transport.For(remote, TimeProvider.System);
        return new RemoteSync(new SyncParts
        {
            Repository = repository,
            Remote = new GitRemote(_transport.ConnectAsync, options),
            ObjectsRemote = new GitRemote(_transport.ConnectAsync, options with { MaxSilence = Limits.PromisedWait, MaxConversation = Limits.PromisedConversation }),
            LookedAtFirst = PromisedPastes.LookedAtFirst,
            Settings = remote,
            Branch = _settings.Branch,
            KeepsData = _folder is not null,
            Ending = remote.ExpiryOn == ExpiryOn.Remote ? new EndingBranches(_server, StateOf) : null,
            Inbox = new EndingBranches(_server, inbox => EndingBranches.StateOfInbox(repository, _settings.Branch, inbox))
            {
                Prefix = InboxRef.Branches,
                IsWanted = () => _inbox?.IsWanted == true,
                IsDue = inbox => _inbox?.IsDue(inbox) == true,
            },
            Erasing = new ErasingBranch(_server, TimeProvider.System),
            Refuses = tip => RepositoryFormat.Problem(repository.Current, tip),
            NewErasures = tip => Erasures.NewIn(repository.Current, repository.Current.TryGetRef("refs/heads/" + _settings.Branch, out var ours) ? ours : null, tip),
            Report = report,
        });
    }

    private EndingState StateOf(string branch)
    {
        if (!Bucket.TryParse(branch, out var bucket))
            return EndingState.Strange;
        var now = TimeProvider.System.GetUtcNow();
        if (bucket.IsPast(now))
            return EndingState.Past;
        // Burnt: the branch goes once the remote has the tombstone; until then it is neither pushed nor taken in.
        if (Bucket.BurningCode(branch) is { } code && _pastes!.IsTombstoneOnRemote(_repository!.Current, code) is { } isOnRemote)
            return isOnRemote ? EndingState.Past : EndingState.Strange;
        return bucket.IsClosing(now) ? EndingState.Closing : EndingState.Alive;
    }

    private StoreStatus ReadStoreStatus()
    {
        var store = _repository!.Health;
        return new StoreStatus(store.Writable, store.Problem, store.JournalBytes, store.Packs, store.Objects, _folder is null ? null : FreeBytes(_folder.Path))
        {
            Bytes = store.Bytes,
            MaxBytes = _settings.MaxTotalBytes,
        };
    }

    // Health must not fall with the disk that it reports on: null when the folder's file system is gone.
    private static long? FreeBytes(string path)
    {
        try
        {
            return new DriveInfo(path).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private ILogger Log(string name) => _logs.CreateLogger(name);
}
