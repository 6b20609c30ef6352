using Pasteur.Interop.Remotes;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Vm;

/// <summary>Debian's kernel and the program, booted in QEMU.</summary>
[Collection(BuiltMachine.Collection)]
public sealed class MachineTests : IDisposable
{
    private static readonly string[] s_address = ["--ipv4=10.0.2.15/24", "--ipv4-gateway=10.0.2.2"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_a_disk_a_paste_is_answered_when_the_remote_has_it_and_the_power_button_ends_the_machine()
    {
        await using var daemon = await GitDaemon.StartAsync();
        daemon.CreateSeedling();
        await using var machine = await RunningMachine.BootAsync([], [.. s_address, "-r", $"git://10.0.2.2:{daemon.Port}/r.git"]);

        var id = await machine.PasteAsync("from a machine");

        Assert.Contains("from a machine", daemon.Git("r.git", "grep", "from a machine", "main"), StringComparison.Ordinal);
        Assert.Equal("from a machine", await machine.RawAsync(id));
        Assert.Contains("pasteur: eth0 has 10.0.2.15/24, gateway 10.0.2.2", machine.Console);
        Assert.Equal(0, await machine.PowerOffAsync());
        Assert.Contains("pasteur: power off", machine.Console);
        Assert.DoesNotContain(machine.Console, line => line.Contains("panic", StringComparison.OrdinalIgnoreCase) || line.Contains("did not power off", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_a_disk_and_an_address_from_DHCP_a_paste_outlives_the_plug()
    {
        var disk = _folder["disk"];
        string id;
        await using (var machine = await RunningMachine.BootAsync(["--disk", disk]))
        {
            id = await machine.PasteAsync("on a disk");
            await machine.PullPlugAsync();
        }

        await using var again = await RunningMachine.BootAsync(["--disk", disk]);

        Assert.Equal("on a disk", await again.RawAsync(id));
        Assert.Contains("pasteur: pastes are kept on the disk vda", again.Console);
        Assert.Contains(again.Console, line => line.StartsWith("pasteur: eth0 has 10.0.2.15/24, gateway 10.0.2.2", StringComparison.Ordinal));
        Assert.Equal(0, await again.PowerOffAsync());
    }

    /// <summary>What is wrong, and the one line that says so before the machine powers off.</summary>
    public static TheoryData<string, string> BadOptions => new()
    {
        { "--prot=80", "pasteur: unknown option --prot; did you mean --port?" },
        { "--ipv4=10.0.2.15/33", "pasteur: --ipv4 \"10.0.2.15/33\" is not an IPv4 address with the length of its network; give one such as 10.0.0.3/24, dhcp or none" },
        { "--ipv4=10.0.2.15/24 -r git://git.example.org/x", "pasteur: the remote's host git.example.org is a name, and there is no nameserver to ask; give --nameserver ADDRESS, or the host's address" },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public async Task Bad_option_is_one_line_on_the_console_and_the_machine_powers_off(string options, string line)
    {
        var console = await RunningMachine.UntilItEndsAsync([], options.Split(' '));

        Assert.Contains(line, console);
        Assert.Contains("pasteur: power off", console);
    }

    [Fact]
    public async Task Unformatted_disk_is_one_line_and_is_left_as_it_is()
    {
        var disk = _folder["disk"];
        await File.WriteAllBytesAsync(disk, new byte[1 << 20], TestContext.Current.CancellationToken);

        var console = await RunningMachine.UntilItEndsAsync(["--disk", disk], s_address);

        Assert.Contains("pasteur: the disk vda has no ext4 file system; make one on the host: mkfs.ext4 FILE", console);
        Assert.DoesNotContain(await File.ReadAllBytesAsync(disk, TestContext.Current.CancellationToken), b => b != 0);
    }

    [Fact]
    public async Task Image_holds_one_executable_and_no_shell()
    {
        var image = await Tool.RunAsync("zstd", ["-dqc", Path.Combine(BuiltMachine.Out, "initramfs.zst")]);
        var list = await Tool.RunAsync("cpio", ["--list", "--verbose", "--quiet", "--numeric-uid-gid"], image.Output);

        var executables = list.Text.Split('\n').Where(line => line.StartsWith('-') && line[..10].Contains('x', StringComparison.Ordinal)).ToList();
        Assert.EndsWith(" init", Assert.Single(executables), StringComparison.Ordinal);
        Assert.InRange(new FileInfo(Path.Combine(BuiltMachine.Out, "initramfs.zst")).Length, 1, 14_000_000);
        Assert.InRange(new FileInfo(Path.Combine(BuiltMachine.Out, "pasteur.efi")).Length, 1, 30_000_000);
    }
}
