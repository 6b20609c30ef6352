using System.Security.Cryptography;
using System.Text;
using Pasteur.Configuration;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Tls;

/// <summary>A disk that does not take the keys.</summary>
public sealed class VaultFaultTests
{
    [Fact]
    public async Task Account_key_that_may_not_have_reached_the_disk_is_not_used()
    {
        using var folder = new TemporaryFolder();
        var directory = new Uri($"https://localhost:{Ports.Free()}/dir");
        var kept = folder[$"data/tls/localhost-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(directory.AbsoluteUri)).AsSpan(0, 4))}/account.pem"];
        await using var program = PasteurProcess.Start(
            new Dictionary<string, string?>(),
            ["--https", "--hostname", "localhost", "--bind", "127.0.0.1", "--port", "0", "--http-port", "off", "--data", folder["data"], "--acme-directory", directory.AbsoluteUri],
            "strace", "-f", "--seccomp-bpf", "-qq", "-o", folder["strace"], "-P", kept + ".new", "-e", "trace=fsync", "-e", "inject=fsync:error=EIO");

        Assert.Equal(ExitCodes.DataFolderUnusable, await program.WaitForExitAsync());
        Assert.Contains(program.Errors, line => line.Contains($"can't keep the key of the account in {kept}", StringComparison.Ordinal));
        Assert.Contains("EIO", await File.ReadAllTextAsync(folder["strace"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.False(File.Exists(kept));
    }
}
