using Pasteur.Git.Objects;

namespace Pasteur.Git.Protocol;

// gitprotocol-pack, "Reference Discovery" (versions 0 and 1); gitprotocol-v2, "Capability Advertisement".
//
//   [ "# service=git-upload-pack"  flush ]             smart HTTP only (gitprotocol-http)
//   version 0 and 1:                                   version 2:
//   [ "version 1" ]                                    "version 2"
//   id SP name NUL capability *(SP capability)         *( key [ "=" value ] )
//   *( id SP name [ "^{}" ] | id SP ".have" )          flush
//   *( "shallow" SP id )
//   flush
//
//   An empty repository lists the one name "capabilities^{}" with the zero id.
internal sealed class Advertisement
{
    private enum ServiceHeader
    {
        Awaited,
        Service,
        Passed,
    }

    private readonly RefCollector _refs = new();
    private ServiceHeader _header;
    private bool _started;

    public int Version { get; private set; }

    public Capabilities Capabilities { get; } = new();

    /// <summary>Empty with version 2, where refs are asked for.</summary>
    public IReadOnlyDictionary<string, ObjectId> Tips => _refs.Tips;

    public static async ValueTask<Advertisement> ReadAsync(PktLineReader reader, CancellationToken ct)
    {
        var advertisement = new Advertisement();
        while (!advertisement.Accept(await reader.ReadTextAsync(ct).ConfigureAwait(false), reader.Line))
        {
        }
        return advertisement;
    }

    /// <summary>Takes one packet; true after the last.</summary>
    public bool Accept(PktKind kind, ReadOnlySpan<byte> line)
    {
        if (kind == PktKind.Flush) return !IsEndOfServiceHeader();
        if (kind != PktKind.Data) throw Unexpected(line);
        if (!_started) AcceptFirst(line);
        else if (Version == 2) Capabilities.Add(line);
        else AcceptRef(line);
        return false;
    }

    private bool IsEndOfServiceHeader()
    {
        if (_header != ServiceHeader.Service) return false;
        _header = ServiceHeader.Passed;
        return true;
    }

    private void AcceptFirst(ReadOnlySpan<byte> line)
    {
        if (_header == ServiceHeader.Awaited && line.StartsWith("# service="u8))
        {
            _header = ServiceHeader.Service;
            return;
        }
        _header = ServiceHeader.Passed;
        if (line.SequenceEqual("version 1"u8) && Version == 0)
        {
            Version = 1;
            return;
        }
        _started = true;
        if (line.SequenceEqual("version 2"u8) && Version == 0)
        {
            Version = 2;
            return;
        }
        var nul = line.IndexOf((byte)0);
        if (nul < 0) throw Unexpected(line);
        Capabilities.AddList(line[(nul + 1)..]);
        AcceptRef(line[..nul]);
    }

    private void AcceptRef(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("shallow "u8) && ObjectId.TryParse(line["shallow ".Length..], out _))
        {
            _refs.Count();
            return;
        }
        if (line.Length <= ObjectId.HexLength + 1 || line[ObjectId.HexLength] != ' ' || !ObjectId.TryParse(line[..ObjectId.HexLength], out var id)) throw Unexpected(line);
        var name = line[(ObjectId.HexLength + 1)..];
        // Peeled tags, the marker of an empty repository, and objects that the server borrows: none is a ref.
        if (name.EndsWith("^{}"u8) || name.SequenceEqual(".have"u8)) _refs.Count();
        else _refs.Add(id, name);
    }

    private static ConversationException Unexpected(ReadOnlySpan<byte> line) =>
        ConversationException.Violation($"the remote's advertisement has the unexpected line \"{RemoteText.Clean(line)}\"");
}
