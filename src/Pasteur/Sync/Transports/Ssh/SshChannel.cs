using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Pasteur.Configuration;
using Pasteur.Git.Protocol;
using Renci.SshNet.Messages;
using Renci.SshNet.Messages.Connection;

namespace Pasteur.Sync.Transports.Ssh;

/// <summary>
/// One command at the other end (RFC 4254, sections 5 and 6). Its window is opened again only as far as we have read, so what a
/// server can make us keep is bounded. The methods that begin with On run on the connection's own thread, which must neither
/// wait nor send: sending may wait for that thread.
/// </summary>
internal sealed class SshChannel(SshConnection connection, uint number)
{
    private const string ServerEnded = "the server ended the command";

    // No threshold: a write never waits, the window is the bound.
    private readonly Pipe _output = new(new PipeOptions(pauseWriterThreshold: 0, readerScheduler: PipeScheduler.ThreadPool, useSynchronizationContext: false));
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<IOException> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ArrayBufferWriter<byte> _errors = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource _windowGrew = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private uint _remoteNumber;
    private int _remotePacketBytes;
    private long _remoteWindow;
    private long _window = Limits.SshWindowBytes;
    private long _read;
    private bool _isOutputOver;
    private bool _saidClose;

    public uint Number => number;

    /// <summary>What the command prints; read through <see cref="ChannelStream"/>, which opens the window again.</summary>
    public PipeReader Output => _output.Reader;

    public uint? ExitStatus { get; private set; }

    /// <summary>What the command printed on its standard error; the beginning, if that is long.</summary>
    public string ErrorText
    {
        get
        {
            lock (_lock)
                return RemoteText.Clean(_errors.WrittenSpan);
        }
    }

    /// <exception cref="IOException">The server opens no channel, or runs no such command.</exception>
    public async Task StartAsync(string command, bool wantsVersion2, CancellationToken cancellationToken)
    {
        await UnlessEndedAsync(SendAsync(new ChannelOpenMessage(number, Limits.SshWindowBytes, Limits.SshPacketBytes, new SessionOpenInfo())), cancellationToken);
        await UnlessEndedAsync(_opened.Task, cancellationToken);
        if (wantsVersion2)
            await UnlessEndedAsync(SendAsync(new ChannelRequestMessage(_remoteNumber, new EnvironmentRequest("GIT_PROTOCOL", "version=2"))), cancellationToken);
        await UnlessEndedAsync(SendAsync(new ChannelRequestMessage(_remoteNumber, new ExecRequest(command))), cancellationToken);
        await UnlessEndedAsync(_accepted.Task, cancellationToken);
    }

    /// <summary>To the command's standard input.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        while (data.Length > 0)
        {
            var count = await ReserveAsync(data.Length, cancellationToken);
            var part = new ChannelDataMessage(_remoteNumber, data[..count].ToArray());
            await UnlessEndedAsync(SendAsync(part), cancellationToken);
            data = data[count..];
        }
    }

    /// <summary>So much was read: the server may send as much again. It is told when that is worth a message.</summary>
    public void Return(int count)
    {
        uint owed;
        lock (_lock)
        {
            _read += count;
            if (_read < Limits.SshWindowBytes / 2 || _isOutputOver)
                return;
            owed = (uint)_read;
            _window += _read;
            _read = 0;
        }
        Post(new ChannelWindowAdjustMessage(_remoteNumber, owed));
    }

    /// <summary>Waits until the server has ended the command; false when it has not in that time.</summary>
    public async Task<bool> WaitForEndAsync(TimeSpan atMost) => await Task.WhenAny(_ended.Task, Task.Delay(atMost)) == _ended.Task;

    /// <summary>Tells the command that there is no more input, and gives it a moment to end by itself.</summary>
    public async Task CloseAsync(TimeSpan grace)
    {
        if (_opened.Task.IsCompletedSuccessfully && !_ended.Task.IsCompleted)
        {
            Post(new ChannelEofMessage(_remoteNumber));
            if (!await WaitForEndAsync(grace))
                Post(new ChannelCloseMessage(_remoteNumber));
        }
        End("the conversation is over");
    }

    /// <summary>It is over: who reads, writes or waits is told why.</summary>
    public void End(string reason)
    {
        var fault = new IOException(reason);
        EndOutput(fault);
        _ended.TrySetResult(fault);
    }

    public void OnOpened(ChannelOpenConfirmationMessage message)
    {
        lock (_lock)
        {
            _remoteNumber = message.RemoteChannelNumber;
            _remotePacketBytes = (int)Math.Min(message.MaximumPacketSize, Limits.SshPacketBytes);
            _remoteWindow = message.InitialWindowSize;
        }
        if (_remotePacketBytes == 0)
            End("the server opened a channel that takes no data");
        else
            _opened.TrySetResult();
    }

    public void OnOpenRefused(string description) => End($"the server opens no channel: {RemoteText.Clean(description)}");

    public void OnAccepted() => _accepted.TrySetResult();

    public void OnRefused() => End("the server refuses to run a command");

    public void OnData(ReadOnlySpan<byte> data)
    {
        lock (_lock)
        {
            if (_isOutputOver || !TakeFromWindow(data.Length))
                return;
            _output.Writer.Write(data);
            _ = _output.Writer.FlushAsync().AsTask();
        }
    }

    public void OnErrors(ReadOnlySpan<byte> data)
    {
        lock (_lock)
        {
            if (!TakeFromWindow(data.Length))
                return;
            _errors.Write(data[..Math.Min(data.Length, Limits.MaxProcessErrorChars - _errors.WrittenCount)]);
        }
        Return(data.Length);
    }

    public void OnWindow(uint count)
    {
        TaskCompletionSource grew;
        lock (_lock)
        {
            _remoteWindow = Math.Min(_remoteWindow + count, uint.MaxValue);
            (grew, _windowGrew) = (_windowGrew, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        grew.TrySetResult();
    }

    // RFC 4254, section 6.10.
    //
    //   boolean want-reply (false)   uint32 exit-status
    public void OnRequest(string name, ReadOnlySpan<byte> data)
    {
        if (name == "exit-status" && data.Length >= sizeof(byte) + sizeof(uint))
            ExitStatus = BinaryPrimitives.ReadUInt32BigEndian(data[sizeof(byte)..]);
        else if (data.Length > 0 && data[0] != 0)
            Post(new ChannelFailureMessage(_remoteNumber));
    }

    public void OnEof() => EndOutput(null);

    public void OnClose()
    {
        Post(new ChannelCloseMessage(_remoteNumber));
        EndOutput(null);
        _ended.TrySetResult(new IOException(ServerEnded));
    }

    // RFC 4254, section 5.3: after "close" there is no such channel, and OpenSSH ends the whole connection of who speaks of one. The
    // server's own "close", answered by the connection's thread, may cross anything of ours.
    private Task SendAsync(Message message)
    {
        lock (_lock)
            return _saidClose ? Task.FromException(new IOException(ServerEnded)) : connection.SendAsync(message);
    }

    private void Post(Message message)
    {
        lock (_lock)
        {
            if (_saidClose)
                return;
            _saidClose = message is ChannelCloseMessage;
            connection.Post(message);
        }
    }

    private async Task<int> ReserveAsync(int wanted, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task grew;
            lock (_lock)
            {
                var count = (int)Math.Min(Math.Min(wanted, _remotePacketBytes), _remoteWindow);
                _remoteWindow -= count;
                if (count > 0)
                    return count;
                grew = _windowGrew.Task;
            }
            await UnlessEndedAsync(grew, cancellationToken);
        }
    }

    private async Task UnlessEndedAsync(Task task, CancellationToken cancellationToken)
    {
        if (await Task.WhenAny(task, _ended.Task).WaitAsync(cancellationToken) != task)
            throw await _ended.Task;
        await task;
    }

    private bool TakeFromWindow(int count)
    {
        _window -= count;
        if (_window >= 0)
            return true;
        End("the server sent more than it may");
        connection.Retire();
        return false;
    }

    private void EndOutput(IOException? fault)
    {
        lock (_lock)
        {
            if (_isOutputOver)
                return;
            _isOutputOver = true;
            _output.Writer.Complete(fault);
        }
    }
}
