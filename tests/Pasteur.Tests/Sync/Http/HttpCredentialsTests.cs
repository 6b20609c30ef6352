using System.Net.Http.Headers;
using System.Text;
using Pasteur.Configuration;
using Pasteur.Git.Protocol;
using Pasteur.Sync.Transports.Http;

namespace Pasteur.Tests.Sync.Http;

public sealed class HttpCredentialsTests
{
    private static readonly Uri s_home = new("https://host/r.git");

    /// <summary>What stands before the host, the token, what the server offers, and what is sent first and after a 401 ("" for nothing).</summary>
    public static TheoryData<string, string?, string, string, string> Rules => new()
    {
        { "", null, "Basic", "", "" },
        { "ada:pw@", null, "Basic", "Basic ada:pw", "" },
        { "ada:p%3A%40w@", null, "Basic", "Basic ada:p:@w", "" },
        { "ada@", "tok", "Basic", "Basic ada:tok", "" },
        { "ada:@", "tok", "Basic", "Basic ada:tok", "" },
        { "tok@", null, "Basic", "Basic tok:", "" },
        { "", "ada:tok", "Bearer", "Basic ada:tok", "" },
        { "", "tok", "Basic", "Bearer tok", "Basic git:tok" },
        { "", "tok", "basic realm=\"x\"", "Bearer tok", "Basic git:tok" },
        { "", "tok", "Bearer", "Bearer tok", "" },
        { "", "tok", "Basic, Bearer", "Bearer tok", "" },
        { "", "tok", "", "Bearer tok", "" },
        { "", "tok", "Negotiate", "Bearer tok", "" },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void Login_and_token_become_what_the_server_understands(string login, string? token, string offered, string first, string second)
    {
        var credentials = Credentials($"https://{login}host/r.git", token);
        var sent = credentials.First(s_home);
        var next = credentials.Next(new HttpTarget(s_home, GitService.UploadPack, sent), Offers(offered));

        Assert.Equal(first, Readable(sent));
        Assert.Equal(second, Readable(next));
        if (next is not null)
            Assert.Null(credentials.Next(new HttpTarget(s_home, GitService.UploadPack, next), Offers(offered)));
    }

    [Theory]
    [InlineData("https://host/r", "https://host/other", true)]
    [InlineData("https://host/r", "https://HOST:443/r", true)]
    [InlineData("https://host/r", "https://host:8443/r", false)]
    [InlineData("https://host/r", "https://host.example/r", false)]
    [InlineData("https://host/r", "http://host/r", false)]
    [InlineData("http://host/r", "https://host/r", true)]
    [InlineData("http://host:8080/r", "https://host/r", false)]
    [InlineData("http://host/r", "https://host:8443/r", false)]
    [InlineData("http://host:443/r", "https://host/r", false)]
    public void Login_belongs_to_its_host_and_port_and_may_move_to_https_there(string home, string other, bool belongs)
    {
        var credentials = Credentials(home.Replace("://", "://ada:pw@", StringComparison.Ordinal), null);

        Assert.Equal(belongs, credentials.BelongTo(new Uri(other)));
        Assert.Equal(belongs && other.StartsWith("https", StringComparison.Ordinal), credentials.First(new Uri(other)) is not null);
    }

    [Fact]
    public void Over_http_it_waits_to_be_asked_and_goes_at_once_afterwards()
    {
        var home = new Uri("http://host/r.git");
        var credentials = Credentials("http://host/r.git", "tok");

        Assert.Null(credentials.First(home));
        var asked = credentials.Next(new HttpTarget(home, GitService.UploadPack, null), Offers("Basic"));
        Assert.Equal("Basic git:tok", Readable(asked));
        credentials.Use(asked);
        Assert.Same(asked, credentials.First(home));
    }

    [Theory]
    [InlineData("ada:s%20ecret@", null, "a s ecret b s%20ecret c YWRhOnMgZWNyZXQ=", "a *** b *** c ***")]
    [InlineData("lone@", null, "lone bG9uZTo=", "*** ***")]
    [InlineData("ada@", "tok", "ada tok YWRhOnRvaw==", "ada *** ***")]
    [InlineData("", "ada:tok", "tok ada:tok YWRhOnRvaw==", "*** *** ***")]
    [InlineData("", "tok", "Bearer tok, Basic Z2l0OnRvaw==", "Bearer ***, Basic ***")]
    [InlineData("", null, "nothing to hide", "nothing to hide")]
    public void Secrets_are_masked_as_they_are_and_as_they_are_sent(string login, string? token, string text, string expected) =>
        Assert.Equal(expected, Credentials($"https://{login}host/r.git", token).Mask(text));

    [Theory]
    [InlineData("https://host/r", "http://host/x/info/refs?service=git-upload-pack", null)]
    [InlineData("https://host/r", "//host/x/info/refs?service=git-upload-pack", "https://host/x")]
    [InlineData("http://host/r", "https://other:81/x/y.git/info/refs?service=git-upload-pack#z", "https://other:81/x/y.git")]
    [InlineData("http://host/r", "http://ada:pw@other/x/info/refs?service=git-upload-pack", "http://other/x")]
    [InlineData("http://host/r", "/x/info/refs?service=git-upload-pack&more=1", null)]
    [InlineData("http://host/r", "/x/info/refs", null)]
    [InlineData("http://host/r", "http://a/?/info/refs?service=git-upload-pack", null)]
    [InlineData("http://host/r", "http://other/secrets?x=/info/refs?service=git-upload-pack", null)]
    [InlineData("http://host/r", "data:text/plain,/info/refs?service=git-upload-pack", null)]
    public void Redirect_is_followed_to_the_same_question_at_a_place_as_safe(string from, string location, string? expected)
    {
        var target = new HttpTarget(new Uri(from), GitService.UploadPack, null);
        var to = new Uri(location, UriKind.RelativeOrAbsolute);
        if (expected is null)
            Assert.Throws<IOException>(() => HttpRedirect.Follow(target, to));
        else
            Assert.Equal(expected, HttpRedirect.Follow(target, to).AbsoluteUri);
    }

    [Fact]
    public void Target_as_text_holds_no_login() =>
        Assert.DoesNotContain("canary", $"{new HttpTarget(s_home, GitService.UploadPack, new AuthenticationHeaderValue("Bearer", "canary"))}", StringComparison.Ordinal);

    private static HttpCredentials Credentials(string url, string? token)
    {
        var http = Assert.IsType<RemoteUrl.Http>(RemoteUrl.Parse(url).Value);
        return new HttpCredentials(http.Address, http.Login, token is null ? null : new HttpToken(token));
    }

    private static IEnumerable<AuthenticationHeaderValue> Offers(string text)
    {
        using var answer = new HttpResponseMessage();
        answer.Headers.TryAddWithoutValidation("WWW-Authenticate", text);
        return [.. answer.Headers.WwwAuthenticate];
    }

    private static string Readable(AuthenticationHeaderValue? login) => login switch
    {
        null => "",
        { Scheme: "Basic" } => "Basic " + Encoding.UTF8.GetString(Convert.FromBase64String(login.Parameter!)),
        _ => login.ToString(),
    };
}
