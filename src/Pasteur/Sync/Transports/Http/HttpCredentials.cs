using System.Net.Http.Headers;
using System.Text;
using Pasteur.Configuration;

namespace Pasteur.Sync.Transports.Http;

/// <summary>
/// What is shown to the remote to be let in, where, and when. User and password (or token) are Basic (RFC 7617). A token alone
/// is Bearer (RFC 6750), or Basic where the server offers nothing else. Over https it is sent unasked; over http only once the
/// server has asked, so that one which merely redirects to https never sees it in clear.
/// </summary>
internal sealed class HttpCredentials
{
    // Hosts that know tokens alone look at the password and take any user.
    private const string UserOfTokens = "git";

    private readonly Uri _home;
    private readonly AuthenticationHeaderValue[] _choices;
    private readonly string[] _secrets;
    private volatile AuthenticationHeaderValue? _inUse;

    public HttpCredentials(Uri home, HttpLogin? login, HttpToken? token)
    {
        _home = home;
        _choices = Choices(login, token?.Text);
        string?[] secrets = [token?.Text, login is { Password: null or "" } && token is null ? login.User : login?.Password];
        _secrets = [.. secrets.OfType<string>().SelectMany<string, string>(s => [s, Uri.EscapeDataString(s), .. s.Split(':', 2).Skip(1)])
            .Concat(_choices.Select(choice => choice.Parameter!))
            .Where(s => s.Length > 0).Distinct().OrderByDescending(s => s.Length)];
    }

    public Uri Home => _home;

    public bool Exist => _choices.Length > 0;

    /// <summary>Whether they may be sent there: to the host and port they were given for, or to https on the same host when both ports are the usual ones.</summary>
    public bool BelongTo(Uri address) =>
        address.Host.Equals(_home.Host, StringComparison.OrdinalIgnoreCase)
        && (address.Port == _home.Port && address.Scheme == _home.Scheme
            || _home is { Scheme: "http", IsDefaultPort: true } && address is { Scheme: "https", IsDefaultPort: true });

    /// <summary>What the first request to an address carries.</summary>
    public AuthenticationHeaderValue? First(Uri address) =>
        !Exist || !BelongTo(address) ? null : _inUse ?? (address.Scheme == "https" ? _choices[0] : null);

    /// <summary>What to try after a 401; null when there is nothing left.</summary>
    public AuthenticationHeaderValue? Next(HttpTarget refused, IEnumerable<AuthenticationHeaderValue> offered)
    {
        if (!Exist || !BelongTo(refused.Repository))
            return null;
        var schemes = offered.Select(o => o.Scheme).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var wantsBasic = schemes.Contains("Basic") && !schemes.Contains("Bearer");
        var next = wantsBasic ? _choices[^1] : _choices[0];
        var wasTried = refused.Login is not null && (refused.Login == next || refused.Login.Scheme == "Basic");
        return wasTried ? null : next;
    }

    /// <summary>This one let us in, or was asked for where there is no second try: from now on it is what is sent first.</summary>
    public void Use(AuthenticationHeaderValue? login)
    {
        if (login is not null)
            _inUse = login;
    }

    /// <summary>The text without any of the secrets, should a server have repeated one.</summary>
    public string Mask(string text) => _secrets.Aggregate(text, (masked, secret) => masked.Replace(secret, "***", StringComparison.Ordinal));

    private static AuthenticationHeaderValue[] Choices(HttpLogin? login, string? token)
    {
        if (login is not null)
            return [Basic($"{login.User}:{token ?? login.Password}")];
        if (token is null)
            return [];
        return token.Contains(':', StringComparison.Ordinal)
            ? [Basic(token)]
            : [new AuthenticationHeaderValue("Bearer", token), Basic($"{UserOfTokens}:{token}")];
    }

    private static AuthenticationHeaderValue Basic(string userAndPassword) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(userAndPassword)));
}
