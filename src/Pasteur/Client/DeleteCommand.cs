using System.Text;
using Pasteur.Configuration;

namespace Pasteur.Client;

/// <summary><c>pasteur delete</c>: deletes a paste with its owner's token, and says what the site says of it.</summary>
internal static class DeleteCommand
{
    public static Task<int> RunAsync(DeleteRequest request, ClientConsole console, CancellationToken cancellationToken) => console.RunAsync(async own =>
    {
        using var patience = new Patience(cancellationToken);
        using var site = new SiteClient(request.Login, patience, followsRedirects: false);
        using var ask = new HttpRequestMessage(HttpMethod.Delete, request.Link.PageAddress);
        ask.Headers.Accept.ParseAdd("text/plain");
        ask.Headers.Add("X-Token", request.Token);
        using var answer = await site.SendAsync(ask);
        if (!answer.IsSuccessStatusCode) throw await SiteRefusal.OfAsync(answer, site, request.Login is not null);
        var words = answer.Content.Headers.ContentType?.MediaType == "text/plain" ? await site.ReadWholeAsync(answer, Limits.MaxServerWordsBytes) : null;
        if (words is null) throw new ClientFailedException(ExitCodes.Protocol, $"{request.Link.PageAddress} did not answer as a Pasteur site does");
        await own.Errors.WriteLineAsync(ShownText.Line(Encoding.UTF8.GetString(words)));
    });
}
