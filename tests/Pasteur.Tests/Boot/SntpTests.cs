using System.Buffers.Binary;
using Pasteur.Boot;

namespace Pasteur.Tests.Boot;

public sealed class SntpTests
{
    private const ulong Nonce = 0x1122334455667788;

    [Fact]
    public void Request_is_of_a_client_of_version_4_and_tells_no_time()
    {
        var request = Sntp.Request(Nonce);

        Assert.Equal("23" + new string('0', 78) + "1122334455667788", Convert.ToHexStringLower(request));
    }

    [Theory]
    [InlineData(3_976_214_400u, 0x80000000u, "2026-01-01T00:00:00.5000000Z")]
    [InlineData(0xFFFFFFFFu, 0u, "2036-02-07T06:28:15.0000000Z")]
    [InlineData(1u, 0u, "2036-02-07T06:28:17.0000000Z")]
    public void Time_is_counted_from_1900_and_goes_on_after_2036(uint seconds, uint fraction, string time) =>
        Assert.Equal(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture), Sntp.Read(Reply(seconds, fraction), Nonce));

    [Fact]
    public void Reply_of_nobody_who_knows_the_time_is_none()
    {
        Assert.NotNull(Sntp.Read(Reply(1, 0), Nonce));

        Assert.Null(Sntp.Read(Reply(1, 0), Nonce + 1)); // to somebody else
        Assert.Null(Sntp.Read(Reply(1, 0).AsSpan(0, 47), Nonce));
        Assert.Null(Sntp.Read(Reply(0, 0), Nonce));
        Assert.Null(Sntp.Read(Reply(1, 0, first: 0x23), Nonce)); // of a client
        Assert.Null(Sntp.Read(Reply(1, 0, first: 0xE4), Nonce)); // not in step with anybody
        Assert.Null(Sntp.Read(Reply(1, 0, stratum: 0), Nonce)); // "kiss of death"
        Assert.Null(Sntp.Read(Reply(1, 0, stratum: 16), Nonce));
    }

    private static byte[] Reply(uint seconds, uint fraction, byte first = 0x24, byte stratum = 2)
    {
        var reply = new byte[48];
        reply[0] = first;
        reply[1] = stratum;
        BinaryPrimitives.WriteUInt64BigEndian(reply.AsSpan(24), Nonce);
        BinaryPrimitives.WriteUInt32BigEndian(reply.AsSpan(40), seconds);
        BinaryPrimitives.WriteUInt32BigEndian(reply.AsSpan(44), fraction);
        return reply;
    }
}
