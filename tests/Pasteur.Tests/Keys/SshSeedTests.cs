using System.Diagnostics;
using Pasteur.Keys;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Keys;

/// <summary>What a seed makes never changes: docs/formats/ssh-seed.md.</summary>
public sealed class SshSeedTests
{
    /// <summary>Seed, and the fingerprint of its public key as ssh-keygen prints it. An implementation in another language made them.</summary>
    public static TheoryData<string, string> Vectors => new()
    {
        { "correct-horse-battery-staple", "SHA256:jnURjoYn+suHjRRQwoSznQRzDf2qNWlCJKYqG/hyWaI" },
        { "ed25519:correct-horse-battery-staple", "SHA256:jnURjoYn+suHjRRQwoSznQRzDf2qNWlCJKYqG/hyWaI" },
        { "rsa3072:correct-horse-battery-staple", "SHA256:TEus7zvd+AW830S3RigEvy4WBZxXMZCIKoH5ddPUyEY" },
        { "rsa4096:correct-horse-battery-staple", "SHA256:v9yVkOWHn91TE5Ydb365ZIO0yIMguqHf8psZSNMDO08" },
        { "abcdefghijklmnopqrst!~:%", "SHA256:J3GthUAxi17l19aepVfIukm7Eqy8MlzIbJzXq9KOyQU" },
        { "rsa3072:abcdefghijklmnopqrst!~:%", "SHA256:YM7TyKje4wWEe0ZolxPclu9YXaUBI73/oDn/vvv3T+E" },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Seed_makes_the_key_of_the_document(string text, string fingerprint)
    {
        using var key = SshKey.FromSeed(SshSeed.Read(text, out _)!);

        Assert.Equal(fingerprint, key.Fingerprint);
    }

    [Theory]
    [InlineData("correct-horse-battery-staple", "ssh-ed25519")]
    [InlineData("rsa3072:correct-horse-battery-staple", "ssh-rsa")]
    public void Stock_ssh_keygen_finds_the_same_public_key_in_our_private_key(string text, string type)
    {
        using var folder = new TemporaryFolder();
        var seed = SshSeed.Read(text, out _)!;
        using var key = SshKey.FromSeed(seed);
        File.WriteAllBytes(folder["key"], SshKey.Pem(seed));
        File.SetUnixFileMode(folder["key"], UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var found = Keygen("-y", "-P", "", "-f", folder["key"]).Split(' ');

        Assert.Equal(type, found[0]);
        Assert.Equal(key.PublicLine.Split(' ')[..2], found[..2]);
    }

    [Fact]
    public void Fingerprint_is_that_of_stock_ssh_keygen()
    {
        using var folder = new TemporaryFolder();
        using var key = SshKey.FromSeed(SshSeed.Generate(KeyType.Ed25519));
        File.WriteAllText(folder["key.pub"], key.PublicLine + "\n");

        Assert.Equal($"256 {key.Fingerprint} pasteur (ED25519)", Keygen("-l", "-E", "sha256", "-f", folder["key.pub"]));
    }

    [Theory]
    [InlineData("Ed25519", "ed25519:")]
    [InlineData("Rsa3072", "rsa3072:")]
    [InlineData("Rsa4096", "rsa4096:")]
    public void Generated_seed_says_its_type_is_one_word_and_reads_back(string type, string prefix)
    {
        var seed = SshSeed.Generate(Enum.Parse<KeyType>(type));
        var text = seed.Reveal();

        Assert.StartsWith(prefix, text, StringComparison.Ordinal);
        Assert.DoesNotContain(text, char.IsWhiteSpace);
        Assert.Equal(43, seed.Token.Length);
        Assert.Equal(text, SshSeed.Read(text, out _)!.Reveal());
        Assert.NotEqual(text, SshSeed.Generate(seed.Type).Reveal());
    }

    [Theory]
    [InlineData("", "too short")]
    [InlineData("nineteen-characters", "too short")]
    [InlineData("ed25519:nineteen-characters", "too short")]
    [InlineData("rsa2048:correct-horse-battery-staple", "unknown type")]
    [InlineData("rsa:correct-horse-battery-staple", "unknown type")]
    [InlineData("Ed25519:correct-horse-battery-staple", "unknown type")]
    [InlineData("correct horse battery staple", "has a space")]
    [InlineData("correct-horse-battery-stäple", "beyond ASCII")]
    public void Text_that_is_no_seed_is_refused_without_being_repeated(string text, string expected)
    {
        Assert.Null(SshSeed.Read(text, out var problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("horse", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Endless_text_is_no_seed() => Assert.Null(SshSeed.Read(new string('x', SeedText.LongestText + 1), out _));

    [Fact]
    public void Seed_and_key_are_shown_without_the_secret()
    {
        var seed = SshSeed.Read("ed25519:correct-horse-battery-staple", out _)!;
        using var key = SshKey.FromSeed(seed);

        Assert.DoesNotContain("horse", $"{seed} {key} {new Pasteur.Configuration.SshSettings { Seed = seed, Key = key }}", StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", $"{key}", StringComparison.Ordinal);
    }

    private static string Keygen(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ssh-keygen", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, process.StandardError.ReadToEnd());
        return output.TrimEnd();
    }
}
