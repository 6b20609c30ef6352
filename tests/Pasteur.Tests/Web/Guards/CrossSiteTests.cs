using Microsoft.AspNetCore.Http;
using Pasteur.Web.Guards;

namespace Pasteur.Tests.Web.Guards;

public class CrossSiteTests
{
    /// <summary>Any page can make its origin "null", in a sandboxed frame, and the browser would add the password that it keeps.</summary>
    [Fact]
    public void A_page_without_an_origin_may_not_use_a_password_over_plain_HTTP()
    {
        var request = new DefaultHttpContext().Request;
        request.Method = "POST";
        request.Host = new HostString("paste.example:8080");
        request.Headers.Origin = "null";
        Assert.False(CrossSite.IsForeign(request));
        request.Headers.Authorization = "Basic dTpw";
        Assert.True(CrossSite.IsForeign(request));
        request.Headers.Origin = "http://paste.example:8080";
        Assert.False(CrossSite.IsForeign(request));
        request.Headers.Origin = "null";
        request.Headers["Sec-Fetch-Site"] = "same-origin";
        Assert.False(CrossSite.IsForeign(request));
    }

    [Theory]
    [InlineData("POST", null, null, false)]                          // curl
    [InlineData("POST", "same-origin", "https://paste.example", false)]
    [InlineData("POST", "none", null, false)]
    [InlineData("POST", "cross-site", "https://evil.example", true)]
    [InlineData("POST", "same-site", "https://other.paste.example", true)]
    [InlineData("POST", "nonsense", null, true)]
    [InlineData("POST", "same-origin", "null", false)]               // our form, under no-referrer
    [InlineData("POST", null, "null", false)]                        // our form over plain HTTP
    [InlineData("POST", null, "http://paste.example:8080", false)]
    [InlineData("POST", null, "http://PASTE.example:8080", false)]
    [InlineData("POST", null, "http://evil.example", true)]
    [InlineData("POST", null, "http://paste.example:8080.evil.example", true)]
    [InlineData("POST", null, "http://paste.example", true)]
    [InlineData("POST", null, "garbage", true)]
    [InlineData("PUT", "cross-site", null, true)]
    [InlineData("GET", "cross-site", "https://evil.example", false)] // a link
    [InlineData("HEAD", "cross-site", null, false)]
    public void Only_a_page_of_another_site_is_foreign(string method, string? fetchSite, string? origin, bool isForeign)
    {
        var request = new DefaultHttpContext().Request;
        request.Method = method;
        request.Host = new HostString("paste.example:8080");
        if (fetchSite is not null) request.Headers["Sec-Fetch-Site"] = fetchSite;
        if (origin is not null) request.Headers.Origin = origin;

        Assert.Equal(isForeign, CrossSite.IsForeign(request));
    }

    [Theory]
    [InlineData("paste.example", "https://paste.example", false)]
    [InlineData("paste.example:443", "https://paste.example", false)]
    [InlineData("paste.example:80", "http://paste.example", false)]
    [InlineData("paste.example:443", "http://paste.example", true)]
    public void A_default_port_is_no_other_site(string host, string origin, bool isForeign)
    {
        var request = new DefaultHttpContext().Request;
        request.Method = "POST";
        request.Host = new HostString(host);
        request.Headers.Origin = origin;

        Assert.Equal(isForeign, CrossSite.IsForeign(request));
    }

    [Fact]
    public void Two_answers_to_one_question_are_not_trusted()
    {
        var request = new DefaultHttpContext().Request;
        request.Method = "POST";
        request.Headers["Sec-Fetch-Site"] = new(["same-origin", "cross-site"]);

        Assert.True(CrossSite.IsForeign(request));
    }
}
