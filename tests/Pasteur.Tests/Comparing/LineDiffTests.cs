using System.Diagnostics;
using System.Text;
using Pasteur.Comparing;

namespace Pasteur.Tests.Comparing;

public sealed class LineDiffTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("a", "a", "")]
    [InlineData("", "a", "0+0 0+1")]
    [InlineData("a", "", "0+1 0+0")]
    [InlineData("a", "b", "0+1 0+1")]
    [InlineData("abc", "axc", "1+1 1+1")]
    [InlineData("abc", "ac", "1+1 1+0")]
    [InlineData("ac", "abc", "1+0 1+1")]
    [InlineData("abcd", "bcda", "0+1 0+0, 4+0 3+1")]
    [InlineData("aaaa", "aa", "2+2 2+0")]
    [InlineData("abab", "baba", "0+1 0+0, 4+0 3+1")]
    public void Changes_are_those_that_a_person_would_see(string old, string @new, string expected) =>
        Assert.Equal(expected, string.Join(", ", Diff(old, @new).Select(change => $"{change.OldStart}+{change.OldCount} {change.NewStart}+{change.NewCount}")));

    [Fact]
    public void Applied_to_the_old_text_the_changes_make_the_new_one()
    {
        var random = new Random(7);
        for (var round = 0; round < 20_000; round++)
        {
            var letters = random.Next(1, 8);
            var (old, @new) = (Draw(), Draw());
            var changes = Diff(old, @new);

            var made = new StringBuilder();
            var (oldAt, newAt) = (0, 0);
            foreach (var change in changes)
            {
                Assert.True(change.OldCount + change.NewCount > 0);
                Assert.True(made.Length == 0 || change.OldStart > oldAt || change.NewStart > newAt || oldAt == 0, $"{old} {@new}");
                made.Append(old, oldAt, change.OldStart - oldAt);
                Assert.Equal(change.NewStart, made.Length);
                made.Append(@new, change.NewStart, change.NewCount);
                (oldAt, newAt) = (change.OldStart + change.OldCount, change.NewStart + change.NewCount);
            }
            made.Append(old, oldAt, old.Length - oldAt);
            Assert.Equal(@new, made.ToString());

            string Draw() => string.Concat(Enumerable.Range(0, random.Next(0, 24)).Select(_ => (char)('a' + random.Next(letters))));
        }
    }

    /// <summary>Without anchors the way is a shortest one: as many lines kept as the longest common subsequence has.</summary>
    [Fact]
    public void Among_lines_that_repeat_no_shorter_way_exists()
    {
        var random = new Random(11);
        for (var round = 0; round < 2_000; round++)
        {
            // Each letter at least twice on either side, so that none is an anchor.
            var (old, @new) = (Twice(), Twice());
            var kept = old.Length - Diff(old, @new).Sum(change => change.OldCount);
            Assert.Equal(LongestCommon(old, @new), kept);

            string Twice()
            {
                var drawn = Enumerable.Range(0, random.Next(1, 12)).Select(_ => (char)('a' + random.Next(4))).ToArray();
                var both = drawn.Concat(drawn).ToArray();
                random.Shuffle(both);
                return new string(both);
            }
        }
    }

    [Fact]
    public void Texts_without_a_line_in_common_are_compared_in_no_time()
    {
        var old = Enumerable.Range(0, 200_000).Select(n => n % 100).ToArray();
        var @new = Enumerable.Range(0, 200_000).Select(n => 100 + (n % 100)).ToArray();
        var started = Stopwatch.GetTimestamp();

        var changes = LineDiff.Between(old, @new);

        Assert.Equal([new LineChange(0, 200_000, 0, 200_000)], changes);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Texts_made_to_take_long_do_not()
    {
        var random = new Random(3);
        var (old, @new) = (Lines(), Lines());
        var started = Stopwatch.GetTimestamp();

        Assert.NotEmpty(LineDiff.Between(old, @new));

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(2));

        int[] Lines() => [.. Enumerable.Range(0, 200_000).Select(_ => random.Next(3))];
    }

    [Fact]
    public void A_long_text_with_changes_everywhere_keeps_the_lines_between_them()
    {
        var old = Enumerable.Range(0, 50_000).ToArray();
        var @new = old.Select(line => line % 10 == 5 ? 100_000 + line : line).ToArray();

        var changes = LineDiff.Between(old, @new);

        Assert.Equal(5_000, changes.Count);
        Assert.All(changes, change => Assert.Equal((1, 1), (change.OldCount, change.NewCount)));
    }

    [Fact]
    public void Lines_are_known_by_their_bytes_and_their_ends()
    {
        var (old, @new) = TextLines.Of("a\nb\r\nc"u8.ToArray(), "a\nb\nc\n"u8.ToArray());

        Assert.Equal((3, 3), (old.Count, @new.Count));
        Assert.Equal(old.Ids[0], @new.Ids[0]);
        Assert.NotEqual(old.Ids[1], @new.Ids[1]);
        Assert.NotEqual(old.Ids[2], @new.Ids[2]);
        Assert.Equal("b\r\n", Encoding.UTF8.GetString(old[1].Span));
        Assert.Equal("c", Encoding.UTF8.GetString(old[2].Span));
    }

    private static IReadOnlyList<LineChange> Diff(string old, string @new) => LineDiff.Between([.. old.Select(c => (int)c)], [.. @new.Select(c => (int)c)]);

    private static int LongestCommon(string old, string @new)
    {
        var best = new int[old.Length + 1, @new.Length + 1];
        for (var i = 1; i <= old.Length; i++)
            for (var j = 1; j <= @new.Length; j++)
                best[i, j] = old[i - 1] == @new[j - 1] ? best[i - 1, j - 1] + 1 : Math.Max(best[i - 1, j], best[i, j - 1]);
        return best[old.Length, @new.Length];
    }
}
