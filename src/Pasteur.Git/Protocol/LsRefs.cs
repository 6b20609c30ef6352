using Pasteur.Git.Objects;

namespace Pasteur.Git.Protocol;

// gitprotocol-v2, "ls-refs".
//
//   request:  "command=ls-refs" [agent] [object-format] delim "symrefs" ["unborn"] *( "ref-prefix" SP prefix ) flush
//   answer:   *( ( id | "unborn" ) SP name *( SP "symref-target:" name | SP "peeled:" id ) ) flush
internal sealed class LsRefs
{
    private readonly RefCollector _refs = new();
    private string? _head;

    public RemoteRefs Refs => new(_refs.Tips, _head);

    public static PktLineWriter Request(Capabilities capabilities, IEnumerable<string> prefixes)
    {
        var request = FetchV2.Command("ls-refs", capabilities).Line("symrefs");
        if (capabilities.Has("ls-refs", "unborn")) request.Line("unborn");
        request.Line("ref-prefix HEAD");
        foreach (var prefix in prefixes) request.Line($"ref-prefix {prefix}");
        return request.Flush();
    }

    public static async ValueTask<RemoteRefs> ReadAsync(PktLineReader reader, CancellationToken ct)
    {
        var answer = new LsRefs();
        while (!answer.Accept(await reader.ReadTextAsync(ct).ConfigureAwait(false), reader.Line))
        {
        }
        return answer.Refs;
    }

    /// <summary>Takes one packet; true after the last.</summary>
    public bool Accept(PktKind kind, ReadOnlySpan<byte> line)
    {
        if (kind == PktKind.Flush) return true;
        var space = line.IndexOf((byte)' ');
        if (kind != PktKind.Data || space < 0) throw Unexpected(line);
        var rest = line[(space + 1)..];
        var nameLength = rest.IndexOf((byte)' ') is >= 0 and var end ? end : rest.Length;
        var name = rest[..nameLength];
        if (name.SequenceEqual("HEAD"u8)) _head = SymrefTarget(rest[nameLength..]) ?? _head;
        if (line[..space].SequenceEqual("unborn"u8)) _refs.Count();
        else if (ObjectId.TryParse(line[..space], out var id)) _refs.Add(id, name);
        else throw Unexpected(line);
        return false;
    }

    private static string? SymrefTarget(ReadOnlySpan<byte> attributes)
    {
        foreach (var range in attributes.Split((byte)' '))
        {
            var attribute = attributes[range];
            if (attribute.StartsWith("symref-target:"u8)) return RefCollector.CheckedName(attribute["symref-target:".Length..]);
        }
        return null;
    }

    private static ConversationException Unexpected(ReadOnlySpan<byte> line) =>
        ConversationException.Violation($"the remote's list of refs has the unexpected line \"{RemoteText.Clean(line)}\"");
}
