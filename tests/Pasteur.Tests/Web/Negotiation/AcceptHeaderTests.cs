using Microsoft.Extensions.Primitives;
using Pasteur.Web.Negotiation;

namespace Pasteur.Tests.Web.Negotiation;

public class AcceptHeaderTests
{
    [Theory]
    [InlineData("", "Text")]
    [InlineData("*/*", "Text")]
    [InlineData("text/plain", "Text")]
    [InlineData("text/html", "Page")]
    [InlineData("TEXT/HTML", "Page")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", "Page")]
    [InlineData("application/json", "Json")]
    [InlineData("application/json, text/plain, */*", "Json")]
    [InlineData("application/problem+json", "Json")]
    [InlineData("text/html;q=0.5, application/json", "Json")]
    [InlineData("application/json;q=0.5, text/html;q=0.6", "Page")]
    [InlineData("text/html;q=0", "Text")]
    [InlineData("text/html;q=banana", "Text")]
    [InlineData("text/html;q=7", "Text")]
    [InlineData("text/html; level=1; q=0.3", "Page")]
    [InlineData("image/png", "Text")]
    [InlineData(",,;;,text", "Text")]
    public void The_form_with_the_greatest_weight_wins(string accept, string form) => Assert.Equal(form, AcceptHeader.Form(accept).ToString());

    [Fact]
    public void Several_header_lines_are_one_list() => Assert.Equal(AnswerForm.Json, AcceptHeader.Form(new StringValues(["text/html;q=0.1", "application/json"])));
}
