using Microsoft.AspNetCore.Http;
using Pasteur.Web.Negotiation;

namespace Pasteur.Tests.Web.Negotiation;

public sealed class AcceptLanguageHeaderTests
{
    [Theory]
    [InlineData("", "en")]
    [InlineData("fr", "fr")]
    [InlineData("FR-ca", "fr")]
    [InlineData("fr-FR,fr;q=0.9,en-US;q=0.8,en;q=0.7", "fr")]
    [InlineData("en-US,en;q=0.9,fr;q=0.8", "en")]
    [InlineData("de-DE,de;q=0.9,fr;q=0.8,en;q=0.7", "fr")]
    [InlineData("de,en;q=0.5,fr;q=0.6", "fr")]
    [InlineData("fr;q=0.5,en;q=0.5", "fr")]
    [InlineData("en;q=0.5,fr;q=0.5", "en")]
    [InlineData("fr;q=0", "en")]
    [InlineData("fr;q=0,en;q=0", "en")]
    [InlineData("fr;q=2,en;q=0.1", "en")]
    [InlineData("fr;q=x", "en")]
    [InlineData("*", "en")]
    [InlineData("fry,frr", "en")]
    [InlineData("fr_FR", "en")]
    [InlineData(",,;q=,-fr,", "en")]
    public void The_language_that_the_client_likes_best_is_chosen(string header, string language)
    {
        string[] languages = ["en", "fr"];
        var context = new DefaultHttpContext();
        context.Request.Headers.AcceptLanguage = header;
        Assert.Equal(language, languages[AcceptLanguageHeader.Best(context.Request, languages)]);
    }

    [Fact]
    public void Several_lines_are_one_list()
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.AcceptLanguage = new(["en;q=0.3", "fr;q=0.4"]);
        Assert.Equal(1, AcceptLanguageHeader.Best(context.Request, ["en", "fr"]));
    }
}
