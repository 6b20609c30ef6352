using Pasteur.Web.Errors;
using Pasteur.Web.Wording;

namespace Pasteur.Tests.Web.Errors;

public class ErrorMeaningTests
{
    [Fact]
    public void Every_kind_has_a_status_and_words()
    {
        var meanings = Enum.GetValues<ErrorKind>().Select(ErrorMeaning.Of).ToList();

        Assert.All(meanings, meaning => Assert.InRange(meaning.Status, 400, 507));
        Assert.All(meanings, meaning => Assert.DoesNotContain('\n', meaning.Title(Words.English) + meaning.Detail(Words.English)));
        Assert.Equal(meanings.Count, meanings.Select(meaning => meaning.Word).Distinct().Count());
    }

    [Fact]
    public void Whoever_may_try_again_is_told_when() =>
        Assert.All(Enum.GetValues<ErrorKind>().Select(ErrorMeaning.Of).Where(meaning => meaning.Status == 503), meaning => Assert.NotNull(meaning.RetryAfterSeconds));

    [Theory]
    [InlineData(400, "Malformed")]
    [InlineData(404, "NotFound")]
    [InlineData(405, "MethodNotAllowed")]
    [InlineData(408, "TooSlow")]
    [InlineData(413, "TooLarge")]
    [InlineData(431, "Malformed")]
    [InlineData(500, "Fault")]
    public void A_bare_status_has_a_meaning(int status, string kind) => Assert.Equal(kind, ErrorMeaning.OfStatus(status).ToString());
}
