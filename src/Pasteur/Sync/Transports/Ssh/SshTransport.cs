using Pasteur.Configuration;
using Pasteur.Git.Protocol;
using Pasteur.Keys;

namespace Pasteur.Sync.Transports.Ssh;

/// <summary>
/// SSH (gitprotocol-pack, "SSH Transport"): one connection is kept and carries every fetch and push, each a channel of its own.
/// One that is lost is replaced by the next that needs it.
/// </summary>
internal sealed class SshTransport(RemoteUrl.Ssh url, SshSettings settings) : Transport
{
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private SshKey? _key;
    private SshConnection? _connection;

    /// <exception cref="IOException">The host cannot be reached, is not trusted, or does not let us in; the message says why.</exception>
    public override async ValueTask<GitConversation> ConnectAsync(GitService service, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            return await StartOnKeptAsync(service, cancellationToken) ?? await StartOnNewAsync(service, cancellationToken);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.EndAsync();
        _key?.Dispose();
        _oneAtATime.Dispose();
        await base.DisposeAsync();
    }

    // Null: there is none, or it is dead, which a connection may only show when it is used.
    private async Task<GitConversation?> StartOnKeptAsync(GitService service, CancellationToken cancellationToken)
    {
        if (_connection is not { IsUsable: true })
            return null;
        try
        {
            return await StartAsync(_connection, service, cancellationToken);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private async Task<GitConversation> StartOnNewAsync(GitService service, CancellationToken cancellationToken)
    {
        _connection?.Retire();
        _connection = null;
        // The primes of an RSA key take a second to find.
        _key ??= settings.Key ?? await Task.Run(() => SshKey.FromSeed(settings.Seed!), cancellationToken);
        _connection = await new SshLogin(url, _key, settings.HostKeys).ConnectAsync(cancellationToken);
        return await StartAsync(_connection, service, cancellationToken);
    }

    private async Task<GitConversation> StartAsync(SshConnection connection, GitService service, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Limits.RemoteConnectTimeout);
        try
        {
            // Protocol version 2 exists for fetching alone.
            var channel = await connection.StartAsync(RemoteCommand.For(service, url.Path), wantsVersion2: service == GitService.UploadPack, timeout.Token);
            return new SshConversation(connection, channel, service);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"{url.Host} did not start {RemoteCommand.Name(service)} within {Limits.RemoteConnectTimeout.TotalSeconds} s", e);
        }
    }
}
