using System.Text;
using CsCheck;
using Pasteur.Pastes;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Pastes;

public class StoredNamesTests
{
    [Theory]
    [InlineData("a.txt")]
    [InlineData(".bashrc")]
    [InlineData("Makefile")]
    [InlineData("résumé.txt")]
    [InlineData("日本語.md")]
    [InlineData("a b.txt")]
    [InlineData("it's [ok] {1} #2 %41 & so.txt")]
    [InlineData("console.log")]
    public void Ordinary_names_are_kept(string name) => Assert.Equal([name], StoredNames.For([name]));

    [Theory]
    [InlineData("paste.json")]
    [InlineData("PASTE.json")]
    [InlineData(".git")]
    [InlineData(".GIT")]
    [InlineData(".git ")]
    [InlineData(".gitattributes")]
    [InlineData(".gitmodules")]
    [InlineData("GIT~1")]
    [InlineData("git~1.txt")]
    [InlineData(".g\u200Cit")]      // HFS+ ignores the joiner
    [InlineData(".git::$INDEX_ALLOCATION")]
    [InlineData("CON")]
    [InlineData("con.txt")]
    [InlineData("nul")]
    [InlineData("Aux .c")]
    [InlineData("COM1.log")]
    [InlineData("lpt²")]
    [InlineData("conout$")]
    [InlineData("a.")]
    [InlineData("a ")]
    [InlineData("...")]
    [InlineData("-rf")]
    [InlineData("a:b")]
    [InlineData("a?b*c")]
    [InlineData("a\"b")]
    [InlineData("a|b")]
    [InlineData("a\\b")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("a\u001B[2Jb")]
    [InlineData("a\u007F")]
    [InlineData("a\u202Eb")]
    [InlineData("a\u2028b")]
    [InlineData("a\uD800b")]
    public void Dangerous_names_are_stored_under_another_and_stay_there(string name)
    {
        var stored = Assert.Single(StoredNames.For([name]));

        Assert.NotEqual(name, stored);
        AssertSafe(stored);
        Assert.Equal([stored], StoredNames.For([stored]));
    }

    [Theory]
    [InlineData("a.txt", "A.TXT")]
    [InlineData("é.txt", "É.txt")]
    [InlineData("\u00E9.txt", "e\u0301.txt")]             // NFC and NFD
    [InlineData("a\u1EB9\u0301", "ae\u0323\u0301")]
    [InlineData("\uAC00", "\u1100\u1161")]                // Hangul
    [InlineData("straße", "STRASSE")]
    [InlineData("ﬁle", "file")]
    [InlineData("\u212A", "k")]                           // Kelvin sign
    [InlineData("İ", "i\u0307")]
    [InlineData("con", "_con")]
    [InlineData("a:b", "a?b")]
    [InlineData("a.", "a._")]
    public void Twins_get_names_that_stay_apart_on_any_disk(string first, string second)
    {
        var stored = StoredNames.For([first, second]);

        Assert.NotEqual(stored[0], stored[1], StringComparer.OrdinalIgnoreCase);
        Assert.Contains("-2", stored[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Long_names_keep_their_ending()
    {
        var stored = Assert.Single(StoredNames.For([new string('é', 120) + ".txt"]));

        Assert.EndsWith("é.txt", stored, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(stored), 150, 200);
    }

    [Fact]
    public void Any_names_at_all_become_safe_and_distinct() =>
        Gen.String.Array[1, 8].Sample(names =>
        {
            var stored = StoredNames.For(names);
            Assert.Equal(names.Length, stored.Length);
            Assert.Equal(names.Length, stored.Distinct(StringComparer.OrdinalIgnoreCase).Count());
            Assert.All(stored, AssertSafe);
        });

    /// <summary>git is the judge of what a tree may hold: it checks names for all systems when told to.</summary>
    [Fact]
    public void Stock_git_takes_every_stored_name_with_all_its_protections_on()
    {
        using var repository = new StockRepository();
        string[] hostile = [".git", "GIT~1", ".g\u200Cit", ".git::$INDEX_ALLOCATION", "con", "a\\b", "..", "a/b", ".gitmodules", "paste.json", "é", "e\u0301", "E\u0301"];
        var blob = repository.GitBytes("x"u8.ToArray(), "hash-object", "-w", "--stdin").AsSpan(0, 40);
        var tree = new StringBuilder();
        foreach (var name in StoredNames.For(hostile).Order(StringComparer.Ordinal)) tree.Append($"100644 blob {Encoding.ASCII.GetString(blob)}\t{name}\0");

        var id = Encoding.ASCII.GetString(repository.GitBytes(Encoding.UTF8.GetBytes(tree.ToString()), "mktree", "-z")).Trim();

        var index = repository.GitBytes(default, "-c", "core.protectHFS=true", "-c", "core.protectNTFS=true", "-c", "core.bare=false", "read-tree", id);
        Assert.Empty(index);
        repository.Git("update-ref", "refs/heads/main", repository.Git("commit-tree", "-m", "names", id));
        Assert.DoesNotContain("error", repository.Git("fsck", "--strict"), StringComparison.Ordinal);
    }

    private static void AssertSafe(string name)
    {
        Assert.NotEqual("", name);
        Assert.DoesNotContain(name, c => c < ' ' || c == '\x7F' || "/\\<>:\"|?*~".Contains(c, StringComparison.Ordinal));
        Assert.False(name.StartsWith(".git", StringComparison.OrdinalIgnoreCase), name);
        Assert.False(name.EndsWith('.') || name.EndsWith(' ') || name.StartsWith('-') || name.StartsWith(' '), name);
        Assert.NotEqual("paste.json", name, StringComparer.OrdinalIgnoreCase);
        Assert.InRange(Encoding.UTF8.GetByteCount(name), 1, 240);
        Assert.False(new[] { "con", "prn", "aux", "nul" }.Contains(name.Split('.')[0].TrimEnd(' '), StringComparer.OrdinalIgnoreCase), name);
    }
}
