using System.Net;
using System.Net.Http;
using System.Security.Cryptography;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Vm;

/// <summary>Machines that lack something: each says what in one line on its console.</summary>
[Collection(BuiltMachine.Collection)]
public sealed class BadMachineTests : IDisposable
{
    private static readonly string[] s_address = ["--ipv4=10.0.2.15/24", "--ipv4-gateway=10.0.2.2"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>What is wrong, and the one line that says so before the machine powers off.</summary>
    public static TheoryData<string, string> BadOptions => new()
    {
        { "--prot=80", "pasteur: unknown option --prot; did you mean --port?" },
        { "--ipv4=10.0.2.15/33", "pasteur: --ipv4 \"10.0.2.15/33\" is not an IPv4 address with the length of its network; give one such as 10.0.0.3/24, dhcp or none" },
        { "--ipv4=10.0.2.15/24 -r git://git.example.org/x", "pasteur: the remote's host git.example.org is a name, and there is no nameserver to ask; give --nameserver ADDRESS, or the host's address" },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public async Task Bad_option_is_one_line_and_the_machine_powers_off(string options, string line)
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

    [Fact(Explicit = true)]
    public async Task Memory_that_is_filled_refuses_pastes_and_the_machine_goes_on()
    {
        await using var machine = await RunningMachine.BootAsync(["--memory", BuiltMachine.IsMinimal ? "128M" : "256M"], [.. s_address, "--limit-writes=0", "--limit-bytes=0"]);
        var first = await machine.PasteAsync("the first");
        var status = HttpStatusCode.OK;
        for (var n = 0; n < 100 && status == HttpStatusCode.OK; n++)
        {
            using var answer = await machine.Http.PutAsync("x.bin", new ByteArrayContent(RandomNumberGenerator.GetBytes(900_000)), TestContext.Current.CancellationToken);
            status = answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.InsufficientStorage, status);
        Assert.Equal("the first", await machine.RawAsync(first));
        Assert.Equal(0, await machine.PowerOffAsync());
    }

    [Fact]
    public async Task No_network_card_is_one_line_and_the_machine_powers_off()
    {
        await using var machine = RunningMachine.StartBare([], s_address);

        await machine.EndsAsync();
        Assert.Contains("pasteur: the machine has no network card that this kernel knows; give it one of virtio, Xen or Hyper-V", machine.Console);
        Assert.Contains("pasteur: power off", machine.Console);
    }

    [Fact]
    public async Task Clock_at_1970_and_a_remote_over_https_is_one_line_and_the_machine_powers_off()
    {
        var console = await RunningMachine.UntilItEndsAsync(["--qemu", "-rtc", "--qemu", "base=1970-01-01"], [.. s_address, "-r", "https://10.0.2.2/r.git"]);

        Assert.Contains("pasteur: certificates can't be judged without the time, and the machine has no clock; give --ntp HOST", console);
        Assert.Contains("pasteur: power off", console);
    }

    [Fact]
    public async Task Too_little_memory_is_refused_and_a_kernel_without_room_says_so_and_starts_anew()
    {
        var refused = await RunningMachine.UntilItEndsAsync(["--memory", "32M"]);
        Assert.Contains(refused, line => line.StartsWith("vm: --memory \"32M\" is too little for a kernel and the program; give ", StringComparison.Ordinal));

        // What nobody refuses ends before the program could.
        await using var machine = RunningMachine.StartBare(["-m", BuiltMachine.IsMinimal ? "40" : "96"]);

        await machine.SaysAsync("Kernel panic - not syncing: ");
        await machine.EndsAsync();
    }

    [Fact]
    public async Task Console_on_a_serial_port_that_is_not_there_ends_nothing()
    {
        await using var machine = await RunningMachine.BootSilentAsync(s_address);

        Assert.Equal("unheard", await machine.RawAsync(await machine.PasteAsync("unheard")));
        Assert.Empty(machine.Console);
    }

    /// <summary>It asks three times before it speaks: vm/check runs this.</summary>
    [Fact(Explicit = true)]
    public async Task No_DHCP_server_is_one_line_and_is_asked_again()
    {
        await using var machine = RunningMachine.StartBare(["-netdev", "hubport,id=net,hubid=0", "-device", "virtio-net-pci,netdev=net,romfile="]);

        await machine.SaysAsync("pasteur: no DHCP server answers on eth0; asking again (--ipv4 ADDRESS/LENGTH sets an address without one)");
    }

    [Fact]
    public async Task Full_disk_and_a_remote_out_of_reach_are_lines_and_the_site_goes_on()
    {
        var disk = _folder["disk"];
        var made = await Tool.RunAsync("/usr/sbin/mkfs.ext4", ["-q", "-E", "root_owner=1000:1000", disk, "10m"]);
        Assert.True(made.ExitCode == 0, made.Errors);
        await using var machine = await RunningMachine.BootAsync(["--disk", disk], "--ipv4=10.0.2.15/24", "--ipv4-gateway=10.0.2.99", "-r", "git://192.0.2.1/r.git");
        var first = await machine.PasteAsync("while there was room");

        await machine.SaysAsync("git://192.0.2.1/r.git");
        var status = HttpStatusCode.OK;
        for (var i = 0; i < 40 && status == HttpStatusCode.OK; i++)
            status = await PasteAsync(machine.Http, 400_000);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        await machine.SaysAsync("No space left on device");
        Assert.Equal("while there was room", await machine.RawAsync(first));
        Assert.Equal(0, await machine.PowerOffAsync());
    }

    private static async Task<HttpStatusCode> PasteAsync(HttpClient http, int length)
    {
        using var body = new StringContent(Convert.ToBase64String(RandomNumberGenerator.GetBytes(length)));
        using var answer = await http.PostAsync("", body, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
