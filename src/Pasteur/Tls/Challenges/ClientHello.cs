using System.Buffers.Binary;

namespace Pasteur.Tls.Challenges;

/// <summary>What the first bytes of a connection say.</summary>
internal enum HelloKind
{
    /// <summary>More is needed to know.</summary>
    Incomplete,

    /// <summary>An authority looks at a challenge: it offers "acme-tls/1" and nothing else (RFC 8737, section 3).</summary>
    Challenge,

    /// <summary>Anybody else, or no TLS at all.</summary>
    Other,
}

// RFC 8446, sections 5.1 and 4.1.2:
//
//   record      22  version(2)  length(2)  fragment
//   handshake    1  length(3)
//   hello       version(2)  random(32)  session<u8>  ciphers<u16>  compressions<u8>  extensions<u16>
//   extension   type(2)  data<u16>            16: names<u16> of name<u8>  (RFC 7301);  0: names<u16> of type(1) name<u16>  (RFC 6066)
/// <summary>Reads as much of a ClientHello as tells an authority's challenge from a visit. A hello in several records is nobody's that we wait for.</summary>
internal static class ClientHello
{
    private const byte HandshakeRecord = 22, HelloMessage = 1;
    private const int RecordHeaderBytes = 5, MessageHeaderBytes = 4, FixedBytes = 2 + 32;
    private const ushort NameExtension = 0, ProtocolExtension = 16;

    /// <param name="name">Of a challenge: the name that the authority looks for.</param>
    public static HelloKind Read(ReadOnlySpan<byte> bytes, out string name)
    {
        name = "";
        if (bytes.Length > 0 && bytes[0] != HandshakeRecord)
            return HelloKind.Other;
        if (bytes.Length < RecordHeaderBytes)
            return HelloKind.Incomplete;
        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);
        if (bytes.Length < RecordHeaderBytes + length)
            return HelloKind.Incomplete;
        var message = bytes.Slice(RecordHeaderBytes, length);
        if (message.Length < MessageHeaderBytes + FixedBytes || message[0] != HelloMessage)
            return HelloKind.Other;
        var rest = message[(MessageHeaderBytes + FixedBytes)..];
        return TakeShort(ref rest, out _) && TakeLong(ref rest, out _) && TakeShort(ref rest, out _) && TakeLong(ref rest, out var extensions)
            ? ReadExtensions(extensions, out name)
            : HelloKind.Other;
    }

    private static HelloKind ReadExtensions(ReadOnlySpan<byte> extensions, out string name)
    {
        var isChallenge = false;
        name = "";
        while (extensions.Length >= sizeof(ushort))
        {
            var type = BinaryPrimitives.ReadUInt16BigEndian(extensions);
            extensions = extensions[sizeof(ushort)..];
            if (!TakeLong(ref extensions, out var data))
                return HelloKind.Other;
            if (type == ProtocolExtension)
                isChallenge = TakeLong(ref data, out var protocols) && TakeShort(ref protocols, out var only) && only.SequenceEqual("acme-tls/1"u8) && protocols.IsEmpty;
            else if (type == NameExtension && TakeLong(ref data, out var names) && names.Length > 1 && names[0] == 0 && TakeName(names[1..], out var host))
                name = host;
        }
        return isChallenge ? HelloKind.Challenge : HelloKind.Other;
    }

    private static bool TakeName(ReadOnlySpan<byte> bytes, out string name)
    {
        var found = TakeLong(ref bytes, out var host) && !host.ContainsAnyExceptInRange((byte)'!', (byte)'~');
        name = found ? System.Text.Encoding.ASCII.GetString(host).ToLowerInvariant() : "";
        return found;
    }

    private static bool TakeShort(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> field) => Take(ref bytes, 1, bytes.IsEmpty ? 0 : bytes[0], out field);

    private static bool TakeLong(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> field) =>
        Take(ref bytes, sizeof(ushort), bytes.Length < sizeof(ushort) ? 0 : BinaryPrimitives.ReadUInt16BigEndian(bytes), out field);

    private static bool Take(ref ReadOnlySpan<byte> bytes, int prefix, int length, out ReadOnlySpan<byte> field)
    {
        field = default;
        if (bytes.Length < prefix + length)
            return false;
        field = bytes.Slice(prefix, length);
        bytes = bytes[(prefix + length)..];
        return true;
    }
}
