using System.Globalization;
using System.Net;
using Pasteur.Configuration;
using Pasteur.Envelopes;

namespace Pasteur.Client;

/// <summary>
/// Opens a paste that is burnt after reading, and says so on standard error: whoever calls <c>pasteur get</c> has asked for it. From then on its bytes are
/// here alone, so what can go wrong is found out before, and what goes wrong after loses nothing.
/// </summary>
internal sealed class BurningPaste(GetRequest request, ClientConsole console, SiteClient site)
{
    /// <summary>Of one in clear.</summary>
    public async Task<IReadOnlyList<EnvelopeFile>> OpenAsync()
    {
        using var answer = await PostAsync(request.Link.OpeningAddress("api/v1/pastes/", "/open"), null, "application/json");
        var json = await site.ReadWholeAsync(answer, Limits.MaxEnvelopeBytes * 2);
        var files = json is null ? null : PasteInfo.Parse(json)?.Files;
        if (files is not [_, ..] || files.Any(file => file?.Bytes is null)) throw new ClientFailedException(ExitCodes.Protocol, $"what came from {request.Link} is no paste of a Pasteur site");
        return [.. files.Select(file => new EnvelopeFile(file!.Name ?? "paste.txt", file.Bytes!))];
    }

    /// <summary>The envelope of an encrypted one, against the proof that its key is known.</summary>
    public async Task<byte[]> OpenEnvelopeAsync()
    {
        if (EnvelopeKey.Parse(request.Link.Key) is not { } key) throw EnvelopeWords.Of(EnvelopeFailure.Key, hasPassphrase: false);
        using var proof = new FormUrlEncodedContent([KeyValuePair.Create("proof", EnvelopeKeys.ProofOf(key))]);
        using var answer = await PostAsync(request.Link.OpeningAddress("open/", ""), proof, "application/octet-stream");
        return await site.ReadWholeAsync(answer, Limits.MaxEnvelopeBytes)
            ?? throw new ClientFailedException(ExitCodes.WrongData, $"this is no encrypted paste: it is larger than {Limits.MaxEnvelopeBytes >> 20} MiB");
    }

    /// <summary>Runs what may fail after the paste was opened: then its files are kept in a folder of their own, which only this user can read.</summary>
    public static async Task KeepIfLostAsync(IReadOnlyList<EnvelopeFile> files, Func<Task> save)
    {
        try
        {
            await save();
        }
        catch (ClientFailedException e)
        {
            var folder = Directory.CreateTempSubdirectory("pasteur-").FullName;
            var names = LocalName.Of([.. files.Select(file => file.Name)]);
            for (var i = 0; i < names.Count; i++) await File.WriteAllBytesAsync(Path.Combine(folder, names[i]), files[i].Bytes.ToArray());
            throw new ClientFailedException(e.ExitCode, $"{e.Message}; as the paste could be opened no more, what was in it is in {folder}", e);
        }
    }

    private async Task<HttpResponseMessage> PostAsync(Uri address, HttpContent? body, string accept)
    {
        if (request is { Output: { } output, Force: false } && File.Exists(output))
            throw new ClientFailedException(ExitCodes.CannotCreate, ShownText.Line($"{output} is there already; give --force to write over it. The paste was not opened") ?? "");
        using var post = new HttpRequestMessage(HttpMethod.Post, address) { Content = body };
        post.Headers.Accept.ParseAdd(accept);
        var answer = await site.SendAsync(post);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            using (answer) throw await SiteRefusal.OfAsync(answer, site, request.Login is not null);
        }
        if (answer.Headers.TryGetValues("X-Reads-Left", out var values) && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var left))
            await console.Errors.WriteLineAsync(left == 0 ? "this paste is burnt now: the site shows it to nobody any more" : $"this paste can be opened {left} more time{(left == 1 ? "" : "s")}, and is burnt then");
        return answer;
    }
}
