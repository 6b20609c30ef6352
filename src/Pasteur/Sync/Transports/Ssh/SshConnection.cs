using System.Threading.Channels;
using Pasteur.Configuration;
using Pasteur.Git.Protocol;
using Renci.SshNet;
using Renci.SshNet.Messages;

namespace Pasteur.Sync.Transports.Ssh;

/// <summary>
/// One SSH connection and the channels on it. Transport and authentication are SSH.NET's; channels are ours, since its own take
/// what a server sends without a bound and set no variables. A retired connection takes no new channels and ends with its last.
/// </summary>
internal sealed class SshConnection
{
    private const string Closed = "the SSH connection is closed";

    private readonly SshClient _client;
    private readonly Session _session;
    private readonly Dictionary<uint, SshChannel> _channels = [];
    private readonly Lock _lock = new();
    private readonly Channel<Outgoing> _outgoing = Channel.CreateUnbounded<Outgoing>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lazy<Task> _end;
    private readonly Task _sending;
    private uint _lastNumber;
    private int _posted;
    private bool _isRetired;
    private string? _reason;

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
        _sending = Task.Run(SendAllAsync);
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
            // Whoever retired it may have found no channel on it, and have ended it.
            if (_isRetired)
                throw new IOException(Closed);
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

    /// <summary>Says goodbye, or cuts the line when nobody listens. Who still waits on it is told.</summary>
    public Task EndAsync()
    {
        lock (_lock)
            _isRetired = true;
        return _end.Value;
    }

    /// <summary>Sends after all that was given before. The task ends when the network has taken it.</summary>
    /// <exception cref="IOException">The connection is lost.</exception>
    public Task SendAsync(Message message)
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_outgoing.Writer.TryWrite(new Outgoing(message, sent)))
            sent.SetException(new IOException(Closed));
        return sent.Task;
    }

    /// <summary>
    /// The same for what nobody waits for. Failing loses the connection, which every channel is told; so does a server that has us
    /// answer and answer while it reads nothing. Never waits and takes no channel's lock.
    /// </summary>
    public void Post(Message message)
    {
        if (Interlocked.Increment(ref _posted) <= Limits.MaxSshAnswersUnderWay)
        {
            _outgoing.Writer.TryWrite(new Outgoing(message, null));
            return;
        }
        lock (_lock)
            _reason ??= "the server asks more than it listens to";
        _ = EndAsync();
    }

    // The library blocks while the network takes nothing, and while keys are exchanged anew: one thread of the pool at most is held, and
    // what the server reads comes in the order in which it was given.
    private async Task SendAllAsync()
    {
        IOException? fault = null;
        await foreach (var (message, sent) in _outgoing.Reader.ReadAllAsync())
        {
            fault ??= Send(message);
            if (sent is null)
                Interlocked.Decrement(ref _posted);
            else if (fault is null)
                sent.SetResult();
            else
                sent.SetException(fault);
        }
    }

    // Null, or why not.
    private IOException? Send(Message message)
    {
        try
        {
            SessionDoor.Send(_session, message);
            return null;
        }
        catch (Exception e)
        {
            // Whatever it is, it must not end the loop: who gave a message waits. (The library leaves null where the socket was.)
            var reason = $"the SSH connection was lost: {RemoteText.Clean(e.Message)}";
            Lose(reason);
            return new IOException(reason, e);
        }
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
        string reason;
        lock (_lock)
            reason = _reason ?? Closed;
        Lose(reason);
        _outgoing.Writer.TryComplete();
        var goodbye = SayGoodbyeAsync();
        if (await Task.WhenAny(goodbye, Task.Delay(Limits.ProcessExitGrace)) != goodbye)
            SessionDoor.Cut(_session);
        await goodbye.WaitAsync(Limits.ProcessExitGrace).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task SayGoodbyeAsync()
    {
        await _sending;
        await Task.Run(_client.Dispose);
    }

    /// <param name="Sent">Of who waits for it, or null.</param>
    private readonly record struct Outgoing(Message Message, TaskCompletionSource? Sent);
}
