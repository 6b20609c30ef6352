namespace Pasteur.Comparing;

/// <summary>A stretch where two texts differ: lines of the old one that are gone, and those of the new one that stand there instead.</summary>
internal readonly record struct LineChange(int OldStart, int OldCount, int NewStart, int NewCount);

/// <summary>
/// Finds what changed between two texts, line by line. Lines that stand once in each of them are anchors, as far as their order agrees
/// (patience diff, B. Cohen); between anchors the shortest way from one text to the other is looked for (E. Myers, "An O(ND) Difference
/// Algorithm and Its Variations", 1986, with its linear-space refinement). Somebody else wrote both texts: a stretch that would take
/// too many steps is shown as replaced, and so is every later one when all steps together have been too many.
/// </summary>
internal sealed class LineDiff
{
    /// <summary>Lines gone and come of one stretch, beyond which it counts as replaced.</summary>
    private const int MostDifferences = 512;

    /// <summary>Of all stretches together: some tens of milliseconds.</summary>
    private const int MostSteps = 8_000_000;

    private readonly int[] _old;
    private readonly int[] _new;
    private readonly List<LineChange> _changes = [];
    private readonly int[] _forward = new int[(2 * MostDifferences) + 3];
    private readonly int[] _backward = new int[(2 * MostDifferences) + 3];
    private int _steps;

    private LineDiff(int[] old, int[] @new)
    {
        _old = old;
        _new = @new;
    }

    /// <summary>In order, none touching the next.</summary>
    public static IReadOnlyList<LineChange> Between(int[] old, int[] @new)
    {
        var diff = new LineDiff(old, @new);
        diff.CompareByAnchors();
        return diff._changes;
    }

    private void CompareByAnchors()
    {
        var (oldAt, newAt) = (0, 0);
        foreach (var (oldAnchor, newAnchor) in Anchors())
        {
            // One that an earlier stretch has run over already.
            if (oldAnchor < oldAt || newAnchor < newAt) continue;
            Compare(oldAt, oldAnchor, newAt, newAnchor);
            (oldAt, newAt) = (oldAnchor + 1, newAnchor + 1);
        }
        Compare(oldAt, _old.Length, newAt, _new.Length);
    }

    /// <summary>Lines that each text has once, in an order that both have.</summary>
    private List<(int Old, int New)> Anchors()
    {
        var most = _old.Concat(_new).DefaultIfEmpty().Max() + 1;
        var (oldPlace, newPlace) = (Places(_old, most), Places(_new, most));
        var pairs = new List<(int Old, int New)>();
        foreach (var line in _old)
            if (oldPlace[line] > 0 && newPlace[line] > 0) pairs.Add((oldPlace[line] - 1, newPlace[line] - 1));
        return LongestRising(pairs);
    }

    /// <summary>Of each line its place from 1, 0 when it is not there, -1 when it is there more than once.</summary>
    private static int[] Places(int[] lines, int most)
    {
        var places = new int[most];
        for (var i = 0; i < lines.Length; i++) places[lines[i]] = places[lines[i]] == 0 ? i + 1 : -1;
        return places;
    }

    /// <summary>The longest sequence of pairs that rises on both sides (patience sorting).</summary>
    private static List<(int Old, int New)> LongestRising(List<(int Old, int New)> pairs)
    {
        var tops = new List<int>();
        var before = new int[pairs.Count];
        for (var i = 0; i < pairs.Count; i++)
        {
            var (low, high) = (0, tops.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (pairs[tops[middle]].New < pairs[i].New) low = middle + 1;
                else high = middle;
            }
            before[i] = low == 0 ? -1 : tops[low - 1];
            if (low == tops.Count) tops.Add(i);
            else tops[low] = i;
        }
        var rising = new List<(int Old, int New)>();
        for (var i = tops.Count == 0 ? -1 : tops[^1]; i >= 0; i = before[i]) rising.Add(pairs[i]);
        rising.Reverse();
        return rising;
    }

    private void Compare(int oldStart, int oldEnd, int newStart, int newEnd)
    {
        while (oldStart < oldEnd && newStart < newEnd && _old[oldStart] == _new[newStart]) (oldStart, newStart) = (oldStart + 1, newStart + 1);
        while (oldStart < oldEnd && newStart < newEnd && _old[oldEnd - 1] == _new[newEnd - 1]) (oldEnd, newEnd) = (oldEnd - 1, newEnd - 1);
        if (oldStart == oldEnd && newStart == newEnd) return;
        if (oldStart == oldEnd || newStart == newEnd || FindMiddle(oldStart, oldEnd, newStart, newEnd) is not { } middle)
        {
            Add(new LineChange(oldStart, oldEnd - oldStart, newStart, newEnd - newStart));
            return;
        }
        Compare(oldStart, middle.Old, newStart, middle.New);
        Compare(middle.Old, oldEnd, middle.New, newEnd);
    }

    private void Add(LineChange change)
    {
        if (_changes.Count > 0 && _changes[^1] is var last && last.OldStart + last.OldCount == change.OldStart && last.NewStart + last.NewCount == change.NewStart)
            _changes[^1] = last with { OldCount = last.OldCount + change.OldCount, NewCount = last.NewCount + change.NewCount };
        else
            _changes.Add(change);
    }

    /// <summary>
    /// A point on a shortest way through the stretch, half of its differences before it: both ends are followed, diagonal by diagonal, until
    /// they meet. Null when they would have to be followed too far.
    /// </summary>
    private (int Old, int New)? FindMiddle(int oldStart, int oldEnd, int newStart, int newEnd)
    {
        var (width, height) = (oldEnd - oldStart, newEnd - newStart);
        var delta = width - height;
        var isOdd = (delta & 1) != 0;
        const int Zero = MostDifferences + 1;
        _forward[Zero + 1] = 0;
        _backward[Zero + 1] = 0;
        for (var d = 0; d <= MostDifferences && _steps < MostSteps; d++)
        {
            for (var k = -d; k <= d; k += 2)
            {
                var x = k == -d || (k != d && _forward[Zero + k - 1] < _forward[Zero + k + 1]) ? _forward[Zero + k + 1] : _forward[Zero + k - 1] + 1;
                var y = x - k;
                var start = x;
                while (x < width && y < height && y >= 0 && _old[oldStart + x] == _new[newStart + y]) (x, y) = (x + 1, y + 1);
                _steps += 1 + x - start;
                _forward[Zero + k] = x;
                // The other way counts its diagonals from the far corner.
                if (isOdd && delta - k >= -(d - 1) && delta - k <= d - 1 && x + _backward[Zero + delta - k] >= width) return Inside(x, y);
            }
            for (var k = -d; k <= d; k += 2)
            {
                var x = k == -d || (k != d && _backward[Zero + k - 1] < _backward[Zero + k + 1]) ? _backward[Zero + k + 1] : _backward[Zero + k - 1] + 1;
                var y = x - k;
                var start = x;
                while (x < width && y < height && y >= 0 && _old[oldEnd - 1 - x] == _new[newEnd - 1 - y]) (x, y) = (x + 1, y + 1);
                _steps += 1 + x - start;
                _backward[Zero + k] = x;
                if (!isOdd && delta - k >= -d && delta - k <= d && x + _forward[Zero + delta - k] >= width) return Inside(width - x, height - y);
            }
        }
        return null;

        // A point at a corner would halve nothing.
        (int, int)? Inside(int x, int y) =>
            x < 0 || y < 0 || x > width || y > height || (x == 0 && y == 0) || (x == width && y == height) ? null : (oldStart + x, newStart + y);
    }
}
