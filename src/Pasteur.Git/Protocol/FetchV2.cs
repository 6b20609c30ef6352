using Pasteur.Git.Objects;

namespace Pasteur.Git.Protocol;

// gitprotocol-v2, "fetch". One round: the haves and "done" go together, so the answer is always the pack.
//
//   request:  "command=fetch" [agent] [object-format] delim "ofs-delta"
//             *( "shallow" SP id ) [ "deepen" SP n ] [ "filter" SP spec ] *( "want" SP id ) *( "have" SP id ) "done" flush
//   answer:   [ "acknowledgments" *line delim ] [ "shallow-info" *( "shallow" SP id | "unshallow" SP id ) delim ]
//             [ "wanted-refs" *line delim ] "packfile" side-band flush
internal static class FetchV2
{
    public static PktLineWriter Command(string name, Capabilities capabilities)
    {
        var request = new PktLineWriter().Line($"command={name}");
        if (capabilities.Has("agent")) request.Line($"agent={ClientName.Agent}");
        if (capabilities.Has("object-format")) request.Line("object-format=sha1");
        return request.Delimiter();
    }

    public static PktLineWriter Request(Capabilities capabilities, IReadOnlyCollection<ObjectId> wants, FetchRequest fetch)
    {
        var request = Command("fetch", capabilities).Line("ofs-delta");
        FetchLines.WriteShallow(request, fetch);
        if (fetch.Filter is { } filter) request.Line($"filter {filter}");
        foreach (var want in wants) request.Line($"want {want}");
        FetchLines.WriteHaves(request, fetch);
        return request.Line("done").Flush();
    }

    /// <summary>Reads up to the pack; returns the commits that the server sends without their parents.</summary>
    public static async ValueTask<IReadOnlyList<ObjectId>> ReadToPackAsync(PktLineReader reader, CancellationToken ct)
    {
        var shallow = new ShallowCollector();
        while (true)
        {
            if (await reader.ReadTextAsync(ct).ConfigureAwait(false) != PktKind.Data) throw FetchLines.Unexpected(reader.Line);
            var section = Section(reader.Line);
            if (section == FetchSection.Pack) return shallow.Commits;
            while (await reader.ReadTextAsync(ct).ConfigureAwait(false) is var kind && kind != PktKind.Delimiter)
            {
                // A flush here ends an answer that has no pack; we said "done", so there must be one.
                if (kind != PktKind.Data) throw FetchLines.Unexpected(reader.Line);
                if (section == FetchSection.ShallowInfo) shallow.Add(reader.Line);
                else shallow.CountLine();
            }
        }
    }

    private enum FetchSection
    {
        Acknowledgments,
        ShallowInfo,
        WantedRefs,
        Pack,
    }

    private static FetchSection Section(ReadOnlySpan<byte> header)
    {
        if (header.SequenceEqual("packfile"u8)) return FetchSection.Pack;
        if (header.SequenceEqual("shallow-info"u8)) return FetchSection.ShallowInfo;
        if (header.SequenceEqual("acknowledgments"u8)) return FetchSection.Acknowledgments;
        if (header.SequenceEqual("wanted-refs"u8)) return FetchSection.WantedRefs;
        throw FetchLines.Unexpected(header);
    }
}
