using Pasteur.Configuration;
using Pasteur.Sync;

namespace Pasteur.Tests.Sync;

/// <summary>What is told to anybody of a remote that refuses or is away.</summary>
public sealed class SyncProblemTests
{
    private const string Canary = "canary-of-an-exception";

    private static readonly RemoteUrl s_folder = new RemoteUrl.LocalFolder("/srv/secret place/pastes.git");

    [Fact]
    public void Exceptions_text_is_for_the_owner_alone()
    {
        foreach (var problem in new[] { SyncProblem.OfOurs("pushing", new IOException(Canary)), SyncProblem.OfUnsoundData(new IOException(Canary)) })
        {
            Assert.Contains(Canary, problem.Reason, StringComparison.Ordinal);
            Assert.DoesNotContain(Canary, problem.Told, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Folder_of_a_remote_on_this_machine_is_not_told() =>
        Assert.Equal("fatal: 'the remote's folder' does not appear to be a git repository", SyncProblem.Tell("fatal: '/srv/secret place/pastes.git' does not appear to be a git repository", s_folder));

    [Fact]
    public void Long_words_are_cut() => Assert.Equal(Limits.MaxToldChars, SyncProblem.Tell(new string('x', 10_000), s_folder).Length);
}
