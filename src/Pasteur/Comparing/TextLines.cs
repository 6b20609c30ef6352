using System.Runtime.InteropServices;

namespace Pasteur.Comparing;

/// <summary>A text's lines, without copying it: where each begins, and a number for what it says.</summary>
internal sealed class TextLines
{
    private readonly ReadOnlyMemory<byte> _text;
    private readonly List<int> _starts = [];

    private TextLines(ReadOnlyMemory<byte> text) => _text = text;

    /// <summary>Equal numbers for equal lines of both texts.</summary>
    public int[] Ids { get; private set; } = [];

    public int Count => _starts.Count;

    /// <summary>A line with its end; the last one may have none.</summary>
    public ReadOnlyMemory<byte> this[int index] => _text[_starts[index]..(index + 1 < _starts.Count ? _starts[index + 1] : _text.Length)];

    public static (TextLines Old, TextLines New) Of(ReadOnlyMemory<byte> old, ReadOnlyMemory<byte> @new)
    {
        var numbers = new Dictionary<ReadOnlyMemory<byte>, int>(new SameBytes());
        return (Of(old, numbers), Of(@new, numbers));
    }

    private static TextLines Of(ReadOnlyMemory<byte> text, Dictionary<ReadOnlyMemory<byte>, int> numbers)
    {
        var lines = new TextLines(text);
        for (var at = 0; at < text.Length;)
        {
            lines._starts.Add(at);
            var end = text.Span[at..].IndexOf((byte)'\n');
            at = end < 0 ? text.Length : at + end + 1;
        }
        lines.Ids = new int[lines.Count];
        for (var i = 0; i < lines.Count; i++)
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, lines[i], out var isKnown);
            if (!isKnown) number = numbers.Count;
            lines.Ids[i] = number;
        }
        return lines;
    }

    private sealed class SameBytes : IEqualityComparer<ReadOnlyMemory<byte>>
    {
        public bool Equals(ReadOnlyMemory<byte> left, ReadOnlyMemory<byte> right) => left.Span.SequenceEqual(right.Span);

        // Seeded anew in each process: nobody can make lines that all meet in one place.
        public int GetHashCode(ReadOnlyMemory<byte> line)
        {
            var hash = new HashCode();
            hash.AddBytes(line.Span);
            return hash.ToHashCode();
        }
    }
}
