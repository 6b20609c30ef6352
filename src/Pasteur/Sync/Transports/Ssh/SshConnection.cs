using System.Net.Sockets;
using Pasteur.Configuration;
using Pasteur.Git.Protocol;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Messages;

namespace Pasteur.Sync.Transports.Ssh;

/// <summary>
/// One SSH connection and the channels on it. Transport and authentication are SSH.NET's; channels are ours, since its own take
/// what a server sends without a bound and set no variables. A retired connection takes no new channels and ends with its last.
/// </summary>
internal sealed class SshConnection
{
    private readonly SshClient _client;
    private readonly Session _session;
    private readonly Dictionary<uint, SshChannel> _channels = [];
    private readonly Lock _lock = new();
    private readonly Lazy<Task> _end;
    private uint _lastNumber;
    private int _posted;
    private bool _isRetired;

    public SshConnection(SshClient client)
    {
        _client = client;
        _session = SessionDoor.Of(client);
        _end = new Lazy<Task>(() => Task.Run(EndSessionAsync));
        _session.ErrorOccured += (_, e) => Lose($"the SSH connection was lost: {RemoteText.Clean(e.Exception.Message)}");
        _session.Disconnected += (_, _) => Lose("the server ended the SSH connection");
        _session.ChannelOpenConfirmationReceived += (_, e) => Find(e.Message.LocalChannelNumber)?.OnOpened(e.Message);
        _session.ChannelOpenFailureReceived += (_, e) => Find(e.Message.LocalChannelNumber)?.OnOpenRefused(e.Message.Description);
        _session.ChannelSuccessReceived += (_, e) => Find(e.Message.LocalChannelNumber)?.OnAccepted();
        _session.ChannelFailureReceived += (_, e) => Find(e.Message.LocalChannelNumber)?.OnRefused();
        _session.ChannelDataReceived += (_, e) => Find(e.Message.LocalChannelNumber)?.OnData(e.Message.Data.AsSpan(e.Message.Offset, e.Message.Size));
        _session.ChannelExtendedDataReceived += (_, e) => Find(e.Message.LocalChannelNumber)?.OnErrors(e.Message.Data);
        _session.ChannelWindowAdjustReceived += (_, e) => Find(e.Message.LocalChannelNumber)?.OnWindow(e.Message.BytesToAdd);
        _session.ChannelRequestReceived += (_, e) => Find(e.Message.LocalChannelNumber)?.OnRequest(e.Message.RequestName, e.Message.RequestData);
        _session.ChannelEofReceived += (_, e) => Find(e.Message.LocalChannelNumber)?.OnEof();
        _session.ChannelCloseReceived += (_, e) => Find(e.Message.LocalChannelNumber)?.OnClose();
    }

    /// <summary>False: it is lost or retired, and another must take its place.</summary>
    public bool IsUsable
    {
        get
        {
            lock (_lock)
                return !_isRetired && _session.IsConnected;
        }
    }

    /// <exception cref="IOException">The connection is lost, or the server does not run the command.</exception>
    public async Task<SshChannel> StartAsync(string command, bool wantsVersion2, CancellationToken cancellationToken)
    {
        SshChannel channel;
        lock (_lock)
        {
            channel = new SshChannel(this, ++_lastNumber);
            _channels.Add(channel.Number, channel);
        }
        try
        {
            await channel.StartAsync(command, wantsVersion2, cancellationToken);
            return channel;
        }
        catch
        {
            // What has become of it at the other end is unknown.
            Retire();
            channel.End("the channel was given up");
            Release(channel);
            throw;
        }
    }

    /// <summary>The channel is closed, or given up.</summary>
    public void Release(SshChannel channel)
    {
        lock (_lock)
        {
            _channels.Remove(channel.Number);
            if (!_isRetired || _channels.Count > 0)
                return;
        }
        _ = EndAsync();
    }

    /// <summary>Something went wrong on it: conversations that are under way may end, new ones get another connection.</summary>
    public void Retire()
    {
        lock (_lock)
        {
            _isRetired = true;
            if (_channels.Count > 0)
                return;
        }
        _ = EndAsync();
    }

    /// <summary>Says goodbye, or cuts the line when nobody listens.</summary>
    public Task EndAsync()
    {
        lock (_lock)
            _isRetired = true;
        return _end.Value;
    }

    /// <summary>Sends, on another thread: the library blocks while the network takes nothing, and while keys are exchanged anew.</summary>
    /// <exception cref="IOException">The connection is lost.</exception>
    public Task SendAsync(Message message) => Task.Run(() =>
    {
        try
        {
            SessionDoor.Send(_session, message);
        }
        catch (Exception e) when (e is SshException or SocketException or ObjectDisposedException or NullReferenceException)
        {
            // The library leaves null where the socket was.
            var reason = $"the SSH connection was lost: {RemoteText.Clean(e.Message)}";
            Lose(reason);
            throw new IOException(reason, e);
        }
    });

    /// <summary>
    /// Sends what nobody waits for. Failing loses the connection, which every channel is told; so does a server that has us answer
    /// and answer while it reads nothing: each answer holds a thread.
    /// </summary>
    public void Post(Message message)
    {
        if (Interlocked.Increment(ref _posted) > Limits.MaxSshAnswersUnderWay)
        {
            Lose("the server asks more than it listens to");
            _ = EndAsync();
            return;
        }
        _ = SendAsync(message).ContinueWith(
            t =>
            {
                _ = t.Exception;
                Interlocked.Decrement(ref _posted);
            },
            TaskScheduler.Default);
    }

    private SshChannel? Find(uint number)
    {
        lock (_lock)
            return _channels.GetValueOrDefault(number);
    }

    private void Lose(string reason)
    {
        SshChannel[] channels;
        lock (_lock)
        {
            _isRetired = true;
            channels = [.. _channels.Values];
        }
        foreach (var channel in channels)
            channel.End(reason);
    }

    private async Task EndSessionAsync()
    {
        var goodbye = Task.Run(_client.Dispose);
        if (await Task.WhenAny(goodbye, Task.Delay(Limits.ProcessExitGrace)) != goodbye)
            SessionDoor.Cut(_session);
        await goodbye.WaitAsync(Limits.ProcessExitGrace).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
