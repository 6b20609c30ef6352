using Pasteur.Configuration;

namespace Pasteur.Tests.Configuration;

public sealed class ClientOptionsTests
{
    private const string Key = "canaryKeyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    public static TheoryData<string, string> Bad => new()
    {
        { "put --nam x", "unknown option --nam; did you mean --name?" },
        { "put --frobnicate=x a", "unknown option --frobnicate; see pasteur --help" },
        { "put --server paste.example.org", "--server \"paste.example.org\" is not the URL of a site; give one such as https://paste.example.org" },
        { "put --server ftp://h", "--server \"ftp://h\" is not an http or https URL" },
        { "put --server https://ada:canary@h/", "--server \"https://…@h/\" has a user in it; give that with --auth" },
        { "put --server http://h/?x", "has a ? or # in it" },
        { "put --auth canary", "--auth needs both a user and a password" },
        { "put --server", "--server needs a value: --server URL" },
        { "put --name x a b", "--name is for one file" },
        { "put - a -", "standard input (-) is given twice" },
        { "put --update http://h/a x", "--update needs the owner's token; give it as PASTEUR_TOKEN or --token" },
        { "put --update http://h/a --token ab --encrypt x", "needs its whole link, with the key behind #" },
        { "put --update http://h/ --token ab x", "the link names a site, but no paste of it" },
        { "put --update nothing#canary --token ab x", "give the paste's whole link" },
        { "put --token canary-token! x", "--token is no owner's token" },
        { "delete", "delete needs the link of a paste: pasteur delete URL" },
        { "delete http://h/a", "delete needs the owner's token; give it as PASTEUR_TOKEN or --token" },
        { "delete --token ab http://h/a http://h/b", "delete takes one link at a time" },
        { "delete --token ab abc", "give the paste's whole link" },
        { "get", "get needs the link of a paste: pasteur get URL" },
        { "get http://h/a http://h/b", "get takes one link at a time" },
        { "get abcdefghij", "give the paste's whole link" },
        { "get ftp://h/a", "that is no http or https link" },
        { "get http://h/", "the link names a site, but no paste of it" },
        { "get http://ada:canary@h/a", "the link has a user in it" },
        { "get --forc http://h/a", "unknown option --forc; did you mean --force?" },
        { "get --passphrase http://h/a", "unknown option --passphrase" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Bad_option_gets_one_line(string line, string expected)
    {
        var problem = Assert.Single(Assert.IsType<Invocation.Refused>(Read(line)).Problems);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Put_without_anything_is_standard_input_to_the_site_of_this_machine()
    {
        var put = Assert.IsType<Invocation.Put>(Read("put")).Request;

        Assert.Equal(("http://127.0.0.1:4343/", false, false), (put.Server.AbsoluteUri, put.Encrypt, put.Passphrase.IsWanted));
        Assert.Equal(["-"], put.Files);
        Assert.Equal((null, null, null, null, null), (put.Login, put.Name, put.Language, put.Comment, put.User));
    }

    [Fact]
    public void Option_wins_over_variable_and_a_path_of_the_site_stays()
    {
        (string, string) server = ("PASTEUR_SERVER", "http://other"), user = ("PASTEUR_USER", "Ada");
        var put = Assert.IsType<Invocation.Put>(Read("put -s https://h/paste a -c x", server, user)).Request;

        Assert.Equal(("https://h/paste/", "x", "Ada"), (put.Server.AbsoluteUri, put.Comment, put.User));
        Assert.Equal(["-x"], Assert.IsType<Invocation.Put>(Read("put -- -x")).Request.Files);
    }

    [Theory]
    [InlineData("put", "", false, false)]
    [InlineData("put --encrypt", "", true, false)]
    [InlineData("put --passphrase", "", true, true)]
    [InlineData("put", "canary", true, true)]
    [InlineData("put --encrypt", "canary", true, true)]
    public void Passphrase_means_encrypted(string line, string variable, bool isEncrypted, bool hasPassphrase)
    {
        var put = Assert.IsType<Invocation.Put>(Read(line, ("PASTEUR_PASSPHRASE", variable))).Request;

        Assert.Equal((isEncrypted, hasPassphrase), (put.Encrypt, put.Passphrase.IsWanted));
        Assert.Equal(variable.Length > 0 ? variable : null, put.Passphrase.Given);
        Assert.DoesNotContain("canary", $"{put}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://h/abc", "http://h/raw/abc", "", false)]
    [InlineData("http://h/abc.ml?ln=true#L3-L9", "http://h/raw/abc", "", false)]
    [InlineData("http://h/abc#F2L3", "http://h/raw/abc", "", false)]
    [InlineData("http://h/abc#" + Key, "http://h/raw/abc", Key, false)]
    [InlineData("http://h/abc?ln=true#" + Key + ".L3", "http://h/raw/abc", Key, false)]
    [InlineData("http://h/abc#cut", "http://h/raw/abc", "cut", false)]
    [InlineData("https://h:8443/base/abc", "https://h:8443/base/raw/abc", "", true)]
    [InlineData("http://h/base/raw/abc", "http://h/base/raw/abc", "", false)]
    [InlineData("http://h/abc#abc%3D%2F", "http://h/raw/abc", "abc=/", false)]
    [InlineData("http://h/raw/abc#" + Key, "http://h/raw/abc", Key, false)]
    public void Link_is_taken_apart(string text, string raw, string key, bool mayNameFile)
    {
        var link = Assert.IsType<Invocation.Get>(Read("get " + text)).Request.Link;

        Assert.Equal((raw, key, mayNameFile), (link.RawAddress.AbsoluteUri, link.Key, link.MayNameFile));
        Assert.DoesNotContain("canary", $"{link}", StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_of_the_command_line_are_known_so_that_they_can_be_hidden()
    {
        var line = new CommandLine();
        line.Read(["get", "http://h/abc#" + Key, "--auth", "ada:canary"], _ => null);
        Assert.Equal(["ada:canary", Key], line.Secrets);
        line.Read(["put", "--server", "http://ada:canary@h/"], _ => null);
        Assert.Equal(["ada:canary"], line.Secrets);
    }

    [Fact]
    public void Help_of_each_command_names_its_options_and_the_main_one_names_both()
    {
        string Help(string line) => Assert.IsType<Invocation.Show>(Read(line)).Text;

        Assert.All(new ClientSettingList().OfPut, setting => Assert.Contains(setting.Name, Help("put --help"), StringComparison.Ordinal));
        Assert.All(new ClientSettingList().OfGet, setting => Assert.Contains(setting.Name, Help("get -h"), StringComparison.Ordinal));
        Assert.Contains("pasteur put [FILE...]", Help("--help"), StringComparison.Ordinal);
        Assert.Contains("pasteur get URL", Help("--help"), StringComparison.Ordinal);
        Assert.All(Help("put --help").Split('\n').Concat(Help("get --help").Split('\n')), line => Assert.InRange(line.Length, 0, 115));
    }

    private static Invocation Read(string line, params (string Name, string Value)[] environment) =>
        new CommandLine().Read(line.Split(' '), name => environment.FirstOrDefault(pair => pair.Name == name).Value);
}
