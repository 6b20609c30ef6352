using Pasteur.Keys;

namespace Pasteur.Interop.Remotes;

/// <summary>Dropbear, as routers and small machines have it: it takes no variables, so Git speaks its oldest protocol.</summary>
internal sealed class DropbearServer : SshServer
{
    public static async Task<DropbearServer> StartAsync()
    {
        var server = new DropbearServer();
        try
        {
            server.Prepare("ed25519");
            using (var key = SshKey.FromSeed(server.Seed))
                server.Authorize("", key.PublicLine);
            Assert.Equal(0, (await Support.Tool.RunAsync("dropbearconvert", ["openssh", "dropbear", server.HostKey("ed25519"), server.Own["dropbear_key"]])).ExitCode);
            await server.ListenAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    protected override string[] Command() => ["dropbear", "-F", "-E", "-s", "-p", $"127.0.0.1:{Port}", "-P", Own["pid"], "-r", Own["dropbear_key"]];
}
