using System.Security.Cryptography;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Tls;

/// <summary>Keys that somebody may have seen are replaced by <c>pasteur admin</c> while the site runs.</summary>
public sealed class ReplacingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_certificate_is_replaced_by_one_with_another_key_and_revoked_and_the_account_gets_another_key()
    {
        await using var pebble = await PebbleServer.StartAsync(new PebbleOptions { NonceRejects = 30 });
        string account;
        await using (var site = TlsSite.Start(pebble, _folder["data"], "--hostname", "localhost"))
        {
            using var first = await site.CertificateAsync();
            account = AccountPem();

            Assert.Contains("the one before is revoked", await AdminAsync(0, "replace-certificate"), StringComparison.Ordinal);
            using var second = await site.CertificateAsync();
            Assert.NotEqual(first.GetPublicKeyString(), second.GetPublicKeyString());
            Assert.Equal(("Revoked", "Valid"), (await pebble.StatusAsync(first), await pebble.StatusAsync(second)));
            Assert.Equal(account, AccountPem());

            Assert.Contains("the account has another key", await AdminAsync(0, "replace-account-key"), StringComparison.Ordinal);
            Assert.NotEqual(account, account = AccountPem());
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(AccountFile));
            Assert.False(File.Exists(Path.Combine(Path.GetDirectoryName(AccountFile)!, "account.next.pem")));
            // With the key that is kept, it may revoke what it got with the other.
            await AdminAsync(0, "replace-certificate");
            Assert.Equal("Revoked", await pebble.StatusAsync(second));

            await pebble.StopAsync();
            using var third = await site.CertificateAsync();
            Assert.Contains("nothing was replaced: ", await AdminAsync(66, "replace-certificate"), StringComparison.Ordinal);
            Assert.Contains("the account keeps its key", await AdminAsync(66, "replace-account-key"), StringComparison.Ordinal);
            using var still = await site.CertificateAsync();
            Assert.Equal((third.SerialNumber, account), (still.SerialNumber, AccountPem()));
        }
        Assert.Contains("no site with --https runs", await AdminAsync(66, "replace-certificate"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_seeds_make_is_replaced_by_other_seeds()
    {
        await using var pebble = await PebbleServer.StartAsync();
        await using var site = TlsSite.Start(pebble, _folder["data"], "--hostname", "localhost", "--account-seed", Seed(), "--cert-seed", Seed());
        using var certificate = await site.CertificateAsync();
        Assert.Contains("--cert-seed; start again with another seed", await AdminAsync(66, "replace-certificate"), StringComparison.Ordinal);
        Assert.Contains("--account-seed; start again with another seed", await AdminAsync(66, "replace-account-key"), StringComparison.Ordinal);
        Assert.Equal("Valid", await pebble.StatusAsync(certificate));
    }

    private static string Seed() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private string AccountFile => Assert.Single(Directory.GetFiles(_folder["data"], "account.pem", SearchOption.AllDirectories));

    private string AccountPem() => File.ReadAllText(AccountFile);

    private async Task<string> AdminAsync(int exitCode, params string[] words)
    {
        var run = await Tool.RunAsync(PasteurProcess.ProgramPath, ["admin", "--data", _folder["data"], .. words]);
        Assert.True(exitCode == run.ExitCode, run.Text + run.Errors);
        return run.Text + run.Errors;
    }
}
