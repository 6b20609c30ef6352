using Pasteur.Configuration;
using Pasteur.Interop.Support;
using Pasteur.Keys;
using Pasteur.Sync;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>Who is let in, and who is believed to be the host.</summary>
public sealed class SshTrustTests
{
    private const string SomeFingerprint = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    [Fact]
    public async Task Host_without_a_pin_is_refused_with_the_option_that_would_trust_it()
    {
        await using var server = await OpenSshServer.StartAsync();
        await using var site = await SyncHost.StartAsync(server.CreateSeedling(), With(server, []));
        await site.UntilAsync(() => site.Status.Problem is not null, "the refusal");
        var fingerprint = server.Fingerprint("ed25519");
        Assert.Equal($"127.0.0.1:{server.Port} is not trusted yet: its host key is {fingerprint}; if that is right, give --ssh-auth {fingerprint}", site.Status.Problem);
        Assert.Equal(0, server.Logins);
    }

    [Fact]
    public async Task Host_with_another_key_is_refused_with_every_key_it_has_and_asked_again()
    {
        await using var server = await OpenSshServer.StartAsync(new OpenSshOptions { HostKeys = ["ed25519", "ecdsa", "rsa"] });
        await using var site = await SyncHost.StartAsync(server.CreateSeedling(), With(server, [SomeFingerprint]));
        await site.UntilAsync(() => site.Status.Problem is not null, "the refusal");
        foreach (var type in (string[])["ed25519", "ecdsa", "rsa"])
            Assert.Contains(server.Fingerprint(type), site.Status.Problem, StringComparison.Ordinal);
        Assert.Contains("is not among those of --ssh-auth", site.Status.Problem, StringComparison.Ordinal);
        await site.UntilAsync(() => server.Log.Count(line => line.Contains("[preauth]", StringComparison.Ordinal)) >= 6, "another attempt");
        Assert.Equal(0, server.Logins);
    }

    [Theory]
    [InlineData("ed25519")]
    [InlineData("ecdsa")]
    [InlineData("rsa")]
    public async Task Pin_of_any_key_that_the_host_has_is_enough(string type)
    {
        await using var server = await OpenSshServer.StartAsync(new OpenSshOptions { HostKeys = ["ed25519", "ecdsa", "rsa"] });
        await using var site = await SyncHost.StartAsync(server.CreateSeedling(), server.Options(pinned: type));
        Assert.IsType<RemoteAck.Landed>(await site.CommitAndWaitAsync("abcd", "text"));
    }

    [Fact]
    public async Task Old_and_new_key_of_a_host_can_both_be_given()
    {
        await using var server = await OpenSshServer.StartAsync();
        await using var site = await SyncHost.StartAsync(server.CreateSeedling(), With(server, [SomeFingerprint, server.Fingerprint("ed25519")]));
        Assert.IsType<RemoteAck.Landed>(await site.CommitAndWaitAsync("abcd", "text"));
    }

    [Fact]
    public async Task Refused_key_is_named_and_works_as_soon_as_it_is_let_in()
    {
        await using var server = await OpenSshServer.StartAsync();
        var stranger = SshSeed.Generate(KeyType.Ed25519);
        using var key = SshKey.FromSeed(stranger);
        var options = server.Options() with
        {
            Access = s => s with { Ssh = new SshSettings { Seed = stranger, HostKeys = [new HostKeyPin(server.Fingerprint("ed25519"))] } },
        };
        await using var site = await SyncHost.StartAsync(server.CreateSeedling(), options);
        await site.UntilAsync(() => site.Status.Problem is not null, "the refusal");
        Assert.StartsWith("permission denied (publickey)", site.Status.Problem, StringComparison.Ordinal);
        Assert.Contains(key.PublicLine, site.Status.Problem, StringComparison.Ordinal);
        Assert.Contains(key.Fingerprint, site.Status.Problem, StringComparison.Ordinal);
        server.LetIn(key.PublicLine);
        await site.CommitAsync("abcd", "text");
        await site.UntilSyncedAsync();
        Assert.DoesNotContain(site.Log, line => line.Contains(stranger.Token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rsa_key_of_a_seed_is_let_in()
    {
        await using var server = await OpenSshServer.StartAsync();
        var seed = SshSeed.Read("rsa3072:correct-horse-battery-staple", out _)!;
        using var key = SshKey.FromSeed(seed);
        server.LetIn(key.PublicLine);
        var options = server.Options() with
        {
            Access = s => s with { Ssh = new SshSettings { Seed = seed, HostKeys = [new HostKeyPin(server.Fingerprint("ed25519"))] } },
        };
        await using var site = await SyncHost.StartAsync(server.CreateSeedling(), options);
        Assert.IsType<RemoteAck.Landed>(await site.CommitAndWaitAsync("abcd", "text"));
    }

    [Theory]
    [InlineData("ed25519", "")]
    [InlineData("ed25519", "open sesame")]
    [InlineData("rsa", "open sesame")]
    [InlineData("ecdsa", "")]
    public async Task Key_that_ssh_keygen_made_is_let_in(string type, string passphrase)
    {
        await using var server = await OpenSshServer.StartAsync();
        using var folder = new TemporaryFolder();
        await Tool.RunAsync("ssh-keygen", ["-q", "-t", type, "-N", passphrase, "-f", folder["key"]]);
        server.LetIn(await File.ReadAllTextAsync(folder["key.pub"], TestContext.Current.CancellationToken));
        var key = SshKey.Read(await File.ReadAllBytesAsync(folder["key"], TestContext.Current.CancellationToken), passphrase.Length == 0 ? null : passphrase, out var problem);
        Assert.Null(problem);
        var options = server.Options() with
        {
            Access = s => s with { Ssh = new SshSettings { Key = key, HostKeys = [new HostKeyPin(server.Fingerprint("ed25519"))] } },
        };
        await using var site = await SyncHost.StartAsync(server.CreateSeedling(), options);
        Assert.IsType<RemoteAck.Landed>(await site.CommitAndWaitAsync("abcd", "text"));
    }

    private static SyncHostOptions With(SshServer server, string[] pins) => new()
    {
        Access = s => s with { Ssh = new SshSettings { Seed = server.Seed, HostKeys = [.. pins.Select(p => new HostKeyPin(p))] } },
    };
}
