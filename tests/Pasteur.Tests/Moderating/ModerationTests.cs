using System.Net;
using Pasteur.Configuration;
using Pasteur.Moderating;
using Pasteur.Tests.Limiting;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Moderating;

public sealed class ModerationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestClock _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_reported_blocked_and_banned_is_there_at_the_next_start()
    {
        var lists = Open();
        Assert.True(lists.AddReport("7z3", "spam \"and\" <b>worse</b>\u0007"));
        Assert.True(lists.AddReport("8z3", "other"));
        Assert.True(lists.Block(Moderation.DigestOf("bad"u8), "7z3"));
        Assert.True(lists.AddBan(Range("203.0.113.7/24"), TimeSpan.FromDays(7)));
        Assert.True(lists.AddBan(Range("2001:db8::/32"), null));

        var later = Open();

        Assert.Equal(lists.Reports.Select(report => (report.Code, report.Reason)), later.Reports.Select(report => (report.Code, report.Reason)));
        Assert.True(later.IsBlocked("bad"u8.ToArray()));
        Assert.False(later.IsBlocked("good"u8.ToArray()));
        Assert.Equal(["203.0.113.0/24", "2001:db8::/32"], later.Bans.Select(ban => ban.Network.ToString()));
        Assert.True(later.IsBanned(IPAddress.Parse("::ffff:203.0.113.255")));
        Assert.True(later.IsBanned(IPAddress.Parse("2001:db8:ffff::1")));
        Assert.False(later.IsBanned(IPAddress.Parse("203.0.114.1")));
        Assert.False(later.IsBanned(null));
    }

    [Fact]
    public void What_is_taken_back_is_gone_at_the_next_start()
    {
        var lists = Open();
        foreach (var code in (string[])["7z3", "8z3", "7z3"]) lists.AddReport(code, "spam");
        lists.Block(Moderation.DigestOf("bad"u8), null);
        lists.AddBan(Range("203.0.113.0/24"), null);

        Assert.Equal(2, lists.DropReports("7z3"));
        Assert.True(lists.Unblock(Moderation.DigestOf("bad"u8)));
        Assert.True(lists.RemoveBan(Range("203.0.113.0/24")));

        foreach (var seen in (Moderation[])[lists, Open()])
        {
            Assert.Equal("8z3", Assert.Single(seen.Reports).Code);
            Assert.False(seen.IsBlocked("bad"u8.ToArray()));
            Assert.Empty(seen.Bans);
            Assert.False(seen.IsBanned(IPAddress.Parse("203.0.113.1")));
        }
        Assert.Equal(0, lists.DropReports("7z3"));
        Assert.False(lists.Unblock(Moderation.DigestOf("bad"u8)));
        Assert.False(lists.RemoveBan(Range("203.0.113.0/24")));
    }

    [Fact]
    public void A_ban_ends_when_its_time_is_over()
    {
        var lists = Open();
        lists.AddBan(Range("203.0.113.0/24"), TimeSpan.FromHours(1));
        Assert.True(lists.IsBanned(IPAddress.Parse("203.0.113.1")));

        _clock.Advance(TimeSpan.FromHours(1));

        Assert.False(lists.IsBanned(IPAddress.Parse("203.0.113.1")));
        Assert.Empty(lists.Bans);
    }

    [Fact]
    public void The_files_are_for_their_owner_alone()
    {
        var lists = Open();
        lists.AddReport("7z3", "spam");
        lists.Block(Moderation.DigestOf("bad"u8), null);
        lists.AddBan(Range("203.0.113.0/24"), null);

        var files = Directory.GetFiles(_folder["moderation"]);
        Assert.Equal(3, files.Length);
        Assert.All(files, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public void A_line_that_a_crash_cut_costs_no_other()
    {
        var lists = Open();
        lists.AddReport("7z3", "spam");
        File.AppendAllText(_folder["moderation/reports.jsonl"], "{\"time\":\"2026-05-01T00:00:00Z\",\"pas");
        Assert.Equal("7z3", Assert.Single(Open().Reports).Code);

        Open().AddReport("8z3", "other");
        Assert.Contains(Open().Reports, report => report.Code == "7z3");
        Assert.Contains(Open().Reports, report => report.Code == "8z3");
    }

    [Fact]
    public void A_flood_of_reports_fills_no_disk()
    {
        var lists = Open();
        for (var i = 0; i < 100; i++) Assert.True(lists.AddReport("7z3", new string('x', Limits.MaxReportLength)));

        Assert.Equal(Limits.MaxReportsOfPaste, lists.Reports.Count);
        Assert.Equal(Limits.MaxReportsOfPaste, File.ReadAllLines(_folder["moderation/reports.jsonl"]).Length);

        var many = new Moderation(null, _clock);
        for (var i = 0; i < Limits.MaxReports; i++) Assert.True(many.AddReport($"p{i}", "x"));
        Assert.False(many.AddReport("more", "x"));
        Assert.Equal(Limits.MaxReports, many.Reports.Count);
    }

    [Fact]
    public void A_disk_that_takes_nothing_is_no_report_that_was_kept()
    {
        File.WriteAllText(_folder["moderation"], "a file in the folder's place");
        var lists = Open();

        Assert.ThrowsAny<IOException>(() => lists.AddReport("7z3", "spam"));
        Assert.Empty(lists.Reports);
    }

    private Moderation Open() => new(_folder.Path, _clock);

    private static AddressRange Range(string text) => AddressRange.Parse(text).Value!;
}
