using Pasteur.Git.Objects;

namespace Pasteur.Git.Protocol;

// gitprotocol-pack, "Packfile Negotiation", without multi_ack: the server then acknowledges once, whatever it has in common.
//
//   request:  "want" SP id SP capabilities  *( "want" SP id )  *( "shallow" SP id )  [ "deepen" SP n ]  flush
//             *( "have" SP id )  "done"
//   answer:   [ *( "shallow" SP id | "unshallow" SP id ) flush ]     only when deepening
//             ( "ACK" SP id | "NAK" )  side-band flush
internal static class FetchV0
{
    public static PktLineWriter Request(Capabilities capabilities, IReadOnlyCollection<ObjectId> wants, FetchRequest fetch)
    {
        if (!capabilities.Has("side-band-64k")) throw ConversationException.Violation("the remote's Git is too old: it lacks side-band-64k");
        if (fetch.Depth > 0 && !capabilities.Has("shallow")) throw ConversationException.Violation("the remote's Git cannot send a part of the history (shallow)");
        var request = new PktLineWriter();
        var asked = " side-band-64k ofs-delta" + (capabilities.Has("agent") ? $" agent={ClientName.Agent}" : "");
        foreach (var want in wants)
        {
            request.Line($"want {want}{asked}");
            asked = "";
        }
        FetchLines.WriteShallow(request, fetch);
        request.Flush();
        FetchLines.WriteHaves(request, fetch);
        return request.Line("done");
    }

    /// <inheritdoc cref="FetchV2.ReadToPackAsync"/>
    public static async ValueTask<IReadOnlyList<ObjectId>> ReadToPackAsync(PktLineReader reader, bool deepened, CancellationToken ct)
    {
        var shallow = new ShallowCollector();
        while (deepened)
        {
            var kind = await reader.ReadTextAsync(ct).ConfigureAwait(false);
            if (kind == PktKind.Flush) break;
            if (kind != PktKind.Data) throw FetchLines.Unexpected(reader.Line);
            shallow.Add(reader.Line);
        }
        if (await reader.ReadTextAsync(ct).ConfigureAwait(false) != PktKind.Data || !IsAcknowledgment(reader.Line)) throw FetchLines.Unexpected(reader.Line);
        return shallow.Commits;
    }

    private static bool IsAcknowledgment(ReadOnlySpan<byte> line) =>
        line.SequenceEqual("NAK"u8) || (line.StartsWith("ACK "u8) && ObjectId.TryParse(line["ACK ".Length..], out _));
}
