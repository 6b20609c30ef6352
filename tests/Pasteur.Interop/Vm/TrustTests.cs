using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Pasteur.Interop.NameServers;
using Pasteur.Interop.Remotes;
using Pasteur.Interop.Support;
using Pasteur.Interop.Tls;
using Pasteur.Keys;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Vm;

/// <summary>From inside the machine: certificates by both kinds of challenge, remotes that ask who comes.</summary>
[Collection(BuiltMachine.Collection)]
public sealed class TrustTests : IDisposable
{
    private const string Host = TestAuthority.HostOfMachine;
    private static readonly string[] s_address = ["--ipv4=10.0.2.15/24", $"--ipv4-gateway={Host}"];
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_name_is_proved_over_HTTP_and_pastes_go_to_a_remote_over_HTTPS_with_a_token()
    {
        await using var pebble = await PebbleServer.StartAsync(new PebbleOptions { Authority = BuiltMachine.Authority });
        await using var web = await GitWebServer.StartAsync(BuiltMachine.Authority);
        web.MakeSeedling("r.git");
        await File.WriteAllTextAsync(_folder["options"], $"--remote-token {GitWebServer.Token}\n", TestContext.Current.CancellationToken);
        await using var machine = await RunningMachine.BootWithTlsAsync(pebble.TlsPort, pebble.HttpPort, _folder["options"],
            [.. s_address, "--hostname", "localhost", "--acme-directory", $"https://{Host}:{pebble.Port}/dir", "-r", $"https://{Host}:{web.TlsPort}/tok/r.git"]);

        Assert.Contains("Pebble", await IssuerAsync(pebble.TlsPort, "localhost"), StringComparison.Ordinal);
        await machine.PasteAsync("behind a token");

        Assert.Contains("behind a token", web.Git("r.git", "grep", "behind a token", "main"), StringComparison.Ordinal);
        if (RunningMachine.KeepsSecrets)
            Assert.DoesNotContain(machine.Console, line => line.Contains(GitWebServer.Token, StringComparison.Ordinal));
        Assert.Equal(0, await machine.PowerOffAsync());
    }

    [Fact]
    public async Task A_name_is_proved_in_the_DNS_and_pastes_go_to_a_remote_over_SSH_with_a_seed()
    {
        await using var names = await NameServer.StartAsync("BIND");
        await using var pebble = await PebbleServer.StartAsync(new PebbleOptions { Authority = BuiltMachine.Authority, DnsPort = names.Port });
        await using var ssh = await OpenSshServer.StartAsync();
        ssh.MakeSeedling("r.git");
        var key = NameServer.Keys.Single(known => known.Name == "acme-256");
        await File.WriteAllTextAsync(_folder["options"], $"--dns-key {key.Name}:SHA256:{key.Secret} --ssh-seed {ssh.Seed.Reveal()}\n", TestContext.Current.CancellationToken);
        await using var machine = await RunningMachine.BootWithTlsAsync(pebble.TlsPort, pebble.HttpPort, _folder["options"],
            [.. s_address, "--hostname", "pasteur.test", "--hostname", "*.pasteur.test", "--acme-directory", $"https://{Host}:{pebble.Port}/dir",
             "--dns-addr", Host, "--dns-port", names.Port.ToString(CultureInfo.InvariantCulture), "-r", $"ssh://git@{Host}:{ssh.Port}{ssh.Path("r.git")}", "--ssh-auth", ssh.Fingerprint("ed25519")]);

        Assert.Contains("Pebble", await IssuerAsync(pebble.TlsPort, "any.pasteur.test"), StringComparison.Ordinal);
        await machine.PasteAsync("under a seal");

        Assert.Contains("under a seal", ssh.Git("r.git", "grep", "under a seal", "main"), StringComparison.Ordinal);
        Assert.Empty(await names.TextsAsync("_acme-challenge.pasteur.test"));
        if (RunningMachine.KeepsSecrets)
            Assert.DoesNotContain(machine.Console, line => line.Contains(key.Secret, StringComparison.Ordinal) || line.Contains(ssh.Seed.Reveal(), StringComparison.Ordinal));
    }

    /// <summary>Of the certificate, once it is another one than the machine's own of the first moments.</summary>
    private static async Task<string> IssuerAsync(int port, string name)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        while (true)
        {
            var issuer = await HandshakeAsync(port, name, patience.Token);
            if (issuer.Contains("Pebble", StringComparison.Ordinal) || patience.IsCancellationRequested)
                return issuer;
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<string> HandshakeAsync(int port, string name, CancellationToken cancellationToken)
    {
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            await using var tls = new SslStream(new NetworkStream(socket));
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = name, RemoteCertificateValidationCallback = TlsSite.IsShown }, cancellationToken);
            return X509CertificateLoader.LoadCertificate(tls.RemoteCertificate!.GetRawCertData()).Issuer;
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            return $"none: {e.Message}";
        }
    }
}
