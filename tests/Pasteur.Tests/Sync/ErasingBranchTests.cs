using Pasteur.Configuration;
using Pasteur.Git.Objects;
using Pasteur.Sync;
using Pasteur.Tests.Limiting;

namespace Pasteur.Tests.Sync;

public class ErasingBranchTests
{
    private static readonly ObjectId s_tip = ObjectId.Parse("0123456789012345678901234567890123456789");

    private readonly TestClock _clock = new();

    [Fact]
    public void A_push_makes_way_until_the_branch_is_gone_or_has_stood_too_long()
    {
        var branch = new ErasingBranch("us", _clock);
        Assert.Null(branch.MakesWay(Tips("refs/heads/main")));
        Assert.Equal("refs/heads/erasing/them", branch.MakesWay(Tips("refs/heads/main", "refs/heads/erasing/them")));
        _clock.Advance(Limits.LongestWay - TimeSpan.FromSeconds(1));
        Assert.NotNull(branch.MakesWay(Tips("refs/heads/erasing/them")));
        Assert.Null(branch.TakeLeft());

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(branch.MakesWay(Tips("refs/heads/erasing/them")));
        var left = branch.TakeLeft();
        Assert.Equal(("refs/heads/erasing/them", s_tip, ObjectId.Zero), (left!.Name, left.Old, left.New));
        Assert.Null(branch.TakeLeft());
    }

    [Fact]
    public void Who_erases_later_is_made_way_for_as_long_as_who_was_first()
    {
        var branch = new ErasingBranch("us", _clock);
        Assert.NotNull(branch.MakesWay(Tips("refs/heads/erasing/them")));
        _clock.Advance(2 * Limits.LongestWay);
        Assert.Null(branch.MakesWay(Tips("refs/heads/main")));
        Assert.NotNull(branch.MakesWay(Tips("refs/heads/erasing/them")));
    }

    [Fact]
    public void One_that_is_seen_long_after_another_is_not_taken_for_it()
    {
        var branch = new ErasingBranch("us", _clock);
        Assert.NotNull(branch.MakesWay(Tips("refs/heads/erasing/them")));
        // What waited came by a fetch, so that no push saw the end of it.
        _clock.Advance(2 * Limits.LongestWay);
        Assert.NotNull(branch.MakesWay(Tips("refs/heads/erasing/them")));
        Assert.Null(branch.TakeLeft());
    }

    [Fact]
    public void Our_own_is_from_before_a_kill()
    {
        var branch = new ErasingBranch("us", _clock);
        Assert.Null(branch.MakesWay(Tips(branch.Head)));
        Assert.Equal("refs/heads/erasing/us", branch.TakeLeft()!.Name);
    }

    private static Dictionary<string, ObjectId> Tips(params string[] names) => names.ToDictionary(name => name, _ => s_tip);
}
