using Pasteur.Git.Objects;

namespace Pasteur.Git.Protocol;

// gitprotocol-pack, "Packfile Negotiation", with multi_ack_detailed: without it, a server may acknowledge any number of haves, and
// nothing tells the last line from the pack that follows.
//
//   request:  "want" SP id SP capabilities  *( "want" SP id )  *( "shallow" SP id )  [ "deepen" SP n ]  flush
//             *( "have" SP id )  "done"
//   answer:   [ *( "shallow" SP id | "unshallow" SP id ) flush ]     only when deepening
//             *( "ACK" SP id SP ( "common" | "ready" ) )
//             ( "ACK" SP id | "NAK" )  side-band flush
internal static class FetchV0
{
    public static PktLineWriter Request(Capabilities capabilities, IReadOnlyCollection<ObjectId> wants, FetchRequest fetch)
    {
        if (!capabilities.Has("side-band-64k")) throw ConversationException.Violation("the remote's Git is too old: it lacks side-band-64k");
        if (fetch.Depth > 0 && !capabilities.Has("shallow")) throw ConversationException.Violation("the remote's Git cannot send a part of the history (shallow)");
        var request = new PktLineWriter();
        var isDetailed = capabilities.Has("multi_ack_detailed");
        var asked = (isDetailed ? " multi_ack_detailed" : "") + " side-band-64k ofs-delta" + (capabilities.Has("agent") ? $" agent={ClientName.Agent}" : "");
        foreach (var want in wants)
        {
            request.Line($"want {want}{asked}");
            asked = "";
        }
        FetchLines.WriteShallow(request, fetch);
        request.Flush();
        // One have is acknowledged once.
        FetchLines.WriteHaves(request, isDetailed ? fetch : fetch with { Haves = fetch.Haves.Take(1) });
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
        while (true)
        {
            if (await reader.ReadTextAsync(ct).ConfigureAwait(false) != PktKind.Data) throw FetchLines.Unexpected(reader.Line);
            if (IsLast(reader.Line)) return shallow.Commits;
            shallow.CountLine();
        }
    }

    private static bool IsLast(ReadOnlySpan<byte> line)
    {
        if (line.SequenceEqual("NAK"u8)) return true;
        if (!line.StartsWith("ACK "u8)) throw FetchLines.Unexpected(line);
        var id = line["ACK ".Length..];
        var isLast = !(id.EndsWith(" common"u8) || id.EndsWith(" ready"u8));
        if (!isLast) id = id[..id.LastIndexOf((byte)' ')];
        return ObjectId.TryParse(id, out _) ? isLast : throw FetchLines.Unexpected(line);
    }
}
