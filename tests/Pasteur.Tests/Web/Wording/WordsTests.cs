using System.Text.Json;
using System.Text.RegularExpressions;
using Pasteur.Tests.Support;
using Pasteur.Web.Errors;
using Pasteur.Web.Wording;

namespace Pasteur.Tests.Web.Wording;

public sealed partial class WordsTests
{
    private static readonly string Folder = Path.Combine(SourceTree.Root, "web/words");

    public static TheoryData<string> Languages => new(Words.All.Select(words => words.Language));

    private static Words French => Of("fr");

    [Fact]
    public void Every_file_of_words_is_a_language_of_the_site() =>
        Assert.Equal(Directory.GetFiles(Folder).Select(Path.GetFileNameWithoutExtension).Order(), Words.All.Select(words => words.Language).Order());

    [Theory]
    [MemberData(nameof(Languages))]
    public void Every_key_is_in_every_language_in_the_same_order(string language) => Assert.Equal(Pairs("en").Select(pair => pair.Key), Pairs(language).Select(pair => pair.Key));

    [Theory]
    [MemberData(nameof(Languages))]
    public void Placeholders_and_code_agree_with_those_of_English(string language)
    {
        foreach (var (key, text) in Pairs("en"))
        {
            var translated = Of(language)[key];
            Assert.Equal(Placeholder().Matches(text).Select(match => match.Value).Order(), Placeholder().Matches(translated).Select(match => match.Value).Order());
            Assert.Equal(Code().Matches(text).Select(match => match.Value), Code().Matches(translated).Select(match => match.Value));
        }
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void No_text_is_empty_or_begins_or_ends_with_space(string language) =>
        Assert.All(Pairs(language), pair => Assert.Matches("^\\S(.*\\S)?$", pair.Value));

    [Fact]
    public void Every_key_that_is_used_exists_and_every_key_that_exists_is_used()
    {
        var used = UsedKeys().ToHashSet();
        Assert.True(used.Count > 100);
        Assert.Equal(Words.English.Keys.Order(), used.Order());
    }

    [Fact]
    public void No_text_is_the_same_in_two_languages_but_for_names_and_units()
    {
        string[] same = ["numbers.point", "site.parts", "site.api", "api.title", "api.id", "form.control", "act.qr", "act.source", "size.b", "size.kib", "size.mib", "time.minutes", "time.minutes.one"];
        Assert.DoesNotContain(Words.English.Keys.Except(same), key => Words.English[key] == French[key]);
    }

    [Fact]
    public void What_a_value_holds_is_not_looked_into() =>
        Assert.Equal("\"{count}{name}\" has more than 7 characters.", Words.English.Fill("refused.long", ("name", "{count}{name}"), ("count", "7")));

    [Fact]
    public void A_value_that_is_missing_is_an_error() => Assert.Throws<ArgumentException>(() => Words.English.Fill("refused.long", ("name", "a")));

    [Theory]
    [InlineData(0, "0 B", "0 o")]
    [InlineData(1023, "1023 B", "1023 o")]
    [InlineData(1024, "1 KiB", "1 Kio")]
    [InlineData(1536, "1.5 KiB", "1,5 Kio")]
    [InlineData(1048575, "1024 KiB", "1024 Kio")]
    [InlineData(1572864, "1.5 MiB", "1,5 Mio")]
    public void Sizes_are_written_as_people_write_them(long bytes, string english, string french)
    {
        Assert.Equal(english, Words.English.Size(bytes));
        Assert.Equal(french, French.Size(bytes).Replace('\u00A0', ' '));
    }

    [Fact]
    public void A_time_is_in_UTC_and_its_month_a_word()
    {
        var time = new DateTimeOffset(2026, 2, 3, 1, 4, 5, TimeSpan.FromHours(2));
        Assert.Equal("2 Feb 2026 23:04 UTC", Words.English.Time(time));
        Assert.Equal("2 févr. 2026 23:04 UTC", French.Time(time));
        Assert.All(Words.All, words => Assert.Equal(12, words["dates.months"].Split(' ').Distinct().Count()));
    }

    private static Words Of(string language) => Words.All.Single(words => words.Language == language);

    /// <summary>As the file has them.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Pairs(string language) => JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, language + ".json")))
        .RootElement.EnumerateObject().Select(property => KeyValuePair.Create(property.Name, property.Value.GetString()!));

    private static IEnumerable<string> UsedKeys()
    {
        var server = Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "src/Pasteur/Web"), "*.cs*", SearchOption.AllDirectories);
        var scripts = Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "web/src"), "*.js", SearchOption.AllDirectories);
        foreach (var file in server.Concat(scripts))
        {
            foreach (Match match in Use().Matches(File.ReadAllText(file)))
            {
                var key = match.Groups["key"].Value;
                yield return key;
                if (match.Groups["count"].Success) yield return key + ".one";
            }
        }
        foreach (var kind in Enum.GetValues<ErrorKind>())
        {
            yield return $"error.{ErrorMeaning.Of(kind).Word}";
            yield return $"error.{ErrorMeaning.Of(kind).Word}.detail";
        }
    }

    /// <summary>words["key"], this["key"], Fill("key"…), Prose("key"…), Count("key"…); and in scripts words['key'].</summary>
    [GeneratedRegex("""(?<![a-zA-Z])(?:(?:[wW]ords|this|other)\[|(?:Fill|Prose|(?<count>Count))\()["'](?<key>[a-z][a-z.-]+)["']""")]
    private static partial Regex Use();

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex("`[^`]+`")]
    private static partial Regex Code();
}
