using System.Globalization;
using System.Text;
using Pasteur.Configuration;
using Pasteur.Envelopes;

namespace Pasteur.Client;

/// <summary><c>pasteur put</c>: pastes, and prints the link and nothing else.</summary>
internal sealed class PutCommand(PutRequest request, ClientConsole console)
{
    public static Task<int> RunAsync(PutRequest request, ClientConsole console, CancellationToken cancellationToken) =>
        console.RunAsync(own => new PutCommand(request, own).RunAsync(cancellationToken));

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var inputs = PutInput.Open(request, console);
        try
        {
            using var form = new PutForm();
            form.AddField("comment", request.Comment).AddField("user", request.User).AddField("expires", SecondsAsSuch(request.Expires)).AddField("reads", request.Reads?.ToString(CultureInfo.InvariantCulture));
            if (inputs.Count == 0)
            {
                var link = await SendAsync(form, cancellationToken);
                await PrintAsync(request.Update is { Key: { Length: > 0 } same } ? $"{link}#{same}" : link);
                return;
            }
            if (request.Encrypt || request.Update is { Key.Length: > 0 })
            {
                var key = KeyToUse();
                var envelope = Envelope.Seal(await ReadAsync(inputs), key, request.Passphrase.IsWanted ? Passphrases.ForNew(request.Passphrase, console) : null);
                if (request.Reads is not null) form.AddField("proof-hash", EnvelopeKeys.ProofHashOf(key));
                form.AddField("encrypted", Encoding.ASCII.GetString(EnvelopeMark.VersionWord)).AddFile(EnvelopeMark.FileName, new ByteArrayContent(envelope));
                await PrintAsync($"{await SendAsync(form, cancellationToken)}#{key.Reveal()}");
                return;
            }
            form.AddField("hl", request.Language);
            foreach (var input in inputs) await form.AddInputAsync(input);
            await PrintAsync(await SendAsync(form, cancellationToken));
        }
        finally
        {
            foreach (var input in inputs) input.Dispose();
        }
    }

    /// <summary>A new revision keeps its link, and so the key; only the initialization vector is new.</summary>
    private EnvelopeKey KeyToUse()
    {
        if (request.Update is not { } link) return EnvelopeKey.Draw();
        return EnvelopeKey.Parse(link.Key) ?? throw new ClientFailedException(ExitCodes.WrongData, "the link is not complete: the key behind # is missing or cut");
    }

    private async Task<EnvelopeContent> ReadAsync(IReadOnlyList<PutInput> inputs)
    {
        var files = new List<EnvelopeFile>(inputs.Count);
        var left = Limits.MaxEnvelopeContentBytes - Limits.MaxEnvelopeHeadBytes;
        foreach (var input in inputs)
        {
            var bytes = await input.ReadAsync(left + 1);
            left -= bytes.Length;
            if (left < 0) throw new ClientFailedException(ExitCodes.WrongData, $"an encrypted paste has at most {(Limits.MaxEnvelopeContentBytes - Limits.MaxEnvelopeHeadBytes) >> 20} MiB");
            files.Add(new EnvelopeFile(input.Name ?? "paste.txt", bytes));
        }
        // The site says the same of what it can read.
        if (files.All(file => file.Bytes.IsEmpty)) throw new ClientFailedException(ExitCodes.WrongData, "there is nothing to paste: the text is empty");
        return new EnvelopeContent(files, request.Language);
    }

    private async Task<string> SendAsync(PutForm form, CancellationToken cancellationToken)
    {
        using var patience = new Patience(cancellationToken);
        using var site = new SiteClient(request.Login, patience, followsRedirects: false);
        // Standard input beyond what is kept can be sent once: whether work is wanted is asked first.
        var proof = form.IsRepeatable || request.Update is not null ? null : await WorkWanted.AskAsync(request.Server, site, patience);
        using var answer = await SendAsync(form, proof, site, patience);
        if (proof is not null || !form.IsRepeatable || WorkWanted.In(answer) is not { } wanted) return await LinkInAsync(answer, site);
        form.Rewind();
        using var second = await SendAsync(form, wanted.Solve(patience), site, patience);
        return await LinkInAsync(second, site);
    }

    private async Task<HttpResponseMessage> SendAsync(PutForm form, string? proof, SiteClient site, Patience patience)
    {
        var length = form.Content.Headers.ContentLength;
        var progress = console.ShowsProgress ? new SendProgress(console.Errors, TimeProvider.System, length) : null;
        using var body = new ReportedContent(form.Content, bytes =>
        {
            patience.Renew();
            progress?.Add(bytes);
        });
        using var post = new HttpRequestMessage(HttpMethod.Post, request.Update?.EditAddress ?? request.Server) { Content = body };
        if (request.Update is not null) post.Headers.Add("X-Token", request.Token);
        if (proof is not null) post.Headers.Add(WorkWanted.Header, proof);
        post.Headers.Accept.ParseAdd("text/plain");
        // What a site will not take need not be sent.
        post.Headers.ExpectContinue = length is null or > Limits.LongestBodyReadInVain;
        try
        {
            return await site.SendAsync(post);
        }
        finally
        {
            progress?.End();
        }
    }

    private async Task<string> LinkInAsync(HttpResponseMessage answer, SiteClient site)
    {
        // Also of a paste that the site can't vouch for: if it is kept, this is its owner's.
        if (answer.Headers.TryGetValues("X-Token", out var tokens) && ShownText.Line(tokens.First()) is { } token) await console.Errors.WriteLineAsync($"token: {token}");
        if (!answer.IsSuccessStatusCode) throw await SiteRefusal.OfAsync(answer, site, request.Login is not null);
        var text = await site.ReadWholeAsync(answer, Limits.MaxServerWordsBytes) is { } bytes ? Encoding.UTF8.GetString(bytes).TrimEnd('\n') : "";
        if (!ClientValues.TryHttp(text, out var link) || link.Fragment.Length > 0 || text.Any(c => c is <= ' ' or >= '\x7f' or '#'))
            throw new ClientFailedException(ExitCodes.Protocol, $"{request.Server.Authority} did not answer with a link; is {request.Server} the address of a Pasteur site?");
        return text;
    }

    private async Task PrintAsync(string link)
    {
        try
        {
            await console.Output.WriteAsync(Encoding.UTF8.GetBytes(link + "\n"), CancellationToken.None);
        }
        catch (IOException e)
        {
            throw new ClientFailedException(ExitCodes.CannotCreate, $"the paste is at {link}, but that can't be printed: {e.Message}", e);
        }
    }

    // In the field of a file, where 0x0's clients say hours, a site would take a bare number for those.
    private static string? SecondsAsSuch(string? expires) =>
        expires is { Length: > 0 and <= 10 } && expires.All(char.IsAsciiDigit) ? expires + "s" : expires;
}
