using System.Diagnostics;
using System.Text;
using Pasteur.Envelopes;

namespace Pasteur.Tests.Envelopes;

public sealed class ComposedTextTests
{
    /// <summary>Every character by itself, decomposed, and beside others that may join it or change places with it, judged by Python's normalize.</summary>
    [Fact]
    public void Python_composes_every_character_alike()
    {
        const string Samples = """
            import random, sys, unicodedata as u
            r = random.Random(1)
            every = [chr(c) for c in range(1, 0x110000) if not 0xD800 <= c <= 0xDFFF and u.category(chr(c)) != 'Cn' and c not in (10, 13)]
            marks = [c for c in every if u.combining(c)]
            lines = every + [u.normalize('NFD', c) for c in every]
            lines += [r.choice('aeoAEOsdu각가각') + ''.join(r.choices(marks, k=r.randrange(1, 6))) + r.choice(every) for _ in range(20000)]
            lines += [''.join(r.choices(every, k=8)) for _ in range(5000)]
            sys.stdout.buffer.write('\n'.join(f'{l}\r{u.normalize("NFC", l)}' for l in lines).encode())
            """;
        var lines = Python(Samples).Split('\n');

        Assert.InRange(lines.Length, 500_000, 1_000_000);
        foreach (var line in lines)
        {
            var (given, expected) = (line[..line.IndexOf('\r', StringComparison.Ordinal)], line[(line.IndexOf('\r', StringComparison.Ordinal) + 1)..]);
            if (ComposedText.Of(given) != expected) Assert.Fail($"{Escape(given)} became {Escape(ComposedText.Of(given))}, not {Escape(expected)}");
        }
    }

    private static string Escape(string text) => string.Join(' ', text.EnumerateRunes().Select(rune => $"{rune.Value:X4}"));

    private static string Python(string script)
    {
        using var process = Process.Start(new ProcessStartInfo("python3", ["-c", script]) { RedirectStandardOutput = true, StandardOutputEncoding = new UTF8Encoding(false) })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
