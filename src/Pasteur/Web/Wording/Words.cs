using System.Globalization;
using System.Text.Json;
using Pasteur.Resources;

namespace Pasteur.Web.Wording;

/// <summary>What the site says in one language: the texts of web/words/LANGUAGE.json, read when somebody is first told something in it.</summary>
public sealed class Words
{
    private Words(string language) => Language = language;

    public static Words English { get; } = new("en");

    /// <summary>Every language that the site speaks. The first is for whoever asks for none of them.</summary>
    public static IReadOnlyList<Words> All { get; } = [English, new("fr")];

    /// <summary>The language's tag (RFC 5646).</summary>
    public string Language { get; }

    /// <summary>Every key there is: those of all languages are the same, which a test sees to.</summary>
    internal IReadOnlyCollection<string> Keys => Texts.Keys;

    private Dictionary<string, string> Texts => field ??= Read($"{Language}.json");

    private string[] Months => field ??= this["dates.months"].Split(' ');

    private string[] Singular => field ??= this["numbers.one"].Split(' ');

    /// <exception cref="KeyNotFoundException">No language has it.</exception>
    public string this[string key] => Texts[key];

    /// <summary>The text with its {placeholders} replaced.</summary>
    public string Fill(string key, params ReadOnlySpan<(string Name, string Value)> values)
    {
        var filled = new System.Text.StringBuilder();
        var rest = Texts[key].AsSpan();
        // In one pass: what a value holds is not looked into.
        while (rest.IndexOf('{') is >= 0 and var open && rest[open..].IndexOf('}') is > 0 and var length)
        {
            filled.Append(rest[..open]).Append(ValueOf(rest.Slice(open + 1, length - 1), values));
            rest = rest[(open + length + 1)..];
        }
        return filled.Append(rest).ToString();
    }

    /// <summary>A number of things: the key is that of the plural, with .one behind it that of the singular.</summary>
    public string Count(string key, long number)
    {
        var text = number.ToString(CultureInfo.InvariantCulture);
        return Fill(Array.IndexOf(Singular, text) >= 0 ? key + ".one" : key, ("n", text));
    }

    public string Size(long bytes) => bytes switch
    {
        < 1024 => Fill("size.b", ("n", bytes.ToString(CultureInfo.InvariantCulture))),
        < 1024 * 1024 => Fill("size.kib", ("n", Decimal(bytes / 1024.0))),
        _ => Fill("size.mib", ("n", Decimal(bytes / (1024.0 * 1024)))),
    };

    /// <summary>To the minute, in UTC; the month as a word, so that nobody takes it for the day.</summary>
    public string Time(DateTimeOffset time)
    {
        var utc = time.ToUniversalTime();
        return string.Create(CultureInfo.InvariantCulture, $"{utc.Day} {Months[utc.Month - 1]} {utc:yyyy HH:mm} UTC");
    }

    /// <summary>In the largest unit that divides it.</summary>
    public string Duration(TimeSpan time)
    {
        const long Minute = 60, Hour = 60 * Minute, Day = 24 * Hour, Year = 365 * Day;
        var seconds = (long)time.TotalSeconds;
        if (IsWhole(Year)) return Count("time.years", seconds / Year);
        if (IsWhole(Day)) return Count("time.days", seconds / Day);
        if (IsWhole(Hour)) return Count("time.hours", seconds / Hour);
        return IsWhole(Minute) ? Count("time.minutes", seconds / Minute) : Count("time.seconds", seconds);

        bool IsWhole(long unit) => seconds >= unit && seconds % unit == 0;
    }

    private string Decimal(double number) =>
        number.ToString("0.#", CultureInfo.InvariantCulture).Replace(".", this["numbers.point"], StringComparison.Ordinal);

    private static string ValueOf(ReadOnlySpan<char> name, ReadOnlySpan<(string Name, string Value)> values)
    {
        foreach (var value in values)
        {
            if (name.SequenceEqual(value.Name)) return value.Value;
        }
        throw new ArgumentException($"No value was given for {{{name}}}.", nameof(values));
    }

    private static Dictionary<string, string> Read(string resource)
    {
        var json = new Utf8JsonReader(EmbeddedText.Read(resource));
        var texts = new Dictionary<string, string>();
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName) continue;
            var key = json.GetString()!;
            json.Read();
            texts.Add(key, json.GetString()!);
        }
        return texts;
    }
}
