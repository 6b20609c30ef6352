using System.Globalization;
using Pasteur.Interop.Remotes;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Vm;

/// <summary>kill -9 of QEMU under load. `vm/check` has it done 20 times each (PASTEUR_VM_ROUNDS).</summary>
[Collection(BuiltMachine.Collection)]
public sealed class PlugTests : IDisposable
{
    private static readonly int s_rounds = int.Parse(Environment.GetEnvironmentVariable("PASTEUR_VM_ROUNDS") ?? "1", CultureInfo.InvariantCulture);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task With_a_disk_no_acknowledged_paste_is_lost_when_the_plug_is_pulled()
    {
        var disk = _folder["disk"];
        var load = new Load();
        for (var round = 0; round < s_rounds; round++)
        {
            // An address from DHCP, as nothing else is said.
            await using var machine = await RunningMachine.BootAsync(["--disk", disk], "--limit-writes=0");
            await load.UntilPluggedOutAsync(machine);
        }

        await using var again = await RunningMachine.BootAsync(["--disk", disk]);

        foreach (var (id, content) in load.Acknowledged)
            Assert.Equal(content, await again.RawAsync(id));
        Assert.Contains(again.Console, line => line.StartsWith("pasteur: pastes are kept on the disk vd", StringComparison.Ordinal));
        Assert.Contains(again.Console, line => line.StartsWith("pasteur: eth0 has 10.0.2.15/24, gateway 10.0.2.2", StringComparison.Ordinal));
        Assert.Equal(0, await again.PowerOffAsync());
    }

    [Fact]
    public async Task Without_a_disk_no_acknowledged_paste_is_lost_since_the_remote_has_it()
    {
        await using var daemon = await GitDaemon.StartAsync();
        daemon.CreateSeedling();
        var load = new Load();
        for (var round = 0; round < s_rounds; round++)
        {
            await using var machine = await RunningMachine.BootAsync([], "--ipv4=10.0.2.15/24", "--ipv4-gateway=10.0.2.2", "--limit-writes=0", "-r", $"git://10.0.2.2:{daemon.Port}/r.git");
            await load.UntilPluggedOutAsync(machine);
        }

        daemon.AssertSound("r.git");
        var kept = daemon.Git("r.git", "ls-tree", "-r", "--name-only", "main").Split('\n').ToHashSet();
        foreach (var (id, content) in load.Acknowledged)
        {
            var path = $"{id[0]}/{id[1]}/{id[2]}/{id}/paste.txt";
            Assert.Contains(path, kept);
            Assert.Equal(content, daemon.Git("r.git", "show", $"main:{path}"));
        }
    }
}
