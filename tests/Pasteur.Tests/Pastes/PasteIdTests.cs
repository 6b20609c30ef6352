using Pasteur.Pastes;

namespace Pasteur.Tests.Pastes;

public class PasteIdTests
{
    [Theory]
    [InlineData("abc", "a/b/c")]
    [InlineData("0z9", "0/z/9")]
    [InlineData("950x0651e9", "9/5/0")]
    [InlineData("950x0651e9h", "9/5/0/x")]
    [InlineData("00000000000000000000000000000000", "0/0/0/0")]
    public void Ids_of_3_to_32_characters_are_read(string text, string parent)
    {
        Assert.True(PasteId.TryParse(text, out var id));
        Assert.Equal(text, id.ToString());
        Assert.Equal($"{parent}/{text}", id.Folder);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ab")]
    [InlineData("000000000000000000000000000000000")]
    [InlineData("abC")]      // no other case
    [InlineData("abi")]      // Crockford's alphabet lacks i, l, o and u
    [InlineData("ab1l")]
    [InlineData("o00")]
    [InlineData("u00")]
    [InlineData("..")]
    [InlineData("...")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("ab\0")]
    [InlineData("ab ")]
    [InlineData(" abc")]
    [InlineData("abc\n")]
    [InlineData("-abc")]
    [InlineData("--output=x")]
    [InlineData("abé")]
    [InlineData("abc.git")]
    [InlineData("%61bc")]
    public void Anything_else_is_no_id(string? text) => Assert.False(PasteId.TryParse(text, out _));

    [Theory]
    [InlineData("raw")]
    [InlineData("readyz")]
    [InlineData("assets")]
    [InlineData("prn")]
    [InlineData("tar")]
    [InlineData("create")]
    public void Words_that_mean_something_elsewhere_are_no_ids(string word) => Assert.False(PasteId.TryParse(word, out _));

    [Theory]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(32)]
    public void Drawn_ids_are_of_the_length_asked_for_and_can_be_read(int length)
    {
        for (var i = 0; i < 2000; i++)
        {
            var id = PasteId.Draw(length);
            Assert.Equal(length, id.Length);
            Assert.True(PasteId.TryParse(id.ToString(), out var read));
            Assert.Equal(id, read);
        }
    }

    [Fact]
    public void Drawn_ids_use_every_character_evenly()
    {
        var counts = new Dictionary<char, int>();
        for (var i = 0; i < 4000; i++)
        {
            foreach (var c in PasteId.Draw(16).ToString()) counts[c] = counts.GetValueOrDefault(c) + 1;
        }

        // 64,000 characters over 32: 2,000 each, standard deviation 44. A modulo bias or a missing letter is far outside.
        Assert.Equal(32, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 1700, 2300));
    }

    [Fact]
    public void Drawn_ids_do_not_repeat()
    {
        var ids = Enumerable.Range(0, 20_000).Select(_ => PasteId.Draw(10).ToString()).ToHashSet();

        Assert.Equal(20_000, ids.Count);
    }
}
