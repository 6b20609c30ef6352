using System.Globalization;
using Pasteur.Resources;
using System.Text;

namespace Pasteur.Envelopes;

/// <summary>
/// The composed form of a text, NFC (Unicode Standard Annex 15): one passphrase gives one key, however a keyboard or a browser writes its
/// accents. The program is built without the platform's Unicode tables, whose Normalize then changes nothing: so it brings this one.
/// </summary>
internal static class ComposedText
{
    // The Unicode Standard, section 3.12: syllables of Hangul are computed.
    private const int SyllableBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TailBase = 0x11A7;
    private const int Leads = 19, Vowels = 21, Tails = 28, Syllables = Leads * Vowels * Tails;

    private const char FirstToChange = '\u0300';

    private static readonly Lazy<CompositionTable> Table = new(CompositionTable.Load);

    public static string Of(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange(FirstToChange, char.MaxValue)) return text;
        var runes = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes()) Decompose(rune.Value, runes);
        Order(runes);
        Compose(runes);
        var composed = new StringBuilder(text.Length);
        foreach (var rune in runes) composed.Append(new Rune(rune));
        return composed.ToString();
    }

    private static void Decompose(int rune, List<int> into)
    {
        if (rune is >= SyllableBase and < SyllableBase + Syllables)
        {
            var index = rune - SyllableBase;
            into.Add(LeadBase + (index / (Vowels * Tails)));
            into.Add(VowelBase + (index % (Vowels * Tails) / Tails));
            if (index % Tails > 0) into.Add(TailBase + (index % Tails));
        }
        else if (Table.Value.Decompositions.TryGetValue(rune, out var parts))
        {
            Decompose(parts.First, into);
            if (parts.Second != 0) into.Add(parts.Second);
        }
        else
        {
            into.Add(rune);
        }
    }

    /// <summary>Marks on one letter in the order of their classes; those of one class as they came.</summary>
    private static void Order(List<int> runes)
    {
        for (var start = 0; start < runes.Count; start++)
        {
            if (Class(runes[start]) == 0) continue;
            var end = start;
            while (end < runes.Count && Class(runes[end]) != 0) end++;
            var ordered = runes[start..end].OrderBy(Class).ToList();
            for (var i = 0; i < ordered.Count; i++) runes[start + i] = ordered[i];
            start = end;
        }
    }

    private static void Compose(List<int> runes)
    {
        var starter = -1;
        var lastClass = 0;
        var write = 0;
        foreach (var rune in runes.ToArray())
        {
            var ownClass = Class(rune);
            // Nothing of its class or a higher one may stand between it and the letter.
            var isNext = starter >= 0 && (starter == write - 1 || (lastClass != 0 && lastClass < ownClass));
            if (isNext && Pair(runes[starter], rune) is { } pair)
            {
                runes[starter] = pair;
                continue;
            }
            if (ownClass == 0) starter = write;
            lastClass = ownClass;
            runes[write++] = rune;
        }
        runes.RemoveRange(write, runes.Count - write);
    }

    private static int? Pair(int first, int second)
    {
        if (first is >= LeadBase and < LeadBase + Leads && second is >= VowelBase and < VowelBase + Vowels)
            return SyllableBase + ((((first - LeadBase) * Vowels) + second - VowelBase) * Tails);
        if (first is >= SyllableBase and < SyllableBase + Syllables && (first - SyllableBase) % Tails == 0 && second is > TailBase and < TailBase + Tails)
            return first + second - TailBase;
        return Table.Value.Compositions.TryGetValue((first, second), out var composed) ? composed : null;
    }

    private static int Class(int rune) => rune < FirstToChange ? 0 : Table.Value.Classes.GetValueOrDefault(rune);

    private sealed record CompositionTable(
        IReadOnlyDictionary<int, (int First, int Second)> Decompositions, IReadOnlyDictionary<(int First, int Second), int> Compositions, IReadOnlyDictionary<int, int> Classes)
    {
        /// <summary>The lines of composition.txt, which says what they mean.</summary>
        public static CompositionTable Load()
        {
            var decompositions = new Dictionary<int, (int First, int Second)>();
            var compositions = new Dictionary<(int First, int Second), int>();
            var classes = new Dictionary<int, int>();
            using var lines = EmbeddedText.Open("composition.txt");
            while (lines.ReadLine() is { } line)
            {
                if (line[0] == '#') continue;
                var mark = line.AsSpan().IndexOfAny('=', '>', '*');
                var (left, right) = (line[..mark], line[(mark + 1)..]);
                if (line[mark] == '*')
                {
                    var range = left.Split('-');
                    for (var rune = Hex(range[0]); rune <= Hex(range[^1]); rune++) classes[rune] = int.Parse(right, CultureInfo.InvariantCulture);
                    continue;
                }
                var parts = right.Split('+');
                (int First, int Second) pair = (Hex(parts[0]), parts.Length > 1 ? Hex(parts[1]) : 0);
                decompositions[Hex(left)] = pair;
                if (line[mark] == '=') compositions[pair] = Hex(left);
            }
            return new CompositionTable(decompositions, compositions, classes);
        }

        private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
