using System.Net;
using Pasteur.Interop.Remotes;
using Pasteur.Interop.Support;
using Pasteur.Keys;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Program;

/// <summary>SSH as users meet it: keygen, the environment, the log, /healthz.</summary>
public sealed class SshRemoteTests : IDisposable
{
    private const string WrongPin = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Seed_and_key_of_keygen_bring_a_paste_to_the_remote_and_the_seed_is_shown_nowhere()
    {
        var (seed, publicLine) = await KeygenAsync();
        await using var server = await OpenSshServer.StartAsync();
        server.LetIn(publicLine);
        await using var site = await PasteurProcess.ServeAsync(
            "--data", _folder["data"], "--remote", server.CreateSeedling(), "--ack", "remote",
            "--ssh-seed", seed, "--ssh-auth", WrongPin, "--ssh-auth", server.Fingerprint("ed25519"), "--log-level", "debug");

        Assert.Equal(HttpStatusCode.OK, (await PasteAsync(site)).StatusCode);
        Assert.Equal("2", server.Git("r.git", "rev-list", "--count", "main"));
        var shown = await site.Http.GetStringAsync("healthz", Cancel) + await site.Http.GetStringAsync("metrics", Cancel);
        Assert.Equal(0, await site.StopAsync());

        Assert.DoesNotContain(seed.Split(':')[1], shown + string.Join('\n', [.. site.Output, .. site.Errors, .. server.Log]), StringComparison.Ordinal);
        server.AssertSound("r.git");
    }

    // The published program lacks what no key needs (src/Pasteur/Unreachable.xml): these must not need it.
    [Theory]
    [InlineData("ed25519", "RFC4716", "canary-open-sesame")]
    [InlineData("ecdsa", "RFC4716", "canary-open-sesame")]
    [InlineData("rsa", "PEM", "canary-open-sesame")]
    [InlineData("ecdsa", "PKCS8", "")]
    public async Task Key_that_ssh_keygen_wrote_brings_a_paste_to_the_remote(string type, string format, string passphrase)
    {
        Assert.Equal(0, (await Tool.RunAsync("ssh-keygen", ["-q", "-t", type, "-m", format, "-N", passphrase, "-f", _folder["key"]])).ExitCode);
        await using var server = await OpenSshServer.StartAsync();
        server.LetIn(await File.ReadAllTextAsync(_folder["key.pub"], Cancel));
        await using var site = await PasteurProcess.ServeAsync(
            ["--data", _folder["data"], "--remote", server.CreateSeedling(), "--ack", "remote", "--ssh-key", _folder["key"], "--ssh-auth", server.Fingerprint("ed25519"),
                .. passphrase.Length > 0 ? (string[])["--ssh-passphrase", passphrase] : []]);

        Assert.Equal(HttpStatusCode.OK, (await PasteAsync(site)).StatusCode);
        Assert.Equal("2", server.Git("r.git", "rev-list", "--count", "main"));
        Assert.Equal(0, await site.StopAsync());
    }

    [Theory]
    [InlineData("rsa3072")]
    [InlineData("rsa4096")]
    public async Task Seed_of_an_rsa_key_lets_us_in(string type)
    {
        await using var server = await OpenSshServer.StartAsync();
        var seed = SshSeed.Read($"{type}:correct-horse-battery-staple", out _)!;
        using (var key = SshKey.FromSeed(seed)) server.LetIn(key.PublicLine);
        await using var site = await PasteurProcess.ServeAsync(
            "--no-data", "--remote", server.CreateSeedling(), "--ack", "remote", "--ssh-seed", $"{type}:correct-horse-battery-staple", "--ssh-auth", server.Fingerprint("ed25519"));

        Assert.Equal(HttpStatusCode.OK, (await PasteAsync(site)).StatusCode);
        Assert.Equal(0, await site.StopAsync());
    }

    [Fact]
    public async Task Wrong_pin_is_told_in_the_log_and_by_health_and_the_site_goes_on()
    {
        var (seed, _) = await KeygenAsync();
        await using var server = await OpenSshServer.StartAsync();
        await using var site = await PasteurProcess.ServeAsync("--data", _folder["data"], "--remote", server.CreateSeedling(), "--ssh-seed", seed, "--ssh-auth", WrongPin);

        var fingerprint = server.Fingerprint("ed25519");
        for (var tries = 0; !(await site.Http.GetStringAsync("healthz", Cancel)).Replace("\\u002B", "+", StringComparison.Ordinal).Contains(fingerprint, StringComparison.Ordinal); tries++)
        {
            Assert.True(tries < 100, "health does not say which key the host has");
            await Task.Delay(100, Cancel);
        }
        Assert.Contains(site.Errors, line => line.Contains($"its host key is {fingerprint}, which is not among those of --ssh-auth", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await PasteAsync(site)).StatusCode);
        Assert.Equal(0, await site.StopAsync());
    }

    [Theory]
    [InlineData("", "needs a key: give --ssh-seed (make one with pasteur keygen) or --ssh-key FILE")]
    [InlineData("--ssh-seed canary-too-short", "--ssh-seed is too short")]
    [InlineData("--ssh-key /nowhere/key", "--ssh-key \"/nowhere/key\" is not there")]
    public async Task Unusable_key_ends_the_program_at_once_with_64_and_one_line(string options, string expected)
    {
        await using var program = PasteurProcess.Start(
            new Dictionary<string, string?>(), ["--no-data", "-r", "git@127.0.0.1:r", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Equal(64, await program.WaitForExitAsync());
        var line = Assert.Single(program.Errors);
        Assert.Contains(expected, line, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", line, StringComparison.Ordinal);
    }

    private static async Task<(string Seed, string PublicLine)> KeygenAsync()
    {
        await using var program = PasteurProcess.Start(new Dictionary<string, string?>(), ["keygen"]);
        Assert.Equal(0, await program.WaitForExitAsync());
        var lines = program.Output.ToArray();
        Assert.StartsWith("seed: ", lines[0], StringComparison.Ordinal);
        return (lines[0]["seed: ".Length..], lines[1]);
    }

    private static async Task<HttpResponseMessage> PasteAsync(PasteurProcess site)
    {
        using var form = new MultipartFormDataContent { { new StringContent("over ssh"), "paste" } };
        return await site.Http.PostAsync("", form, Cancel);
    }
}
