using Pasteur.Git.Objects;

namespace Pasteur.Git.Protocol;

/// <summary>One fetch: advertisement, refs, then a pack if there is anything to fetch. Version 2, or 0 and 1 where the server answers so.</summary>
internal sealed class FetchSession(Session session, FetchRequest request, long maxPackBytes)
{
    public async Task<FetchOutcome> RunAsync()
    {
        var advertisement = await Advertisement.ReadAsync(session.Reader, session.Token).ConfigureAwait(false);
        var isV2 = advertisement.Version == 2;
        if (request.Filter is not null && !(isV2 && advertisement.Capabilities.Has("fetch", "filter")))
        {
            await session.SayGoodbyeAsync().ConfigureAwait(false);
            return new FetchOutcome.NotFiltered();
        }
        // Version 2 takes the id of any object that the server holds; the others take what they have advertised.
        var refs = request.Objects.Count > 0 ? new RemoteRefs(new Dictionary<string, ObjectId>(), null) : isV2 ? await ListRefsAsync(advertisement.Capabilities).ConfigureAwait(false) : Listed(advertisement);
        var wants = request.Objects.Count > 0 ? request.Objects.ToHashSet() : refs.Pick((name, id) => request.Wants(name) && !request.IsKnown(id)).Values.ToHashSet();
        if (wants.Count == 0)
        {
            await session.SayGoodbyeAsync().ConfigureAwait(false);
            return new FetchOutcome.UpToDate(refs);
        }
        session.Awaited = "its pack";
        var asked = request with { Haves = request.Haves.Concat(request.HavesOf(refs)).Distinct() };
        await session.RequestAsync(isV2
            ? FetchV2.Request(advertisement.Capabilities, wants, asked)
            : FetchV0.Request(advertisement.Capabilities, wants, asked)).ConfigureAwait(false);
        var shallow = isV2
            ? await FetchV2.ReadToPackAsync(session.Reader, session.Token).ConfigureAwait(false)
            : await FetchV0.ReadToPackAsync(session.Reader, request.Depth > 0, session.Token).ConfigureAwait(false);
        var bytes = await ReceivePackAsync(shallow).ConfigureAwait(false);
        return new FetchOutcome.Fetched(refs, bytes, session.Messages.Complete());
    }

    private async Task<RemoteRefs> ListRefsAsync(Capabilities capabilities)
    {
        if (!capabilities.Has("ls-refs") || !capabilities.Has("fetch")) throw ConversationException.Violation("the remote lacks the commands ls-refs and fetch");
        await session.RequestAsync(LsRefs.Request(capabilities, request.Refs)).ConfigureAwait(false);
        var all = await LsRefs.ReadAsync(session.Reader, session.Token).ConfigureAwait(false);
        return new RemoteRefs(Asked(all.Tips), all.Head);
    }

    private RemoteRefs Listed(Advertisement advertisement) => new(Asked(advertisement.Tips), advertisement.Capabilities.HeadTarget);

    // Prefixes are a hint that a server may ignore (gitprotocol-v2): what was not asked for is dropped here.
    private Dictionary<string, ObjectId> Asked(IReadOnlyDictionary<string, ObjectId> tips) =>
        RemoteRefs.Pick(tips, (name, _) => request.Asks(name));

    private async Task<long> ReceivePackAsync(IReadOnlyList<ObjectId> shallow)
    {
        var pack = new SideBandStream(session.Reader, session.Messages, Math.Min(maxPackBytes, request.MaxPackBytes));
        await using (pack.ConfigureAwait(false))
        {
            try
            {
                await request.Receive(pack, shallow, session.Token).ConfigureAwait(false);
            }
            catch (Exception) when (pack.Fault is { } fault)
            {
                throw fault;
            }
            await pack.ReadToEndAsync(session.Token).ConfigureAwait(false);
            return pack.BytesReceived;
        }
    }
}
