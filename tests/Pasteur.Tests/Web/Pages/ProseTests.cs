using Pasteur.Web.Pages;

namespace Pasteur.Tests.Web.Pages;

public sealed class ProseTests
{
    [Theory]
    [InlineData("plain & <b>é</b>", "plain &amp; &lt;b&gt;é&lt;/b&gt;")]
    [InlineData("`a < b` and *c*", "<code>a &lt; b</code> and <em>c</em>")]
    [InlineData("[[Ctrl]] [[Enter]]", "<kbd>Ctrl</kbd> <kbd>Enter</kbd>")]
    [InlineData("see [how & why](place).", "see <a href=\"/a?b=1&amp;c=2\">how &amp; why</a>.")]
    [InlineData("{evil}, `{evil}`", "&quot;&gt;&lt;script&gt;*[[`{place}, <code>&quot;&gt;&lt;script&gt;*[[`{place}</code>")]
    public void A_few_marks_become_elements_and_everything_else_is_text(string text, string html) =>
        Assert.Equal(html, Prose.Html(text, ("place", "/a?b=1&c=2"), ("evil", "\"><script>*[[`{place}")).Value!.Replace("&#x60;", "`", StringComparison.Ordinal));

    [Theory]
    [InlineData("`a")]
    [InlineData("*a")]
    [InlineData("[[a]")]
    [InlineData("[a](place")]
    [InlineData("{place")]
    [InlineData("{other}")]
    [InlineData("[a](other)")]
    public void A_mark_that_is_not_closed_or_a_value_that_is_missing_is_an_error(string text) =>
        Assert.Throws<FormatException>(() => Prose.Html(text, ("place", "/")));
}
