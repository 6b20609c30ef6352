using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Pasteur.Configuration;
using Pasteur.Keys;
using Pasteur.Git.Protocol;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Pasteur.Sync.Transports.Ssh;

/// <summary>Makes a connection: to the right host, as the right user.</summary>
internal sealed class SshLogin(RemoteUrl.Ssh url, SshKey key, IReadOnlyList<HostKeyPin> hostKeys)
{
    // Seen and not trusted, by type (RFC 4253, section 6.6: "ssh-rsa").
    private readonly List<string> _refusedTypes = [];
    private readonly List<string> _refusedFingerprints = [];
    private bool _speaksSsh;

    /// <exception cref="IOException">The host cannot be reached, is not trusted, or does not let us in; the message says what to do.</exception>
    public async Task<SshConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        // A host may have a key of each type and shows one: the first type that both sides know. One that is not trusted may have
        // another that is.
        while (true)
        {
            var before = _refusedTypes.Count;
            if (await TryConnectAsync(cancellationToken) is { } connection)
                return connection;
            if (hostKeys.Count == 0 || _refusedTypes.Count == before)
                throw new IOException(Distrust());
        }
    }

    // Null: the host showed a key that is not trusted, or no further one.
    private async Task<SshConnection?> TryConnectAsync(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Limits.SshLoginTimeout);
        var client = new SshClient(Offer()) { KeepAliveInterval = Limits.SshKeepAlive };
        var isDistrusted = false;
        client.ServerIdentificationReceived += (_, _) => _speaksSsh = true;
        client.HostKeyReceived += (_, e) => isDistrusted = !(e.CanTrust = Judge(e));
        try
        {
            // Parts of it block.
            await Task.Run(() => client.ConnectAsync(timeout.Token), timeout.Token).WaitAsync(timeout.Token);
            return new SshConnection(client);
        }
        catch (Exception e)
        {
            _ = Task.Run(client.Dispose, CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            if (isDistrusted || (_refusedTypes.Count > 0 && e is SshConnectionException { DisconnectReason: Renci.SshNet.Messages.Transport.DisconnectReason.KeyExchangeFailed }))
                return null;
            throw new IOException(Explain(e), e);
        }
    }

    private Renci.SshNet.ConnectionInfo Offer()
    {
        var info = new Renci.SshNet.ConnectionInfo(url.Host, url.Port, url.User, new PrivateKeyAuthenticationMethod(url.User, key.File)) { Timeout = Limits.RemoteConnectTimeout };
        foreach (var name in info.HostKeyAlgorithms.Keys.Where(name => IsCertificate(name) || _refusedTypes.Contains(TypeOf(name))).ToList())
            info.HostKeyAlgorithms.Remove(name);
        // What is sent is compressed already, and what is received could be a bomb.
        foreach (var name in info.CompressionAlgorithms.Keys.Where(name => name != "none").ToList())
            info.CompressionAlgorithms.Remove(name);
        return info;
    }

    private bool Judge(HostKeyEventArgs shown)
    {
        var fingerprint = SshKey.FingerprintOf(shown.HostKey);
        if (hostKeys.Any(pin => pin.Fingerprint == fingerprint))
            return true;
        // What was agreed on, not what the key calls itself: only then does every try offer less, and the tries come to an end.
        _refusedTypes.Add(TypeOf(shown.HostKeyName));
        _refusedFingerprints.Add(fingerprint);
        return false;
    }

    // A pin is that of a key, not of who signed it.
    private static bool IsCertificate(string algorithm) => algorithm.Contains("-cert-", StringComparison.Ordinal);

    // RFC 8332: one RSA key signs in three ways.
    private static string TypeOf(string algorithm) => algorithm is "rsa-sha2-256" or "rsa-sha2-512" ? "ssh-rsa" : algorithm;

    private string Distrust()
    {
        var seen = string.Join(" and ", _refusedFingerprints);
        return hostKeys.Count == 0
            ? $"{Where()} is not trusted yet: its host key is {seen}; if that is right, give --ssh-auth {_refusedFingerprints[0]}"
            : $"{Where()} is not trusted: its host key is {seen}, which is not among those of --ssh-auth; if the host has a new key, give --ssh-auth {_refusedFingerprints[0]}";
    }

    private string Explain(Exception fault) => fault switch
    {
        SshAuthenticationException => $"permission denied (publickey): {Where()} does not let {url.User} in with our key; let it in there: {key.PublicLine} ({key.Fingerprint})",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => $"the name {url.Host} is not found: {fault.Message}",
        SocketException when !_speaksSsh => $"cannot connect to {Where()}: {fault.Message}",
        OperationCanceledException or SshOperationTimeoutException => $"{Where()} did not let us in within {Limits.SshLoginTimeout.TotalSeconds} s",
        _ when !_speaksSsh => $"what answers at {Where()} does not speak SSH: {RemoteText.Clean(fault.Message)}",
        _ => $"no SSH connection to {Where()}: {RemoteText.Clean(fault.Message)}",
    };

    private string Where() => IPAddress.TryParse(url.Host, out var address)
        ? new IPEndPoint(address, url.Port).ToString()
        : string.Create(CultureInfo.InvariantCulture, $"{url.Host}:{url.Port}");
}
