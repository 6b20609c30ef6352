using CsCheck;
using Pasteur.Configuration;

namespace Pasteur.Tests.Configuration;

public sealed class RemoteUrlTests
{
    [Theory]
    [InlineData("git://localhost/git-pasteur", "localhost", 9418, "/git-pasteur")]
    [InlineData("git://127.0.0.1:19418/a/b.git", "127.0.0.1", 19418, "/a/b.git")]
    [InlineData("GIT://[::1]:1234/x", "::1", 1234, "/x")]
    [InlineData("git://host/~ada/x", "host", 9418, "/~ada/x")]
    [InlineData("git://host/a%20b", "host", 9418, "/a b")]
    public void Git_url_is_taken_apart(string text, string host, int port, string path) =>
        Assert.Equal(new RemoteUrl.GitDaemon(host, port, path), RemoteUrl.Parse(text).Value);

    [Theory]
    [InlineData("/srv/x.git", "/srv/x.git")]
    [InlineData("file:///srv/x.git", "/srv/x.git")]
    [InlineData("file://localhost/srv/x%20y.git", "/srv/x y.git")]
    [InlineData("/srv/a:b", "/srv/a:b")]
    public void Folder_is_taken_as_it_is(string text, string path) =>
        Assert.Equal(new RemoteUrl.LocalFolder(path), RemoteUrl.Parse(text).Value);

    [Theory]
    [InlineData("git@host:user/repo.git", "git", "host", 22, "user/repo.git")]
    [InlineData("git@host:/srv/repo.git", "git", "host", 22, "/srv/repo.git")]
    [InlineData("git@[::1]:repo", "git", "::1", 22, "repo")]
    [InlineData("ssh://git@host/srv/repo.git", "git", "host", 22, "/srv/repo.git")]
    [InlineData("ssh://git@[::1]:2222/~ada/a%20b", "git", "::1", 2222, "~ada/a b")]
    public void Ssh_address_is_taken_apart(string text, string user, string host, int port, string path) =>
        Assert.Equal(new RemoteUrl.Ssh(user, host, port, path), RemoteUrl.Parse(text).Value);

    [Theory]
    [InlineData("https://host/a/b.git", "https://host/a/b.git", null, null)]
    [InlineData("http://ada@host:8080/x", "http://host:8080/x", "ada", null)]
    [InlineData("https://ada:canary%40%3A1@host/x", "https://host/x", "ada", "canary@:1")]
    public void Http_url_is_parted_from_its_login(string text, string address, string? user, string? password)
    {
        var http = Assert.IsType<RemoteUrl.Http>(RemoteUrl.Parse(text).Value);

        Assert.Equal(address, http.Address.AbsoluteUri);
        Assert.Equal(user, http.Login?.User);
        Assert.Equal(password, http.Login?.Password);
        Assert.DoesNotContain("canary", $"{http} {http.Login}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https//ada:canary@host/x", "https//…@host/x")]
    [InlineData("https://ada:can@ry@host/x?", "https://…@host/x?")]
    [InlineData("htps://canary@host/x", "htps://…@host/x")]
    [InlineData("ada:canary@host/x", "…@host/x")]
    [InlineData("git@host:x", "git@host:x")]
    [InlineData("git://host/x", "git://host/x")]
    public void Login_is_left_out_of_what_is_shown(string text, string expected) => Assert.Equal(expected, RemoteUrl.WithoutLogin(text));

    [Fact]
    public void Relative_folder_is_seen_from_where_the_program_started() =>
        Assert.Equal(new RemoteUrl.LocalFolder(Path.GetFullPath("x.git")), RemoteUrl.Parse("./x.git").Value);

    [Theory]
    [InlineData("")]
    [InlineData("git://")]
    [InlineData("git://host")]
    [InlineData("git://host/")]
    [InlineData("git:///path")]
    [InlineData("git://host:0/path")]
    [InlineData("git://host:70000/path")]
    [InlineData("git://user:secret@host/path")]
    [InlineData("git://host/a?b")]
    [InlineData("git://host/a#b")]
    [InlineData("git://host/a%00b")]
    [InlineData("git://host/a\nb")]
    [InlineData("git://host/a%0ab")]
    [InlineData("git://host/a%0d%0ab")]
    [InlineData("file:///a%0ab")]
    [InlineData("file:///a%00b")]
    [InlineData("ssh://host/path")]
    [InlineData("ssh://-oProxyCommand=x/path")]
    [InlineData("ssh://git:secret@host/path")]
    [InlineData("ssh://git@-oProxyCommand=x/path")]
    [InlineData("-oProxyCommand=x@host:path")]
    [InlineData("git@-oProxyCommand=x:path")]
    [InlineData("git@host:-path")]
    [InlineData("git@host:")]
    [InlineData("ftp://host/path")]
    [InlineData("https://host/path?token=x")]
    [InlineData("https://us%0aer:secret@host/path")]
    [InlineData("file://elsewhere/path")]
    [InlineData("https://host")]
    [InlineData("host:path")]
    public void What_is_not_a_remote_we_speak_to_is_refused(string text) => Assert.False(RemoteUrl.Parse(text).IsOk);

    [Theory]
    [InlineData("git://localhost/x")]
    [InlineData("git://[::1]:1234/x")]
    [InlineData("git@host:user/repo.git")]
    [InlineData("ssh://git@host/srv/x.git")]
    [InlineData("ssh://git@[::1]:2222/~ada/x")]
    [InlineData("https://host:8443/x.git")]
    [InlineData("/srv/x.git")]
    public void It_is_written_as_it_was_given(string text) => Assert.Equal(text, RemoteUrl.Parse(text).Value!.ToString());

    [Fact]
    public void No_text_makes_it_throw() =>
        Gen.String.Sample(text => RemoteUrl.Parse("git://" + text) is { Value: RemoteUrl.GitDaemon or null } && RemoteUrl.Parse(text) is { IsOk: var ok, Problem: var problem } && ok == problem is null);
}
