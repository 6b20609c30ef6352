using System.Net;
using System.Text;
using Pasteur.Configuration;

namespace Pasteur.Client;

/// <summary>Makes of an answer that is no success the line that the user sees: in the site's own words where it has some.</summary>
internal static class SiteRefusal
{
    public static async Task<ClientFailedException> OfAsync(HttpResponseMessage answer, SiteClient site, bool hasLogin)
    {
        var host = answer.RequestMessage!.RequestUri!.Authority;
        var status = (int)answer.StatusCode;
        var words = await WordsOfAsync(answer, site) ?? answer.StatusCode switch
        {
            HttpStatusCode.NotFound => "there is no such paste: it has ended, was read or deleted, or the link lost a character",
            HttpStatusCode.Gone => "the paste has ended, or was read and burnt",
            _ => $"it answered {status}",
        };
        return answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized when hasLogin => new(ExitCodes.NotAllowed, $"{host} does not take this user and password"),
            HttpStatusCode.Unauthorized => new(ExitCodes.NotAllowed, $"{host} asks for a user and a password; give --auth USER:PASSWORD, or better PASTEUR_AUTH"),
            HttpStatusCode.Forbidden => new(ExitCodes.NotAllowed, $"{host}: {words}"),
            HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.UnavailableForLegalReasons => new(ExitCodes.NoInput, $"{host}: {words}"),
            HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => new(ExitCodes.SiteUnavailable, $"{host}: {words}"),
            >= HttpStatusCode.BadRequest => new(ExitCodes.WrongData, $"{host}: {words}"),
            >= HttpStatusCode.Ambiguous when answer.Headers.Location is { IsAbsoluteUri: true } elsewhere =>
                new(ExitCodes.Protocol, $"{host} sends elsewhere, to {elsewhere.Scheme}://{elsewhere.Authority}{elsewhere.AbsolutePath}; give that address"),
            _ => new(ExitCodes.Protocol, $"{host} answered {status}; is this the address of a Pasteur site?"),
        };
    }

    /// <summary>One line of what a text answer says; null for pages and whatever else is not for a terminal.</summary>
    private static async Task<string?> WordsOfAsync(HttpResponseMessage answer, SiteClient site)
    {
        if (answer.Content.Headers.ContentType?.MediaType != "text/plain") return null;
        var bytes = await site.ReadWholeAsync(answer, Limits.MaxServerWordsBytes);
        return bytes is null ? null : ShownText.Line(Encoding.UTF8.GetString(bytes));
    }
}
