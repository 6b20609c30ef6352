using System.Buffers.Binary;

namespace Pasteur.Boot;

/// <summary>
/// The simple network time protocol (RFC 4330, section 4): 48 bytes there, 48 back, big-endian.
/// <code>
/// leap u2 · version u3 · mode u3 | stratum u8 | poll u8 | precision i8 | root delay 4 | root dispersion 4 | reference id 4
/// reference time 8 · originate time 8 · receive time 8 · transmit time 8 (seconds since 1900 u32 · fraction u32)
/// </code>
/// </summary>
internal static class Sntp
{
    public const int Port = 123;
    public const int Length = 48;

    private const int OriginateAt = 24, TransmitAt = 40;
    private const byte Version4Client = 4 << 3 | 3;
    private const int ModeServer = 4, LeapUnknown = 3, HighestStratum = 15;

    // From 1900 to 1970. The seconds wrap in 2036: those of the first half are after it (section 3).
    private const long EpochSeconds = 2_208_988_800, Wrap = 1L << 32;

    /// <param name="nonce">Stands where our time would: the reply repeats it, and nobody learns what our clock says.</param>
    public static byte[] Request(ulong nonce)
    {
        var message = new byte[Length];
        message[0] = Version4Client;
        BinaryPrimitives.WriteUInt64BigEndian(message.AsSpan(TransmitAt), nonce);
        return message;
    }

    /// <summary>The server's time when it answered; null when this is malformed, no answer to that request, or from a server that doesn't know the time.</summary>
    public static DateTimeOffset? Read(ReadOnlySpan<byte> reply, ulong nonce)
    {
        if (reply.Length < Length || (reply[0] & 7) != ModeServer || reply[0] >> 6 == LeapUnknown || reply[1] is 0 or > HighestStratum
            || BinaryPrimitives.ReadUInt64BigEndian(reply[OriginateAt..]) != nonce)
            return null;
        var seconds = BinaryPrimitives.ReadUInt32BigEndian(reply[TransmitAt..]);
        var fraction = BinaryPrimitives.ReadUInt32BigEndian(reply[(TransmitAt + 4)..]);
        if (seconds == 0)
            return null;
        var unix = seconds - EpochSeconds + (seconds < 1u << 31 ? Wrap : 0);
        return DateTimeOffset.FromUnixTimeSeconds(unix).AddTicks((long)(fraction * (double)TimeSpan.TicksPerSecond / Wrap));
    }
}
