using Pasteur.Git.Protocol;
using Pasteur.Sync.Transports.Ssh;

namespace Pasteur.Tests.Sync.Transports;

public sealed class RemoteCommandTests
{
    [Theory]
    [InlineData("/srv/r.git", "'/srv/r.git'")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("now!", @"'now'\!''")]
    [InlineData("$(id) `id` \\ \"", "'$(id) `id` \\ \"'")]
    [InlineData("", "''")]
    public void Path_is_quoted_as_git_does_it(string path, string expected) => Assert.Equal(expected, RemoteCommand.Quote(path));

    [Fact]
    public void Commands_are_the_ones_that_git_shell_lets_through()
    {
        Assert.Equal("git-upload-pack 'r'", RemoteCommand.For(GitService.UploadPack, "r"));
        Assert.Equal("git-receive-pack 'r'", RemoteCommand.For(GitService.ReceivePack, "r"));
    }
}
