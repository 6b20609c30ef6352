using Pasteur.Sync;

namespace Pasteur.Tests.Sync;

public sealed class BacklogTests
{
    [Fact]
    public void What_waits_for_one_kind_of_branches_is_not_forgotten_when_nothing_waits_for_another()
    {
        var backlog = new Backlog();
        backlog.Add(PushedBranches.Own, 1);
        backlog.Add(PushedBranches.Ending, 2);
        backlog.Add(PushedBranches.Inboxes, 3);
        Assert.Equal(1, backlog.Set(PushedBranches.Own, 0, 3));
        Assert.Equal(2, backlog.Commits);
        Assert.Equal(1, backlog.Set(PushedBranches.Ending, 0, 3));
        Assert.Equal(1, backlog.Commits);
        Assert.Equal(1, backlog.Set(PushedBranches.Inboxes, 5, 3));
        Assert.Equal(5, backlog.Commits);
    }

    [Fact]
    public void What_was_committed_after_the_look_waits_still()
    {
        var backlog = new Backlog();
        backlog.Add(PushedBranches.Own, 8);
        backlog.Set(PushedBranches.Own, 0, 7);
        Assert.Equal(1, backlog.Commits);
        backlog.Set(PushedBranches.Own, 3, 7);
        Assert.Equal(3, backlog.Commits);
        backlog.Set(PushedBranches.Own, 0, 8);
        Assert.Equal(0, backlog.Commits);
    }

    [Fact]
    public void More_taken_than_waited_leaves_nothing()
    {
        var backlog = new Backlog();
        backlog.Add(PushedBranches.Own, 1);
        backlog.Take(PushedBranches.Own, 2);
        Assert.Equal(0, backlog.Commits);
    }
}
