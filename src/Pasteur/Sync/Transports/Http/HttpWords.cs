using System.Net;
using System.Text;
using Pasteur.Configuration;
using Pasteur.Git.Protocol;

namespace Pasteur.Sync.Transports.Http;

/// <summary>What an answer that is not Git's says to people: the first line of a text, or the title of a page. One clean line, bounded.</summary>
internal static class HttpWords
{
    /// <summary>Empty when it says nothing.</summary>
    public static async Task<string> ReadAsync(HttpResponseMessage response, HttpCredentials credentials, CancellationToken cancellationToken)
    {
        var kind = response.Content.Headers.ContentType?.MediaType;
        if (kind is not ("text/plain" or "text/html"))
            return "";
        var text = await ReadTextAsync(response, cancellationToken);
        var words = kind == "text/html" ? Title(text) : FirstLine(text);
        // Masked before it is cut: the beginning of a secret is one too.
        var clean = RemoteText.Clean(credentials.Mask(words));
        return clean.Length <= Limits.MaxRemoteWordsLength ? clean : clean[..Limits.MaxRemoteWordsLength] + "…";
    }

    private static async Task<string> ReadTextAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var bytes = new byte[Limits.MaxRemotePageBytes];
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
            return Encoding.UTF8.GetString(bytes, 0, length);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or HttpRequestException)
        {
            // The status says enough.
            return "";
        }
    }

    private static string FirstLine(string text) => text.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0) ?? "";

    private static string Title(string page)
    {
        var begin = page.IndexOf("<title", StringComparison.OrdinalIgnoreCase);
        var open = begin < 0 ? -1 : page.IndexOf('>', begin);
        var end = open < 0 ? -1 : page.IndexOf("</title", open, StringComparison.OrdinalIgnoreCase);
        return end < 0 ? "" : WebUtility.HtmlDecode(page[(open + 1)..end]).Trim();
    }
}
