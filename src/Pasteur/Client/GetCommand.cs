using System.Net;
using Pasteur.Configuration;
using Pasteur.Envelopes;

namespace Pasteur.Client;

/// <summary><c>pasteur get</c>: fetches a paste, byte for byte, and opens it when it is encrypted.</summary>
internal sealed class GetCommand(GetRequest request, ClientConsole console, SiteClient site)
{
    private readonly SaveTarget _target = new(request.Output, request.Force, console.Output);
    private readonly BurningPaste _burning = new(request, console, site);
    private bool _isBurnt;

    public static Task<int> RunAsync(GetRequest request, ClientConsole console, CancellationToken cancellationToken) => console.RunAsync(async own =>
    {
        using var patience = new Patience(cancellationToken);
        using var site = new SiteClient(request.Login, patience, followsRedirects: true);
        await new GetCommand(request, own, site).RunAsync();
    });

    private async Task RunAsync()
    {
        var link = request.Link;
        if (link.Key.Length > 0) await OpenAsync(await ReadEnvelopeAsync());
        else if (link.IsRaw) await SaveAsync([link.Address.Segments[^1]], _ => link.Address);
        else if (await FindAsync() is not { } info) await SaveAsync([Uri.UnescapeDataString(link.Address.Segments[^1])], _ => link.Address);
        else if (info.ReadsLeft is not null) await OpenBurningAsync(info);
        else if (info.Names is { } names) await SaveAsync(names, name => names.Count == 1 ? link.RawAddress : link.FileAddress(name));
        else throw NoPaste();
    }

    /// <summary>Who gives no key for an encrypted one burns nothing.</summary>
    private async Task OpenBurningAsync(PasteInfo info)
    {
        if (info.Encrypted is not null) throw EnvelopeWords.Of(EnvelopeFailure.Key, hasPassphrase: false);
        var files = await _burning.OpenAsync();
        await BurningPaste.KeepIfLostAsync(files, () => SaveAsync(files));
    }

    /// <summary>What the site says of it; null when there is no such paste, and the link may be that of a file.</summary>
    private async Task<PasteInfo?> FindAsync()
    {
        using var ask = new HttpRequestMessage(HttpMethod.Get, request.Link.InfoAddress);
        ask.Headers.Accept.ParseAdd("text/plain");
        using var answer = await site.SendAsync(ask);
        if (answer.StatusCode == HttpStatusCode.NotFound && request.Link.MayNameFile) return null;
        if (!answer.IsSuccessStatusCode) throw await SiteRefusal.OfAsync(answer, site, request.Login is not null);
        var json = answer.Content.Headers.ContentType?.MediaType == "application/json" ? await site.ReadWholeAsync(answer, Limits.MaxPasteInfoBytes) : null;
        return (json is null ? null : PasteInfo.Parse(json)) ?? throw NoPaste();
    }

    private async Task SaveAsync(IReadOnlyList<string> names, Func<string, Uri> addressOf)
    {
        // An envelope without its key is of no use to anybody: the shell may have taken what stood behind #.
        if (names is [EnvelopeMark.FileName] && !request.Link.IsRaw)
        {
            await OpenAsync(await ReadEnvelopeAsync());
            return;
        }
        var paths = _target.PathsFor(names);
        for (var i = 0; i < names.Count; i++)
        {
            using var answer = await FetchAsync(addressOf(names[i]));
            await _target.SaveAsync(paths[i], file => site.CopyAsync(answer, file));
        }
    }

    private async Task<byte[]> ReadEnvelopeAsync()
    {
        using var answer = await AskAsync(request.Link.RawAddress);
        if (answer.StatusCode == HttpStatusCode.Conflict)
        {
            _isBurnt = true;
            return await _burning.OpenEnvelopeAsync();
        }
        await CheckAsync(answer);
        return await site.ReadWholeAsync(answer, Limits.MaxEnvelopeBytes)
            ?? throw new ClientFailedException(ExitCodes.WrongData, $"this is no encrypted paste: it is larger than {Limits.MaxEnvelopeBytes >> 20} MiB");
    }

    private async Task OpenAsync(byte[] envelope)
    {
        if (!_isBurnt)
        {
            await SaveAsync(Open(envelope));
            return;
        }
        IReadOnlyList<EnvelopeFile> files = [];
        await BurningPaste.KeepIfLostAsync([new EnvelopeFile(EnvelopeMark.FileName, envelope)], () =>
        {
            files = Open(envelope);
            return Task.CompletedTask;
        });
        await BurningPaste.KeepIfLostAsync(files, () => SaveAsync(files));
    }

    private IReadOnlyList<EnvelopeFile> Open(byte[] envelope)
    {
        string? passphrase = null;
        var outcome = Envelope.Open(envelope, request.Link.Key, null);
        // What is burnt cannot be fetched again to try another.
        for (var tries = 0; tries < (_isBurnt && request.Passphrase.Given is null ? Limits.MaxPassphraseTries : 1) && outcome is EnvelopeOutcome.Failed { Failure: EnvelopeFailure.Passphrase or EnvelopeFailure.Sealed }; tries++)
        {
            if (outcome is EnvelopeOutcome.Failed { Failure: EnvelopeFailure.Sealed } && passphrase is null) break;
            passphrase = Passphrases.ForOpening(request.Passphrase, console);
            outcome = Envelope.Open(envelope, request.Link.Key, passphrase);
        }
        if (outcome is EnvelopeOutcome.Failed { Failure: EnvelopeFailure.None })
        {
            outcome = request.Link.Key.Length > 0
                ? LegacyCiphertext.Open(envelope, request.Link.Key)
                // Somebody's file that is called so.
                : new EnvelopeOutcome.Opened(new EnvelopeContent([new EnvelopeFile(EnvelopeMark.FileName, envelope)], null));
        }
        return outcome is EnvelopeOutcome.Opened { Content.Files: var files } ? files : throw EnvelopeWords.Of(((EnvelopeOutcome.Failed)outcome).Failure, passphrase is not null);
    }

    private async Task SaveAsync(IReadOnlyList<EnvelopeFile> files)
    {
        var paths = _target.PathsFor([.. files.Select(file => file.Name)]);
        for (var i = 0; i < files.Count; i++)
        {
            var bytes = files[i].Bytes;
            await _target.SaveAsync(paths[i], file => file.WriteAsync(bytes).AsTask());
        }
    }

    private async Task<HttpResponseMessage> FetchAsync(Uri address)
    {
        var answer = await AskAsync(address);
        await CheckAsync(answer);
        return answer;
    }

    private async Task<HttpResponseMessage> AskAsync(Uri address)
    {
        using var ask = new HttpRequestMessage(HttpMethod.Get, address);
        ask.Headers.Accept.ParseAdd("text/plain");
        return await site.SendAsync(ask);
    }

    private async Task CheckAsync(HttpResponseMessage answer)
    {
        // What was pasted is never served as a page.
        if (answer.IsSuccessStatusCode && answer.Content.Headers.ContentType?.MediaType != "text/html") return;
        using (answer)
        {
            throw answer.IsSuccessStatusCode ? NoPaste() : await SiteRefusal.OfAsync(answer, site, request.Login is not null);
        }
    }

    private ClientFailedException NoPaste() => new(ExitCodes.Protocol, $"what is at {request.Link} is no paste of a Pasteur site");
}
