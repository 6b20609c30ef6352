using System.Net;
using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Configuration;

public sealed class CommandLineTests
{
    private static readonly Dictionary<string, string> s_home = new() { ["HOME"] = "/home/ada" };

    /// <summary>The command line, then what the one line of complaint must say: where, what, and what to do.</summary>
    public static TheoryData<string, string> BadOptions => new()
    {
        { "--port 65536", "--port \"65536\" is not a port; give a number from 0 to 65535" },
        { "--port -1", "--port" },
        { "-p 80x", "--port \"80x\" is not a port" },
        { "--port 0x10", "--port \"0x10\" is not a port" },
        { "--port", "--port needs a value: --port NUMBER" },
        { "--port 1 --port 2", "--port is given 2 times; give it once" },
        { "--bind 1", "--bind \"1\" is not an IP address" },
        { "--bind example.org", "--bind \"example.org\" is not an IP address" },
        { "--bind 1.2.3.4.5", "--bind \"1.2.3.4.5\" is not an IP address" },
        { "--base-path paste", "--base-path \"paste\" is not a path for a site; give one such as /paste" },
        { "--base-path /a//b", "--base-path" },
        { "--base-path /a/../b", "--base-path" },
        { "--base-path /a?b", "--base-path" },
        { "--trusted-proxy proxy.example.org", "--trusted-proxy \"proxy.example.org\" is not a network; give one such as 10.0.0.0/8, an address, or unix" },
        { "--trusted-proxy 10.0.0.0/33", "--trusted-proxy \"10.0.0.0/33\" is not a network; what stands behind / is a number from 0 to 32" },
        { "--trusted-proxy ::/129", "from 0 to 128" },
        { "--trusted-proxy 10.0.0.0/", "from 0 to 32" },
        { "--trusted-proxy 10.0.0.0/+8", "from 0 to 32" },
        { "--trusted-proxy 10.1.2.3/8", "--trusted-proxy \"10.1.2.3/8\" is an address within a network; for the network give 10.0.0.0/8, for the address leave /8 out" },
        { "--trusted-proxy fd00::1/64", "give fd00::/64" },
        { "--trusted-proxy *", "--trusted-proxy \"*\" is not a network" },
        { "-h zero.bin", "-h shows the help here, and takes no value; the name of the host is given as --hostname zero.bin" },
        { "-r git://h/x -h zero.bin -p 80", "--hostname zero.bin" },
        { "-hzero.bin", "--hostname zero.bin" },
        { "-h=zero.bin", "--hostname zero.bin" },
        { "-h a/b?c", "--hostname NAME" },
        { "--challenge", "--challenge needs a value: --challenge on|off|BITS" },
        { "--challenge maybe", "--challenge \"maybe\" is neither on nor off, nor a number of bits; give a number from 8 to 20" },
        { "--challenge 21", "from 8 to 20" },
        { "--challenge 7", "from 8 to 20" },
        { "--challenge on --termbin-port 9999", "--termbin-port lets everybody paste, but --challenge asks for work that netcat cannot do; leave one of them out" },
        { "--auth ada", "--auth needs both a user and a password; write user:password" },
        { "--auth :secret", "--auth needs both" },
        { "--auth ada:", "--auth needs both" },
        { "--data x --no-data", "--data and --no-data contradict each other" },
        { "--no-data=maybe", "belongs to no option" },
        { "--branch a..b", "--branch \"a..b\" is not a name for a branch" },
        { "--branch /a", "--branch" },
        { "--branch a/", "--branch" },
        { "--branch a.lock", "--branch" },
        { "--branch a/.b", "--branch" },
        { "--branch a@{1}", "--branch" },
        { "--branch @", "--branch" },
        { "--branch HEAD", "--branch" },
        { "--branch a~1", "--branch" },
        { "--remote ssh://host/x", "--remote \"ssh://host/x\" names no user; write git@host:path or ssh://user@host/path" },
        { "--remote ftp://ada:canary@host/x", "--remote \"ftp://…@host/x\" has an unknown scheme; give git@host:path" },
        { "--remote git@-oProxyCommand=x:y", "begins with a dash, as options do" },
        { "--remote git://host", "--remote \"git://host\" names no repository" },
        { "--remote git:///x", "--remote \"git:///x\" is not a git URL" },
        { "--remote git://host:99999/x", "--remote \"git://host:99999/x\" is not a git URL" },
        { "--remote git://ada@host/x", "git:// knows no users" },
        { "--remote git://host/x?y", "has a ? or # in it" },
        { "--remote file://host/x", "is not a file URL" },
        { "-r https://h/x --remote-token a\tb", "--remote-token has a line break or another character that no token has; give the token alone" },
        { "-r https://h/x --remote-token é", "--remote-token has a line break or another character" },
        { "-r https://h/x --remote-token-file /nowhere/token", "--remote-token-file \"/nowhere/token\" is not there; give the path of a file" },
        { "-r https://h/x --remote-token-file /", "--remote-token-file \"/\" cannot be read" },
        { "-r https://h/x --remote-token-file /dev/zero", "--remote-token-file \"/dev/zero\" is larger than 8192 bytes; is it the right file?" },
        { "-r https://h/x --remote-token-file /dev/null", "--remote-token-file \"/dev/null\" is empty; give the token" },
        { "-r https://h/x --remote-token-file /dev/null --remote-token canary", "--remote-token and --remote-token-file contradict each other; give one of them" },
        { "-r https://ada:canary@h/x --remote-token canary", "--remote-token and the password in the remote's URL contradict each other; give one of them" },
        { "-r git://h/x --remote-token canary", "--remote-token is for http and https remotes alone; leave it out, or give --remote https://host/path" },
        { "-r git://h/x --remote-ca /etc/ssl/certs/ca-certificates.crt", "--remote-ca is for http and https remotes alone" },
        { "--remote-token canary", "--remote-token needs a remote; give --remote URL too" },
        { "-r https://h/x --remote-ca /nowhere/ca.pem", "--remote-ca \"/nowhere/ca.pem\" is not there" },
        { "-r https://h/x --remote-ca /dev/null", "--remote-ca \"/dev/null\" holds no certificate; give a file of PEM certificates" },
        { "-r https://h/x --remote-ca /dev/zero", "--remote-ca \"/dev/zero\" is larger than 1048576 bytes" },
        { "--dns-key canary", "--dns-key is not a key; write name:algorithm:secret" },
        { "--dns-key hmac-sha256:k:canary", "--dns-key has its algorithm first" },
        { "--dns-key k:hmac-md5:canary", "--dns-key has an algorithm that is unknown or too weak; give hmac-sha256, hmac-sha384 or hmac-sha512" },
        { "--dns-key k:SHA256:canary", "--dns-key has a secret that is not base64" },
        { "--dns-addr ns1.example.org", "--dns-addr \"ns1.example.org\" is not an IP address; give that of the server, such as 192.0.2.1" },
        { "--dns-addr *", "--dns-addr \"*\" is not an IP address" },
        { "--dns-port 0", "--dns-port \"0\" is not a port; give a number from 1 to 65535" },
        { "--dns-addr 192.0.2.1", "--dns-addr is for a certificate that --https gets from an authority; give --https too, without --cert-file, or leave it out" },
        { "--ack both", "--ack \"both\" is unknown; give local or remote" },
        { "--ack remote", "--ack remote needs a remote; give --remote URL too" },
        { "--expiry-on here -r git://h/x", "--expiry-on \"here\" is unknown; give remote, local or none" },
        { "--expiry-on local", "--expiry-on needs a remote; give --remote URL too" },
        { "-r git://h/x --no-data --expiry-on local", "--expiry-on local needs a disk to keep pastes on; give --data FOLDER, or --expiry-on none" },
        { "-r git://h/x --expiry-on none --default-expiry 1d", "--default-expiry 1d cannot be kept, since pastes that end are refused; give --expiry-on remote or local" },
        { "--default-expiry 2d --max-expiry 1d", "--default-expiry \"2d\" is longer than --max-expiry allows; give at most 1d" },
        { "--default-expiry soon", "--default-expiry" },
        { "--max-expiry 1s", "--max-expiry" },
        { "-r git://h/x --length 7 --ack local", "--ack local is not safe with ids of 7 characters" },
        { "--pull-every 30", "--pull-every \"30\" is not a duration; write a number with a unit" },
        { "--pull-every 3y", "--pull-every \"3y\" has an unknown unit \"y\"" },
        { "--pull-every 999ms", "--pull-every \"999ms\" is out of range; give 1s to 1d" },
        { "--pull-every 25h", "out of range" },
        { "--on-rewind panic", "--on-rewind \"panic\" is unknown; give replay, follow or stop" },
        { "--max-size 1PB", "--max-size \"1PB\" has an unknown unit \"PB\"" },
        { "--max-size 1000", "--max-size \"1000\" is out of range; give 1KiB to 64MiB" },
        { "--max-size 65MiB", "out of range" },
        { "--max-size 99999999999999999999GiB", "--max-size" },
        { "--max-size 1.5MiB", "--max-size" },
        { "--max-size -1MiB", "--max-size" },
        { "--length 2", "--length \"2\" is not a length for ids; give a number from 3 to 32" },
        { "--length 33", "--length \"33\"" },
        { "--length -1", "--length" },
        { "--length 1e1", "--length \"1e1\" is not a length" },
        { "--length 99999999999", "--length \"99999999999\"" },
        { "-r git://h/x --length x", "--length \"x\"" },
        { "-r git://h/x --length 2 --ack local", "--length \"2\"" },
        { "--title a\tb", "--title \"a?b\" does not fit on one line" },
        { "--log-level loud", "--log-level \"loud\" is unknown; give debug, info, warning or error" },
        { "--prot 80", "unknown option --prot; did you mean --port?" },
        { "--remot git://h/x", "unknown option --remot; did you mean --remote?" },
        { "--frobnicate", "unknown option --frobnicate; see pasteur --help" },
        { "fsk", "unknown command fsk; did you mean fsck?" },
        { "@file", "unknown command @file" },
        { "--title a b", "a word of the command line belongs to no option" },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void Bad_option_gets_one_line_that_says_where_what_and_what_to_do(string line, string expected)
    {
        var problem = Assert.Single(Refuse(line, s_home));

        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain(problem, char.IsControl);
    }

    public static TheoryData<string, string, string> BadVariables => new()
    {
        { "PASTEUR_PORT", "tcp://10.0.0.1:4343", "PASTEUR_PORT \"tcp://10.0.0.1:4343\" is not a port" },
        { "PASTEUR_NO_DATA", "maybe", "PASTEUR_NO_DATA \"maybe\" is neither yes nor no" },
        { "PASTEUR_MAX_SIZE", "huge", "PASTEUR_MAX_SIZE \"huge\" is not a size" },
        { "PASTEUR_AUTH", "secret", "PASTEUR_AUTH needs both a user and a password" },
        { "PASTEUR_ACK", "remote", "PASTEUR_ACK remote needs a remote" },
        { "PASTEUR_DATA", "a\0b", "PASTEUR_DATA \"a?b\" is not a folder" },
    };

    [Theory]
    [MemberData(nameof(BadVariables))]
    public void Bad_variable_is_named_in_its_line(string variable, string value, string expected)
    {
        var problem = Assert.Single(Refuse("", new(s_home) { [variable] = value }));

        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-h")]
    [InlineData("-h -p 80")]
    [InlineData("-p 80 -h")]
    [InlineData("-h put")]
    [InlineData("put -h")]
    [InlineData("put -h file")]
    [InlineData("--help zero.bin")]
    public void Help_without_a_host_name_is_help(string line) =>
        Assert.IsType<Invocation.Show>(new CommandLine().Read(line.Split(' '), _ => null));

    [Fact]
    public void Every_command_is_known_by_its_name_before_it_is_made() =>
        Assert.Equal(Subcommands.Names, new Subcommands(new SettingList()).All.Select(command => command.Name));

    [Fact]
    public void A_value_that_begins_as_help_does_is_a_value() => Assert.Equal("-hello", Serve("--title -hello", s_home).Title);

    [Fact]
    public void Every_bad_value_is_told_at_once()
    {
        var problems = Refuse("--port x --length x --max-size x", s_home);

        Assert.Equal(3, problems.Count);
    }

    [Fact]
    public void Defaults_are_those_of_the_help()
    {
        var settings = Serve("", s_home);

        Assert.Equal(IPAddress.Loopback, settings.Bind);
        Assert.Equal(4343, settings.Port);
        Assert.Equal("/home/ada/.local/share/pasteur", settings.DataFolder);
        Assert.Null(settings.Remote);
        Assert.Equal("main", settings.Branch);
        Assert.Equal(1 << 20, settings.MaxPasteBytes);
        Assert.Equal(10, settings.IdLength);
        Assert.Equal("Pasteur", settings.Title);
        Assert.Null(settings.Auth);
        Assert.Equal("", settings.BasePath);
        Assert.Equal(Microsoft.Extensions.Logging.LogLevel.Information, settings.LogLevel);
    }

    [Fact]
    public void Option_beats_variable_and_variable_beats_default()
    {
        var environment = new Dictionary<string, string>(s_home) { ["PASTEUR_PORT"] = "81", ["PASTEUR_BIND"] = "::1", ["PASTEUR_TITLE"] = "" };

        var settings = Serve("--port 80", environment);

        Assert.Equal(80, settings.Port);
        Assert.Equal(IPAddress.IPv6Loopback, settings.Bind);
        Assert.Equal("Pasteur", settings.Title);
    }

    [Theory]
    [InlineData("", "/data/xdg", "/data/xdg/pasteur")]
    [InlineData("", "relative", "/home/ada/.local/share/pasteur")]
    [InlineData("--data /srv/p", "/data/xdg", "/srv/p")]
    [InlineData("--no-data", "/data/xdg", null)]
    public void Data_folder_follows_the_base_directory_specification(string line, string xdg, string? expected) =>
        Assert.Equal(expected, Serve(line, new(s_home) { ["XDG_DATA_HOME"] = xdg }).DataFolder);

    [Fact]
    public void Without_a_home_it_asks_for_the_data_folder()
    {
        var problem = Assert.Single(Refuse("", []));

        Assert.Contains("HOME and XDG_DATA_HOME are not set", problem, StringComparison.Ordinal);
        Assert.Contains("--data FOLDER", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Option_for_memory_beats_variable_for_a_folder_and_the_other_way_round()
    {
        Assert.Null(Serve("--no-data", new(s_home) { ["PASTEUR_DATA"] = "/srv/p" }).DataFolder);
        Assert.Equal("/srv/p", Serve("--data /srv/p", new(s_home) { ["PASTEUR_NO_DATA"] = "1" }).DataFolder);
        Assert.Single(Refuse("", new(s_home) { ["PASTEUR_DATA"] = "/srv/p", ["PASTEUR_NO_DATA"] = "1" }));
    }

    [Fact]
    public void What_is_in_memory_may_not_fill_it()
    {
        Assert.InRange(Serve("--no-data", s_home).MaxTotalBytes!.Value, Limits.SmallestMaxTotalBytes, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 3);
        Assert.Null(Serve("--no-data --max-total none", s_home).MaxTotalBytes);
        Assert.Equal(5 << 20, Serve("--no-data --max-total 5MiB", s_home).MaxTotalBytes);
        Assert.Null(Serve("", s_home).MaxTotalBytes);
    }

    [Theory]
    [InlineData("", "Local")]
    [InlineData("--no-data", "Remote")]
    [InlineData("--no-data --ack local", "Local")]
    [InlineData("--length 8", "Local")]
    [InlineData("--length 7", "Remote")]
    [InlineData("--ack remote", "Remote")]
    public void Ack_is_local_where_the_disk_and_the_ids_allow_it(string line, string expected) =>
        Assert.Equal(expected, Serve($"-r git://h/x {line}", s_home).Remote!.Ack.ToString());

    [Fact]
    public void Remote_settings_are_read()
    {
        var remote = Serve("-r git://localhost/git-pasteur --pull-every 5m --on-rewind follow", s_home).Remote!;

        Assert.Equal(new RemoteUrl.GitDaemon("localhost", 9418, "/git-pasteur"), remote.Url);
        Assert.Equal(TimeSpan.FromMinutes(5), remote.PullEvery);
        Assert.Equal(RewindPolicy.Follow, remote.OnRewind);
    }

    [Theory]
    [InlineData("token-1\n")]
    [InlineData("token-1\r\n")]
    [InlineData("token-1")]
    public void Token_of_a_file_is_its_line_without_the_end(string content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["token"], content);

        Assert.Equal("token-1", Serve($"-r https://h/x --remote-token-file {folder["token"]}", new(s_home) { ["PASTEUR_REMOTE_TOKEN"] = "other" }).Remote!.Token!.Text);
    }

    [Theory]
    [InlineData("one\ntwo\n", "has a line break")]
    [InlineData("\n", "is empty")]
    public void File_that_holds_no_token_is_refused_and_not_repeated(string content, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["token"], content);

        var problem = Assert.Single(Refuse($"-r https://h/x --remote-token-file {folder["token"]}", s_home));

        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("two", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Token_comes_from_its_variable_and_goes_with_a_user_in_the_address()
    {
        var remote = Serve("-r https://ada@h/x", new(s_home) { ["PASTEUR_REMOTE_TOKEN"] = "token-1" }).Remote!;

        Assert.Equal("token-1", remote.Token!.Text);
        Assert.DoesNotContain("token-1", remote.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Authorities_are_all_the_certificates_of_the_file_and_a_damaged_one_is_told()
    {
        using var folder = new TemporaryFolder();
        using var key = System.Security.Cryptography.ECDsa.Create();
        using var certificate = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=x", key, System.Security.Cryptography.HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        var pem = certificate.ExportCertificatePem();
        File.WriteAllText(folder["ca.pem"], $"comment\n{pem}\n{key.ExportPkcs8PrivateKeyPem()}\n{pem}\n");
        File.WriteAllText(folder["bad.pem"], pem.Replace(pem[30..80], new string('A', 50), StringComparison.Ordinal));

        Assert.Equal(2, Serve($"-r https://h/x --remote-ca {folder["ca.pem"]}", s_home).Remote!.Authorities!.Certificates.Count);
        Assert.Contains("has a certificate that cannot be read", Assert.Single(Refuse($"-r https://h/x --remote-ca {folder["bad.pem"]}", s_home)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--auth ada:s1 --port 1", "ada:s1")]
    [InlineData("-r https://ada:s1@h/x --remote-token s2", "ada:s1,s2")]
    [InlineData("-r HTTP://s1@h/x", "s1")]
    [InlineData("-r git@host:x --remote-token-file /dev/null", "")]
    [InlineData("--auth=ada:s1", "ada:s1")]
    [InlineData("--remote-token s1 --port x --nonsense", "s1")]
    public void Secrets_that_stand_on_the_command_line_are_known(string line, string secrets)
    {
        var commandLine = new CommandLine();
        commandLine.Read(line.Split(' '), s_home.GetValueOrDefault);

        Assert.Equal(secrets.Split(',', StringSplitOptions.RemoveEmptyEntries), commandLine.Secrets.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/", "")]
    [InlineData("/paste/", "/paste")]
    [InlineData("/a/b.c", "/a/b.c")]
    public void Base_path_has_no_slash_at_its_end(string given, string expected) =>
        Assert.Equal(expected, Serve($"--base-path {given}", s_home).BasePath);

    [Fact]
    public void Star_binds_every_address() => Assert.Equal(IPAddress.IPv6Any, Serve("--bind *", s_home).Bind);

    [Theory]
    [InlineData("-r https://h/x --remote-token lovelace-1815")]
    [InlineData("-r https://h/x --remote-token lovelace-1815\u0001")]
    [InlineData("-r https://ada:lovelace-1815@h/x")]
    [InlineData("-r https://ada:lovelace-1815@h/x --port x")]
    [InlineData("--auth ada:lovelace-1815")]
    [InlineData("--auht ada:lovelace-1815")]
    [InlineData("--auht=ada:lovelace-1815")]
    [InlineData("--auth ada: lovelace-1815")]
    [InlineData("--auth lovelace-1815")]
    [InlineData("--auth ada:lovelace-1815 --port x")]
    public void Password_is_never_repeated(string line)
    {
        var invocation = Read(line, s_home);
        var text = invocation is Invocation.Refused refused ? string.Join('\n', refused.Problems) : invocation.ToString();

        Assert.DoesNotContain("lovelace-1815", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-h")]
    [InlineData("--help")]
    [InlineData("--port x --help")]
    [InlineData("fsck --help")]
    public void Help_shows_every_option_with_its_variable_and_default(string line)
    {
        var help = Assert.IsType<Invocation.Show>(Read(line, s_home)).Text;

        foreach (var setting in new SettingList().All)
        {
            Assert.Contains(setting.Name, help, StringComparison.Ordinal);
            Assert.Contains($"[{setting.Variable}]", help, StringComparison.Ordinal);
            Assert.Contains(setting.Default.Split(' ')[0], help, StringComparison.Ordinal);
        }
        Assert.All(help.Split('\n'), l => Assert.True(l.Length <= 100, l));
    }

    [Fact]
    public void Version_is_shown() => Assert.Matches(@"^pasteur \d+\.\d+\.\d+", Assert.IsType<Invocation.Show>(Read("--version", [])).Text);

    [Theory]
    [InlineData("fsck", "/home/ada/.local/share/pasteur")]
    [InlineData("fsck --data /srv/p", "/srv/p")]
    [InlineData("--data /srv/p fsck", "/srv/p")]
    public void Fsck_knows_its_folder(string line, string expected) =>
        Assert.Equal(expected, Assert.IsType<Invocation.Fsck>(Read(line, s_home)).DataFolder);

    [Fact]
    public void Fsck_of_nothing_is_refused() =>
        Assert.Contains("give --data", Assert.Single(Refuse("fsck", new(s_home) { ["PASTEUR_NO_DATA"] = "1" })), StringComparison.Ordinal);

    private static Invocation Read(string line, Dictionary<string, string> environment) =>
        new CommandLine().Read(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), environment.GetValueOrDefault);

    private static Settings Serve(string line, Dictionary<string, string> environment)
    {
        var invocation = Read(line, environment);
        Assert.True(invocation is Invocation.Serve, (invocation as Invocation.Refused)?.Problems[0]);
        return ((Invocation.Serve)invocation).Settings;
    }

    private static IReadOnlyList<string> Refuse(string line, Dictionary<string, string> environment) =>
        Assert.IsType<Invocation.Refused>(Read(line, environment)).Problems;
}
