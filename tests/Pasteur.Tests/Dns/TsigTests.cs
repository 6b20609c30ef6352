using System.Buffers.Binary;
using CsCheck;
using Pasteur.Dns;
using Pasteur.Dns.Messages;
using Pasteur.Dns.Signing;

namespace Pasteur.Tests.Dns;

public sealed class TsigTests
{
    private const int AdditionalsAt = 10;

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, GoldenUpdate.All.Count)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Signs_as_nsupdate_does_byte_for_byte(int number)
    {
        var golden = GoldenUpdate.All[number];
        var request = DnsMessage.Read(golden.Request)!;
        var theirs = TsigRecord.Read(request)!;

        var signed = TsigSigner.Sign(Unsigned(request), golden.Key, DateTimeOffset.FromUnixTimeSeconds(theirs.SignedAt));

        Assert.Equal(Convert.ToHexString(theirs.Mac), Convert.ToHexString(signed.Mac));
        Assert.Equal(Convert.ToHexString(golden.Request), Convert.ToHexString(signed.Bytes));
    }

    [Fact]
    public void Believes_what_named_signed_with_each_algorithm()
    {
        var accepted = GoldenUpdate.All.Where(golden => golden.Case == "accepted").ToList();
        Assert.Equal(3, accepted.Count);
        Assert.All(accepted, golden => Assert.Equal(new TsigVerdict(TsigStatus.Valid), Check(golden, golden.Response)));
    }

    [Fact]
    public void Believes_no_response_that_differs_in_any_bit()
    {
        foreach (var golden in GoldenUpdate.All.Where(golden => golden.Case == "accepted"))
        {
            for (var bit = 0; bit < 8 * golden.Response.Length; bit++)
            {
                var changed = (byte[])golden.Response.Clone();
                changed[bit / 8] ^= (byte)(1 << (bit % 8));
                // The id is compared with the request's before; the class and TTL of the signature are constants that its digest covers.
                if (bit / 8 < 2 || IsCaseOfName(golden.Response, changed, bit / 8) || DnsMessage.Read(changed) is not { } message)
                    continue;
                var verdict = TsigSigner.Check(message, golden.Key, MacOf(golden.Request), GoldenUpdate.Now);
                Assert.True(verdict.Status is not TsigStatus.Valid || TsigTtlBytes(golden).Contains(bit / 8), $"bit {bit} of {Convert.ToHexString(golden.Response)}");
            }
        }
    }

    [Fact]
    public void A_response_to_another_request_is_not_believed()
    {
        var golden = GoldenUpdate.Of("accepted");

        Assert.Equal(TsigStatus.Wrong, TsigSigner.Check(DnsMessage.Read(golden.Response)!, golden.Key, new byte[32], GoldenUpdate.Now).Status);
        Assert.Equal(TsigStatus.Wrong, TsigSigner.Check(DnsMessage.Read(golden.Response)!, golden.Key, [], GoldenUpdate.Now).Status);
    }

    [Fact]
    public void A_response_signed_with_another_secret_or_name_is_not_believed()
    {
        var golden = GoldenUpdate.Of("accepted");
        var message = DnsMessage.Read(golden.Response)!;

        foreach (var other in new[] { "golden-sha256:hmac-sha256:c2VjcmV0", golden.KeyText.Replace("golden", "silver", StringComparison.Ordinal), golden.KeyText.Replace("hmac-sha256", "hmac-sha512", StringComparison.Ordinal) })
            Assert.Equal(TsigStatus.Wrong, TsigSigner.Check(message, TsigKey.Read(other, out _)!, MacOf(golden.Request), GoldenUpdate.Now).Status);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(300, true)]
    [InlineData(-300, true)]
    [InlineData(301, false)]
    [InlineData(-301, false)]
    public void A_response_is_believed_for_five_minutes(int seconds, bool isValid)
    {
        var golden = GoldenUpdate.Of("accepted");

        var verdict = TsigSigner.Check(DnsMessage.Read(golden.Response)!, golden.Key, MacOf(golden.Request), GoldenUpdate.Now.AddSeconds(seconds));

        Assert.Equal(isValid ? new TsigVerdict(TsigStatus.Valid) : new(TsigStatus.OutOfTime, TsigError.None, TimeSpan.FromSeconds(-seconds)), verdict);
    }

    [Theory]
    [InlineData("BADSIG", TsigStatus.Absent, TsigError.BadSignature)]
    [InlineData("BADKEY", TsigStatus.Absent, TsigError.BadKey)]
    public void Errors_that_a_server_has_no_key_for_come_without_signature(string @case, object status, object error) =>
        Assert.Equal(new TsigVerdict((TsigStatus)status, (TsigError)error), Check(GoldenUpdate.Of(@case), GoldenUpdate.Of(@case).Response));

    [Fact]
    public void BADTIME_is_signed_and_tells_the_servers_clock()
    {
        var golden = GoldenUpdate.Of("BADTIME");

        var verdict = TsigSigner.Check(DnsMessage.Read(golden.Response)!, golden.Key, MacOf(golden.Request), GoldenUpdate.Now.AddSeconds(-3600));

        Assert.Equal(new TsigVerdict(TsigStatus.Valid, TsigError.BadTime, TimeSpan.FromSeconds(3600)), verdict);
    }

    [Fact]
    public void A_message_without_signature_is_not_believed()
    {
        var golden = GoldenUpdate.Of("accepted");
        Assert.Equal(TsigStatus.Absent, Check(golden, Unsigned(DnsMessage.Read(golden.Response)!)).Status);
    }

    [Fact]
    public void Nothing_that_a_server_sends_makes_it_fall() =>
        Gen.Select(Gen.Int[0, GoldenUpdate.All.Count - 1], Gen.Int[0, 400], Gen.Byte.Array[0, 30]).Sample((number, at, bytes) =>
        {
            var golden = GoldenUpdate.All[number];
            var changed = (byte[])golden.Response.Clone();
            at %= changed.Length;
            bytes.AsSpan(0, Math.Min(bytes.Length, changed.Length - at)).CopyTo(changed.AsSpan(at));
            if (DnsMessage.Read(changed) is { } message)
                _ = TsigSigner.Check(message, golden.Key, MacOf(golden.Request), GoldenUpdate.Now);
        }, iter: 20_000);

    private static TsigVerdict Check(GoldenUpdate golden, byte[] response) =>
        TsigSigner.Check(DnsMessage.Read(response)!, golden.Key, MacOf(golden.Request), GoldenUpdate.Now);

    private static byte[] MacOf(byte[] request) => TsigRecord.Read(DnsMessage.Read(request)!)!.Mac;

    private static byte[] Unsigned(DnsMessage message)
    {
        var bytes = message.Bytes[..message.SignatureStart!.Value].ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(AdditionalsAt), 0);
        return bytes;
    }

    // Names are signed in lower case: a key's name or an algorithm's may come in another.
    private static bool IsCaseOfName(byte[] original, byte[] changed, int at) =>
        original[at] != changed[at] && char.IsAsciiLetter((char)original[at]) && (original[at] ^ changed[at]) == 0x20;

    // The TTL of the signature's record is zero in the digest whatever stands in the message.
    private static IEnumerable<int> TsigTtlBytes(GoldenUpdate golden)
    {
        var message = DnsMessage.Read(golden.Response)!;
        return Enumerable.Range(message.Additionals[^1].DataStart - 6, 4);
    }
}
