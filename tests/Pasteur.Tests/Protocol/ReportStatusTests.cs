using System.Text;
using CsCheck;
using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Git.Protocol;

namespace Pasteur.Tests.Protocol;

public sealed class ReportStatusTests
{
    private static readonly ObjectId Tip = ObjectId.Parse("cf54ce03737d3f641afed39184937b696154dc25");

    private static readonly Gen<string> AnyLine = Gen.OneOf(
        Gen.Const("unpack ok"), Gen.Const("unpack no"), Gen.Const("ok refs/heads/main"), Gen.Const("ok refs/heads/side"),
        Gen.Const("ng refs/heads/main why"), Gen.Const("junk"), Gen.Const(""));

    [Fact]
    public async Task Stock_git_says_ok() => Assert.IsType<PushOutcome.Accepted>(await JudgeGoldenAsync("report-ok", "refs/heads/new"));

    [Theory]
    [InlineData("report-hook-declined", "refs/heads/new", RejectionKind.Hook, "pre-receive hook declined", "no pastes on Sundays")]
    [InlineData("report-non-fast-forward", "refs/heads/main", RejectionKind.NonFastForward, "non-fast-forward", "error: denying non-fast-forward refs/heads/main (you should pull first)")]
    [InlineData("report-unpack-failed", "refs/heads/new", RejectionKind.Unpack, "the remote could not take the pack: unpack-objects abnormal exit", "fatal: final sha1 did not match")]
    public async Task Stock_git_says_no_and_why(string golden, string name, RejectionKind kind, string reason, string message)
    {
        var rejected = Assert.IsType<PushOutcome.Rejected>(await JudgeGoldenAsync(golden, name));
        Assert.Equal((kind, reason), (rejected.Kind, rejected.Reason));
        Assert.Equal([message], rejected.Messages);
        Assert.Empty(rejected.AcceptedRefs);
    }

    // Only an "ok" of its own moves a ref; what is not answered, or answered to another name, is undecided.
    [Theory]
    [InlineData("unpack ok")]
    [InlineData("unpack ok|ok refs/heads/mai")]
    [InlineData("unpack ok|ok refs/heads/main2")]
    [InlineData("unpack ok|OK refs/heads/main")]
    [InlineData("unpack ok|okay refs/heads/main")]
    [InlineData("ok refs/heads/main")]
    [InlineData("unpack ok|option refname refs/heads/main")]
    public void Ref_without_its_own_answer_is_undecided(string lines) =>
        Assert.IsType<PushOutcome.Undecided>(Judge(lines.Split('|'), "refs/heads/main"));

    [Fact]
    public void Unknown_lines_are_passed_over() =>
        Assert.IsType<PushOutcome.Accepted>(Judge(["unpack ok", "future refs/heads/main", "ok refs/heads/main", "option new-oid " + Tip], "refs/heads/main"));

    [Fact]
    public void Pack_that_was_not_unpacked_moves_nothing_whatever_else_is_said() =>
        Assert.IsType<PushOutcome.Rejected>(Judge(["unpack index-pack abnormal exit", "ok refs/heads/main"], "refs/heads/main"));

    [Fact]
    public void Refusal_of_one_ref_names_those_that_moved()
    {
        var rejected = Assert.IsType<PushOutcome.Rejected>(Judge(["unpack ok", "ok refs/heads/a", "ng refs/heads/b failed to update ref"], "refs/heads/a", "refs/heads/b"));
        Assert.Equal((RejectionKind.Race, "failed to update ref"), (rejected.Kind, rejected.Reason));
        Assert.Equal(["refs/heads/a"], rejected.AcceptedRefs);
    }

    [Fact]
    public void Refusal_without_a_reason_is_a_refusal() =>
        Assert.Equal("no reason given", Assert.IsType<PushOutcome.Rejected>(Judge(["unpack ok", "ng refs/heads/main"], "refs/heads/main")).Reason);

    [Theory]
    [InlineData("ok refs/heads/main|ng refs/heads/main no")]
    [InlineData("ng refs/heads/main no|ok refs/heads/main")]
    public void Two_answers_for_one_ref_are_refused(string lines) =>
        Assert.Throws<ConversationException>(() => Judge(["unpack ok", .. lines.Split('|')], "refs/heads/main"));

    [Fact]
    public void Report_without_end_is_refused() =>
        Assert.Throws<ConversationException>(() => Judge([.. Enumerable.Repeat("noise", GitLimits.MaxReportLines + 1)], "refs/heads/main"));

    [Theory]
    [InlineData("deletion prohibited", RejectionKind.Policy)]
    [InlineData("deletion of the current branch prohibited", RejectionKind.Policy)]
    [InlineData("deny updating a hidden ref", RejectionKind.Policy)]
    [InlineData("branch is currently checked out", RejectionKind.CheckedOut)]
    [InlineData("hook declined", RejectionKind.Hook)]
    [InlineData("fetch first", RejectionKind.NonFastForward)]
    [InlineData("cannot lock ref 'refs/heads/main': is at 1 but expected 2", RejectionKind.Race)]
    [InlineData("shallow update not allowed", RejectionKind.Shallow)]
    [InlineData("unpacker error", RejectionKind.Unpack)]
    [InlineData("missing necessary objects", RejectionKind.Unpack)]
    [InlineData("something a hosting service made up", RejectionKind.Other)]
    public void Words_of_servers_tell_the_kind(string words, RejectionKind kind) =>
        Assert.Equal((kind, words), Judge(["unpack ok", $"ng refs/heads/main {words}"], "refs/heads/main") is PushOutcome.Rejected r ? (r.Kind, r.Reason) : default);

    [Fact]
    public void Nothing_but_the_exact_answer_is_acceptance() =>
        AnyLine.List[0, 6].Sample(lines =>
        {
            var accepted = lines.FirstOrDefault(l => l.StartsWith("unpack ", StringComparison.Ordinal)) == "unpack ok"
                && lines.Contains("ok refs/heads/main") && !lines.Contains("ng refs/heads/main why");
            try
            {
                Assert.Equal(accepted, Judge([.. lines], "refs/heads/main") is PushOutcome.Accepted);
            }
            catch (ConversationException)
            {
                Assert.False(accepted);
            }
        });

    private static PushOutcome Judge(string[] lines, params string[] names)
    {
        var report = new ReportStatus();
        foreach (var line in lines) Assert.False(report.Accept(PktKind.Data, Encoding.UTF8.GetBytes(line)));
        Assert.True(report.Accept(PktKind.Flush, default));
        return report.Judge([.. names.Select(name => new RefUpdate(name, ObjectId.Zero, Tip))], []);
    }

    private static async Task<PushOutcome> JudgeGoldenAsync(string golden, string name)
    {
        var messages = new RemoteMessages(words => words);
        using var band = new SideBandStream(Wire.Reader(GoldenFile.Read(golden)), messages, 1 << 20);
        var report = await ReportStatus.ReadAsync(new PktLineReader(band), TestContext.Current.CancellationToken);
        return report.Judge([new RefUpdate(name, ObjectId.Zero, Tip)], messages.Complete());
    }
}
