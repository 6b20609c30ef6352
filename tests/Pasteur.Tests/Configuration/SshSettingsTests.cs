using System.Diagnostics;
using Pasteur.Configuration;
using Pasteur.Keys;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Configuration;

/// <summary>Keys, passphrases and pins, from the command line and the environment.</summary>
public sealed class SshSettingsTests : IDisposable
{
    private const string Seed = "canary-correct-horse-battery";
    private const string Passphrase = "canary-open-sesame";
    private const string Pin = "SHA256:jnURjoYn+suHjRRQwoSznQRzDf2qNWlCJKYqG/hyWaI";
    private const string OtherPin = "SHA256:TEus7zvd+AW830S3RigEvy4WBZxXMZCIKoH5ddPUyEY";

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _environment = new() { ["HOME"] = "/home/ada" };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Seed_and_pins_are_read()
    {
        var ssh = Serve("-r", "git@host:r", "--ssh-seed", Seed, "--ssh-auth", Pin, "--ssh-auth", OtherPin);

        Assert.Equal(Seed, ssh.Seed!.Token);
        Assert.Null(ssh.Key);
        Assert.Equal([Pin, OtherPin], ssh.HostKeys.Select(p => p.Fingerprint));
    }

    [Theory]
    [InlineData($"{Pin},{OtherPin}")]
    [InlineData($"{Pin}, {OtherPin},")]
    public void Pins_may_stand_in_one_value_with_commas_between(string value)
    {
        _environment["PASTEUR_SSH_AUTH"] = value;
        _environment["PASTEUR_SSH_SEED"] = Seed;

        Assert.Equal([Pin, OtherPin], Serve("-r", "git@host:r").HostKeys.Select(p => p.Fingerprint));
        Assert.Equal([Pin, OtherPin], Serve("-r", "git@host:r", "--ssh-auth", value).HostKeys.Select(p => p.Fingerprint));
        Assert.Equal([OtherPin], Serve("-r", "git@host:r", "--ssh-auth", OtherPin).HostKeys.Select(p => p.Fingerprint));
    }

    [Theory]
    [InlineData("ed25519", null)]
    [InlineData("ed25519", Passphrase)]
    [InlineData("rsa", Passphrase)]
    [InlineData("ecdsa", Passphrase)]
    public void Key_file_is_read_and_decrypted_at_start(string type, string? passphrase)
    {
        var file = MakeKey(type, passphrase ?? "");
        if (passphrase is not null)
            _environment["PASTEUR_SSH_PASSPHRASE"] = passphrase;

        var key = Serve("-r", "git@host:r", "--ssh-key", file).Key!;

        Assert.Equal(File.ReadAllText(file + ".pub").Split(' ')[..2], key.PublicLine.Split(' ')[..2]);
    }

    [Fact]
    public void Key_encrypted_as_pkcs_8_is_refused_and_the_way_out_is_said()
    {
        var file = MakeKey("ecdsa", Passphrase, format: "PKCS8");
        _environment["PASTEUR_SSH_PASSPHRASE"] = Passphrase;

        Assert.Equal($"--ssh-key \"{file}\" is encrypted as PKCS #8; make it OpenSSH's own with: ssh-keygen -p -f FILE", Refuse("-r", "git@host:r", "--ssh-key", file));
    }

    [Fact]
    public void Ssh_remote_without_a_key_says_how_to_make_one() => Assert.Equal(
        "--remote is reached over SSH, which needs a key: give --ssh-seed (make one with pasteur keygen) or --ssh-key FILE",
        Refuse("-r", "git@host:r"));

    [Fact]
    public void Keys_do_no_harm_where_the_remote_needs_none() => Assert.Equal(Seed, Serve("-r", "git://host/r", "--ssh-seed", Seed).Seed!.Token);

    [Fact]
    public void Key_in_place_of_its_file_is_not_repeated()
    {
        _environment["PASTEUR_SSH_KEY"] = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEcanary\n-----END PRIVATE KEY-----\n";

        var problem = Refuse("-r", "git@host:r");

        Assert.Equal("PASTEUR_SSH_KEY \"-----BEGIN…\" is not there; give the path of a file", problem);
    }

    [Theory]
    [InlineData("--ssh-seed nineteen-characters", "--ssh-seed is too short for a secret; give one of at least 20 characters")]
    [InlineData("--ssh-seed rsa1024:canary-correct-horse-battery", "--ssh-seed names an unknown type of key")]
    [InlineData("--ssh-seed canary-correct-horse-battery --ssh-key KEY", "--ssh-seed and --ssh-key are both given, but one key is enough; give one of them")]
    [InlineData("--ssh-seed canary-correct-horse-battery --ssh-passphrase canary-open-sesame", "--ssh-passphrase is of no use without --ssh-key FILE")]
    [InlineData("--ssh-key LOCKED", "is encrypted; give --ssh-passphrase too")]
    [InlineData("--ssh-key LOCKED --ssh-passphrase canary-wrong", "cannot be read with this passphrase")]
    [InlineData("--ssh-key MISSING", "is not there; give the path of a file")]
    [InlineData("--ssh-key PUBLIC", "holds no private key that can be read")]
    [InlineData("--ssh-key GARBAGE", "holds no private key that can be read")]
    [InlineData("--ssh-key EMPTY", "holds no private key that can be read")]
    [InlineData("--ssh-key /dev/zero", "is larger than 65536 bytes")]
    [InlineData("--ssh-key /", "cannot be read; give a file that this user may read")]
    [InlineData("--ssh-seed canary-correct-horse-battery --ssh-auth MD5:00:11", "--ssh-auth \"MD5:00:11\" is not the fingerprint of a host key; give SHA256: and the 43 characters")]
    [InlineData("--ssh-seed canary-correct-horse-battery --ssh-auth SHA256:AAAA", "--ssh-auth \"SHA256:AAAA\" is not whole")]
    [InlineData("--ssh-seed canary-correct-horse-battery --ssh-auth SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB", "is not whole")]
    [InlineData("--ssh-seed canary-correct-horse-battery --ssh-auth SHA256:jnURjoYn+suHjRRQwoSznQRzDf2qNWlCJKYqG/hyWaI,nothing", "--ssh-auth \"nothing\" is not the fingerprint")]
    public void What_is_wrong_is_told_in_one_line_without_the_secret(string line, string expected)
    {
        MakeKey("ed25519", "", "KEY");
        MakeKey("ed25519", Passphrase, "LOCKED");
        File.Copy(_folder["KEY.pub"], _folder["PUBLIC"]);
        File.WriteAllText(_folder["GARBAGE"], "-----BEGIN OPENSSH PRIVATE KEY-----\ncanary==\n-----END OPENSSH PRIVATE KEY-----\n");
        File.WriteAllText(_folder["EMPTY"], "");
        var words = line.Split(' ').Select(w => w.All(char.IsAsciiLetterUpper) ? _folder[w] : w);

        var problem = Refuse(["-r", "git@host:r", .. words]);

        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("keygen", "Ed25519")]
    [InlineData("keygen --type ed25519", "Ed25519")]
    [InlineData("keygen --type rsa", "Rsa3072")]
    [InlineData("keygen --type rsa --bits 3072", "Rsa3072")]
    [InlineData("keygen --type rsa --bits 4096", "Rsa4096")]
    public void Keygen_makes_the_type_that_is_asked_for(string line, string expected)
    {
        var keygen = Assert.IsType<Invocation.Keygen>(Read(line.Split(' ')));

        Assert.Null(keygen.Existing);
        Assert.Equal(expected, keygen.Type.ToString());
    }

    [Theory]
    [InlineData("keygen --type dsa", "--type is unknown; give ed25519 or rsa")]
    [InlineData("keygen --type rsa --bits 1024", "--bits is not a size that keygen makes; give 3072 or 4096")]
    [InlineData("keygen --bits 4096", "--bits is for --type rsa")]
    [InlineData("keygen --type rsa --ssh-seed canary-correct-horse-battery", "--ssh-seed says its own type of key")]
    [InlineData("keygen --ssh-seed canary-short", "--ssh-seed is too short")]
    [InlineData("keygen --type", "--type")]
    public void Keygen_refuses_what_it_cannot_make(string line, string expected)
    {
        var problem = Refuse(line.Split(' '));

        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Keygen_shows_the_key_of_a_seed_that_is_set_unless_a_new_one_is_asked_for()
    {
        _environment["PASTEUR_SSH_SEED"] = Seed;

        Assert.Equal(Seed, Assert.IsType<Invocation.Keygen>(Read(["keygen"])).Existing!.Token);
        Assert.Null(Assert.IsType<Invocation.Keygen>(Read(["keygen", "--type", "rsa"])).Existing);
        Assert.DoesNotContain("canary", Read(["keygen"]).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("canary", Read(["-r", "git@host:r"]).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Keygen_prints_a_seed_and_the_public_key_that_the_seed_makes_again()
    {
        var (output, hints, again) = (new StringWriter(), new StringWriter(), new StringWriter());

        Assert.Equal(0, KeygenCommand.Run(new Invocation.Keygen(null, KeyType.Ed25519), output, hints));
        var lines = output.ToString().TrimEnd().Split('\n');
        var seed = Assert.Single(lines[..^1])["seed: ".Length..];
        Assert.Equal(0, KeygenCommand.Run(new Invocation.Keygen(SshSeed.Read(seed, out _), KeyType.Ed25519), again, hints));

        Assert.StartsWith("ssh-ed25519 ", lines[1], StringComparison.Ordinal);
        Assert.Equal(lines[1], again.ToString().TrimEnd());
        Assert.DoesNotContain(seed, hints.ToString(), StringComparison.Ordinal);
    }

    private string MakeKey(string type, string passphrase, string name = "key", string format = "RFC4716")
    {
        using var process = Process.Start("ssh-keygen", ["-q", "-t", type, "-m", format, "-N", passphrase, "-f", _folder[name]]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return _folder[name];
    }

    private Invocation Read(string[] words) => new CommandLine().Read(words, _environment.GetValueOrDefault);

    private SshSettings Serve(params string[] words)
    {
        var invocation = Read(words);
        Assert.True(invocation is Invocation.Serve, (invocation as Invocation.Refused)?.Problems[0]);
        return ((Invocation.Serve)invocation).Settings.Remote!.Ssh;
    }

    private string Refuse(params string[] words) => Assert.Single(Assert.IsType<Invocation.Refused>(Read(words)).Problems);
}
