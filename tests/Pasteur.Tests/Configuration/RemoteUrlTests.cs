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
    [InlineData("ssh://git@host/path")]
    [InlineData("ssh://-oProxyCommand=x/path")]
    [InlineData("https://user:secret@host/path")]
    [InlineData("file://elsewhere/path")]
    [InlineData("http://host/path")]
    [InlineData("host:path")]
    [InlineData("user@host:path")]
    public void What_is_not_a_remote_we_speak_to_is_refused(string text) => Assert.False(RemoteUrl.Parse(text).IsOk);

    [Theory]
    [InlineData("git://localhost/x")]
    [InlineData("git://[::1]:1234/x")]
    [InlineData("/srv/x.git")]
    public void It_is_written_as_it_was_given(string text) => Assert.Equal(text, RemoteUrl.Parse(text).Value!.ToString());

    [Fact]
    public void No_text_makes_it_throw() =>
        Gen.String.Sample(text => RemoteUrl.Parse("git://" + text) is { Value: RemoteUrl.GitDaemon or null } && RemoteUrl.Parse(text) is { IsOk: var ok, Problem: var problem } && ok == problem is null);
}
