using System.Net.Sockets;
using System.Text;
using Pasteur.Interop.Remotes;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Vm;

/// <summary>Debian's kernel and the program, booted in QEMU.</summary>
[Collection(BuiltMachine.Collection)]
public sealed class MachineTests
{
    [Fact]
    public async Task Without_a_disk_a_paste_is_answered_when_the_remote_has_it_and_the_power_button_ends_the_machine()
    {
        await using var daemon = await GitDaemon.StartOnBothAsync();
        daemon.CreateSeedling();
        // The host is also at fec0::2, for a machine that has taken an address from QEMU's router.
        await using var machine = await RunningMachine.BootAsync([], "--ipv4=10.0.2.15/24", "--ipv6=auto", "-r", $"git://[fec0::2]:{daemon.Port}/r.git");

        var id = await machine.PasteAsync("from a machine");

        Assert.Contains("from a machine", daemon.Git("r.git", "grep", "from a machine", "main"), StringComparison.Ordinal);
        Assert.Equal("from a machine", await machine.RawAsync(id));
        Assert.Contains("pasteur: eth0 has 10.0.2.15/24, and no gateway to other networks", machine.Console);
        Assert.Equal(0, await machine.PowerOffAsync());
        Assert.Contains(machine.Console, line => line.StartsWith("pasteur: power off", StringComparison.Ordinal));
        Assert.DoesNotContain(machine.Console, line => line.Contains("panic", StringComparison.OrdinalIgnoreCase) || line.Contains("did not power off", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ctrl_alt_del_ends_the_machine_as_the_power_button_does()
    {
        using var folder = new TemporaryFolder();
        var monitor = folder["monitor"];
        await using var machine = RunningMachine.StartBare(["-netdev", "user,id=net", "-device", "virtio-net-pci,netdev=net,romfile=", "-monitor", $"unix:{monitor},server=on,wait=off"]);
        await machine.SaysAsync("The site is at ");

        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(monitor), TestContext.Current.CancellationToken);
        await socket.SendAsync(Encoding.ASCII.GetBytes("sendkey ctrl-alt-delete\n"), TestContext.Current.CancellationToken);

        await machine.SaysAsync("pasteur: power off");
        await machine.EndsAsync();
        Assert.DoesNotContain(machine.Console, line => line.Contains("panic", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Image_holds_one_executable_and_no_shell()
    {
        var image = await Tool.RunAsync("zstd", ["-dqc", Path.Combine(BuiltMachine.Out, "initramfs.zst")]);
        var list = await Tool.RunAsync("cpio", ["--list", "--verbose", "--quiet", "--numeric-uid-gid"], image.Output);

        var executables = list.Text.Split('\n').Where(line => line.StartsWith('-') && line[..10].Contains('x', StringComparison.Ordinal)).ToList();
        Assert.EndsWith(" init", Assert.Single(executables), StringComparison.Ordinal);
        Assert.InRange(Length("initramfs.zst"), 1, BuiltMachine.IsMinimal ? 10_000_000 : 14_000_000);
        Assert.InRange(Length("pasteur.efi"), 1, BuiltMachine.IsMinimal ? 14_000_000 : 30_000_000);
        Assert.InRange(Length("kernel"), 1, BuiltMachine.IsMinimal ? 4_000_000 : 20_000_000);
    }

    private static long Length(string file) => new FileInfo(Path.Combine(BuiltMachine.Out, file)).Length;
}
