using System.CommandLine;
using System.Net;
using Pasteur.Configuration;

namespace Pasteur.Tests.Configuration;

public sealed class DnsSettingsTests
{
    private const string Key = "acme-key:hmac-sha256:c2VjcmV0LWNhbmFyeQ==";

    [Fact]
    public void Without_any_of_it_names_are_not_proved_by_DNS() => Assert.Equal((null, 0), Summary(Read("", isHttps: true)));

    [Fact]
    public void The_port_is_53_unless_said_otherwise()
    {
        Assert.Equal(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 53), Read($"--dns-key {Key} --dns-addr 192.0.2.1", isHttps: true).Settings!.Server);
        Assert.Equal(new IPEndPoint(IPAddress.IPv6Loopback, 5353), Read($"--dns-key {Key} --dns-addr ::1 --dns-port 5353", isHttps: true).Settings!.Server);
    }

    [Theory]
    [InlineData($"--dns-key {Key}", true, "--dns-key needs the server that takes updates; give --dns-addr ADDRESS too")]
    [InlineData("--dns-addr 192.0.2.1", true, "--dns-addr needs the key for updates; give --dns-key NAME:ALGORITHM:SECRET too")]
    [InlineData("--dns-port 53", true, "--dns-port needs the key for updates")]
    [InlineData($"--dns-key {Key} --dns-addr 192.0.2.1", false, "--dns-key is for a certificate that --https gets from an authority; give --https too, without --cert-file, or leave it out")]
    public void Half_of_it_is_told_in_one_line(string line, bool isHttps, string expected)
    {
        var problem = Assert.Single(Read(line, isHttps).Problems);

        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_key_is_in_nothing_that_is_shown()
    {
        var shown = Read($"--dns-key {Key} --dns-addr 192.0.2.1", isHttps: true).Settings!.ToString();

        Assert.Contains("acme-key", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("c2Vjc", shown, StringComparison.Ordinal);
        var commandLine = new CommandLine();
        commandLine.Read(["--dns-key", Key], _ => null);
        Assert.Equal([Key], commandLine.Secrets);
    }

    private static (DnsSettings? Settings, IReadOnlyList<string> Problems) Read(string line, bool isHttps)
    {
        var list = new SettingList();
        var root = new RootCommand();
        foreach (var setting in list.All)
            root.Add(setting.Option);
        var reader = new SettingsReader(list, root.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)), _ => null);
        return (new DnsSettingsReader(list.Dns, reader).Read(isHttps), reader.Problems);
    }

    private static (DnsSettings?, int) Summary((DnsSettings? Settings, IReadOnlyList<string> Problems) read) => (read.Settings, read.Problems.Count);
}
