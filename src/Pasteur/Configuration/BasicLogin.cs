using System.Net.Http.Headers;
using System.Text;

namespace Pasteur.Configuration;

/// <summary>A user and a password to show to a site (RFC 7617). As text it holds neither.</summary>
internal sealed class BasicLogin
{
    private readonly string _userAndPassword;

    private BasicLogin(string userAndPassword) => _userAndPassword = userAndPassword;

    public static Parsed<BasicLogin> Parse(string text)
    {
        var checkedText = BasicCredentials.Parse(text);
        return checkedText.IsOk ? Parsed.Ok(new BasicLogin(text)) : Parsed.Bad<BasicLogin>(checkedText.Problem);
    }

    public AuthenticationHeaderValue ToHeader() => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(_userAndPassword)));

    public override string ToString() => "(hidden)";
}
