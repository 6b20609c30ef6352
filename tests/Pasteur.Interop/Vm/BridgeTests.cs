using System.Globalization;
using Pasteur.Interop.Remotes;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Vm;

/// <summary>Machines on TAP devices, in network namespaces.</summary>
[Collection(BuiltMachine.Collection)]
public sealed class BridgeTests : IAsyncDisposable
{
    // RFC 4330: what a server that knows the time answers.
    private const string TimeServer = """
        import socket, struct, time
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.bind(('10.0.0.1', 123))
        while True:
            request, sender = s.recvfrom(512)
            s.sendto(struct.pack('>BBbb11I', 0x24, 1, 0, 0, 0, 0, 0, 0, 0, *struct.unpack('>II', request[40:48]), 0, 0, int(time.time()) + 2208988800, 0), sender)
        """;

    private readonly Repositories _repositories = new();

    public ValueTask DisposeAsync() => _repositories.DisposeAsync();

    /// <summary>The set-up of docs/virtual-machine.md.</summary>
    [Fact]
    public async Task A_machine_on_a_bridge_has_the_time_from_a_server_and_feeds_the_git_daemon_of_its_host()
    {
        await using var host = await NetworkNamespace.CreateAsync("bridge");
        var bridge = Path.Combine(BuiltMachine.Folder, "bridge");
        await host.RunAsync(bridge, "--name", "br1", "--address", "10.0.0.1/24", "--tap", "tap100");
        await host.IpAsync("address add fd00::1/64 dev br1 nodad");
        ServeGit(host, "10.0.0.1");
        host.Keep("python3", "-c", TimeServer);

        await using var machine = await RunningMachine.BootInAsync(host, "tap100", ["--qemu", "-rtc", "--qemu", "base=1970-01-01"],
            "--ipv4=10.0.0.3/24", "--ipv4-gateway=10.0.0.1", "--ipv6=fd00::3/64", "--ntp=10.0.0.1", "-r", "git://10.0.0.1/pasteur");

        await host.RunAsync("curl", "-fsS", "--noproxy", "*", "-F", "paste=over a bridge", "http://10.0.0.3:4343/");
        await host.RunAsync("curl", "-fsS", "--noproxy", "*", "http://[fd00::3]:4343/healthz");
        Assert.Contains("over a bridge", _repositories.Git("pasteur", "grep", "over a bridge", "main"), StringComparison.Ordinal);
        var written = DateTimeOffset.FromUnixTimeSeconds(long.Parse(_repositories.Git("pasteur", "log", "-1", "--format=%ct", "main"), CultureInfo.InvariantCulture));
        Assert.InRange(written, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
        Assert.Contains(machine.Console, line => line.StartsWith("pasteur: the clock is set: ", StringComparison.Ordinal));
        Assert.Equal(0, await machine.PowerOffAsync());
        await host.RunAsync(bridge, "--tap", "tap100", "--remove");
        Assert.False(await host.HasAsync("br1"));
        Assert.False(await host.HasAsync("tap100"));
    }

    /// <summary>What Docker makes of vm/docker: a namespace with an eth0 that has an address and a router. vm/check runs this.</summary>
    [Fact(Explicit = true)]
    public async Task A_machine_in_a_container_takes_over_the_containers_address()
    {
        await using var host = await NetworkNamespace.CreateAsync("host");
        await using var container = await NetworkNamespace.CreateAsync("container");
        await host.IpAsync($"link add docker0 type veth peer name eth0 netns {container.Name}");
        await host.IpAsync("address add 172.30.9.1/24 dev docker0");
        await host.IpAsync("link set docker0 up");
        await container.IpAsync("address add 172.30.9.2/24 dev eth0");
        await container.IpAsync("link set eth0 up");
        await container.IpAsync("route add default via 172.30.9.1");
        ServeGit(host, "172.30.9.1");

        await using var machine = await RunningMachine.BootInContainerAsync(container, "-r", "git://172.30.9.1/pasteur");

        await host.RunAsync("curl", "-fsS", "--noproxy", "*", "-F", "paste=out of a container", "http://172.30.9.2:4343/");
        Assert.Contains("out of a container", _repositories.Git("pasteur", "grep", "out of a container", "main"), StringComparison.Ordinal);
        Assert.Contains("pasteur: eth0 has 172.30.9.2/24, gateway 172.30.9.1", machine.Console);
        Assert.Equal(0, await machine.PowerOffAsync());
    }

    private void ServeGit(NetworkNamespace host, string address)
    {
        _repositories.MakeSeedling("pasteur");
        host.Keep(Path.Combine(StockGit.Run(_repositories.Folder, "--exec-path"), "git-daemon"), $"--listen={address}", $"--base-path={_repositories.Folder}", "--export-all", "--enable=receive-pack");
    }

    private sealed class Repositories : BareRepositories;
}
