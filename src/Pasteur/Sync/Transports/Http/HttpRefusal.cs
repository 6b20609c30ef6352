using System.Net;
using Pasteur.Git.Protocol;

namespace Pasteur.Sync.Transports.Http;

/// <summary>What a status other than 200 means for a Git client (RFC 9110, section 15): what the server said, and what to do.</summary>
internal static class HttpRefusal
{
    /// <summary>The exception that says so. It is a <see cref="RequestRefusedException"/> where the Git service cannot have run.</summary>
    public static async Task<IOException> OfAsync(HttpTarget target, HttpResponseMessage response, HttpCredentials credentials, CancellationToken cancellationToken)
    {
        var said = await HttpWords.ReadAsync(response, credentials, cancellationToken);
        var message = credentials.Mask(Explain(target, response, credentials)) + (said.Length > 0 ? $"; it says: {said}" : "");
        return (int)response.StatusCode is >= 300 and < 500 ? new RequestRefusedException(message) : new IOException(message);
    }

    private static string Explain(HttpTarget target, HttpResponseMessage response, HttpCredentials credentials)
    {
        var where = target.Repository.AbsoluteUri;
        var aim = target.Service == GitService.ReceivePack ? "push" : "fetch";
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => Login(target, where, credentials),
            HttpStatusCode.Forbidden when target.Login is null && credentials.Exist => $"{where} lets nobody {aim} (403), and has not asked for the login; try it over https",
            HttpStatusCode.Forbidden when target.Login is null => $"{where} lets nobody {aim} without a login (403); put user and password into the remote's URL, or give --remote-token",
            HttpStatusCode.Forbidden => $"{where} does not let this login {aim} (403); give it the right to, or use another",
            HttpStatusCode.NotFound or HttpStatusCode.Gone => $"there is no repository at {where} ({(int)response.StatusCode}), or none that this login may see; check the remote's URL",
            HttpStatusCode.ProxyAuthenticationRequired => "the proxy asks for a login (407); put user and password into http_proxy or https_proxy",
            HttpStatusCode.RequestEntityTooLarge => $"{where} takes no request as large as this {aim} (413); raise the limit of the server or of the proxy before it",
            HttpStatusCode.ExpectationFailed => $"{where} wants large requests without being asked first (417); it will not be asked again",
            HttpStatusCode.TooManyRequests => $"{where} has had too many requests (429){HttpPause.Describe(response)}",
            HttpStatusCode.ServiceUnavailable => $"{where} is unavailable (503){HttpPause.Describe(response)}",
            _ when HttpRedirect.Is(response) => $"{where} redirects to {HttpRedirect.Shown(target.Repository, response.Headers.Location)} ({(int)response.StatusCode}) in the middle of a {aim}; give the new address as --remote",
            >= HttpStatusCode.InternalServerError when response.RequestMessage?.Method == HttpMethod.Post && target.Service == GitService.ReceivePack =>
                $"{where} failed in the middle of a push ({(int)response.StatusCode}); look into its log: Git there may have ended before it had read all, as on a full disk or when a push is beyond receive.maxInputSize",
            >= HttpStatusCode.InternalServerError => $"{where} failed ({(int)response.StatusCode}); look into its log",
            _ => $"{where} answered {(int)response.StatusCode} where Git was expected; check the remote's URL",
        };
    }

    private static string Login(HttpTarget target, string where, HttpCredentials credentials)
    {
        if (target.Login is not null)
            return $"{where} refused the login (401); check the user and the password or token";
        if (credentials.Exist && credentials.BelongTo(target.Repository))
            return $"{where} asks for the login only now (401); trying again with it";
        return credentials.Exist
            ? $"{where}, where {credentials.Home.AbsoluteUri} redirects to, asks for a login (401), and the one given is for the latter alone; give the new address as --remote"
            : $"{where} asks for a login (401); put user and password into the remote's URL, or give --remote-token";
    }
}
