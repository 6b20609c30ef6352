using Pasteur.Web.Answers;
using Pasteur.Web.Negotiation;

namespace Pasteur.Tests.Web.Answers;

public class EntityTagTests
{
    [Theory]
    [InlineData("\"a\"", true)]
    [InlineData("W/\"a\"", true)]
    [InlineData("\"b\", \"a\"", true)]
    [InlineData("*", true)]
    [InlineData("\"b\"", false)]
    [InlineData("a", false)]
    [InlineData("", false)]
    [InlineData("\"a-br\"", false)]
    public void A_client_has_what_it_names(string ifNoneMatch, bool isKnown) => Assert.Equal(isKnown, EntityTag.IsKnown(ifNoneMatch, "\"a\""));

    [Fact]
    public void Each_coding_has_a_tag_of_its_own() =>
        Assert.Equal(["\"a\"", "\"a-gz\"", "\"a-br\""], Enum.GetValues<ContentCoding>().Select(coding => EntityTag.Of("a", coding)));
}
