using System.Text;
using CsCheck;
using Pasteur.Dns;
using Pasteur.Dns.Messages;

namespace Pasteur.Tests.Dns;

public sealed class DnsMessageTests
{
    // Response, authoritative; one question "a.b" of TXT; the counts of records follow.
    private const string Header = "1234 8400 0001 ", Question = "0161 0162 00 0010 0001 ";

    public static TheoryData<string, string> Malformed => new()
    {
        { "empty", "" },
        { "header cut", "1234 8400 0000 0000 0000 00" },
        { "more questions than there are", "1234 8400 0002 0000 0000 0000" + Question },
        { "question cut", "1234 8400 0001 0000 0000 0000 0161 0162 00 0010" },
        { "name without root", "1234 8400 0001 0000 0000 0000 0161 0162" },
        { "bytes after the end", Header + "0000 0000 0000" + Question + "00" },
        { "pointer to itself", "1234 8400 0001 0000 0000 0000 c00c 0010 0001" },
        { "pointer forwards", "1234 8400 0001 0000 0000 0000 c00e 00 0010 0001" },
        { "pointer to the middle of its own name", "1234 8400 0001 0000 0000 0000 0161 c00c 0010 0001" },
        { "pointer in a circle of two", Header + "0001 0000 0000 c012 0010 0001 0161 c00c 0010 0001 00000001 0000" },
        { "pointer cut", "1234 8400 0001 0000 0000 0000 0161 c0" },
        { "label of a reserved kind", "1234 8400 0001 0000 0000 0000 41 61 00 0010 0001" },
        { "label of another reserved kind", "1234 8400 0001 0000 0000 0000 81 61 00 0010 0001" },
        { "label longer than the message", "1234 8400 0001 0000 0000 0000 3f 61 00 0010 0001" },
        { "name longer than 255", "1234 8400 0001 0000 0000 0000" + string.Concat(Enumerable.Repeat("3f" + string.Concat(Enumerable.Repeat("61", 63)), 4)) + "00 0010 0001" },
        { "record cut", Header + "0001 0000 0000" + Question + "c00c 0010 0001 00000001" },
        { "data longer than the message", Header + "0001 0000 0000" + Question + "c00c 0010 0001 00000001 0005 0161" },
        { "signature that is not the last record", Header + "0000 0000 0002" + Question + "0161 00 00fa 00ff 00000000 0000 0161 00 0010 0001 00000000 0000" },
        { "signature among the answers", Header + "0001 0000 0000" + Question + "0161 00 00fa 00ff 00000000 0000" },
        { "two signatures", Header + "0000 0000 0002" + Question + "0161 00 00fa 00ff 00000000 0000 0161 00 00fa 00ff 00000000 0000" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Malformed_message_is_none(string what, string hex) => Assert.True(DnsMessage.Read(Bytes(hex)) is null, what);

    [Fact]
    public void Compressed_names_are_read_whole_and_in_lower_case()
    {
        var message = DnsMessage.Read(Bytes(Header + "0002 0000 0000" + "0141 0142 00 0010 0001" + "c00c 0010 0001 00000001 0003 02 6869" + "0178 c00e 0005 0001 00000001 0004 0179 c00e"))!;

        Assert.Equal("a.b", message.Questions.Single().Name.ToString());
        Assert.Equal(["a.b", "x.b"], message.Answers.Select(record => record.Name.ToString()));
        Assert.Equal("hi", message.TextIn(message.Answers[0]));
        Assert.Equal("y.b", message.NameIn(message.Answers[1])!.ToString());
        Assert.True(message is { IsResponse: true, IsAuthoritative: true, IsTruncated: false, Code: ResponseCode.NoError, Id: 0x1234 });
    }

    [Theory]
    [InlineData("03 6869", null)]           // a string longer than the data
    [InlineData("0161 0162", "ab")]         // several are one
    [InlineData("00", "")]
    public void Text_is_read_only_when_its_strings_fill_the_data(string data, string? expected)
    {
        var length = Bytes(data).Length;
        var message = DnsMessage.Read(Bytes(Header + "0001 0000 0000" + Question + $"c00c 0010 0001 00000001 {length:x4}" + data))!;
        Assert.Equal(expected, message.TextIn(message.Answers[0]));
    }

    [Theory]
    [InlineData("0179 00 00")]  // something after the name
    [InlineData("0179")]        // a name that goes on beyond the data
    [InlineData("")]
    public void Name_is_read_only_when_it_fills_the_data(string data)
    {
        var length = Bytes(data).Length;
        var message = DnsMessage.Read(Bytes(Header + "0002 0000 0000" + Question + $"c00c 0005 0001 00000001 {length:x4}" + data + "00 0010 0001 00000001 0000"))!;
        Assert.Null(message.NameIn(message.Answers[0]));
    }

    [Fact]
    public void Any_bytes_are_read_or_refused_and_end() =>
        Gen.Byte.Array[0, 600].Sample(bytes =>
        {
            if (DnsMessage.Read(bytes) is not { } message)
                return;
            foreach (var record in message.Answers)
                _ = (message.NameIn(record), message.TextIn(record), record.Name.ToString());
        }, iter: 20_000);

    [Fact]
    public void A_sound_message_with_any_byte_changed_is_read_or_refused()
    {
        var sound = Bytes(Header + "0002 0000 0000" + Question + "c00c 0010 0001 00000001 0003 02 6869" + "0178 c00e 0005 0001 00000001 0004 0179 c00e");
        for (var at = 0; at < sound.Length; at++)
        {
            for (var value = 0; value < 256; value++)
            {
                var changed = (byte[])sound.Clone();
                changed[at] = (byte)value;
                if (DnsMessage.Read(changed) is { } message)
                    message.Answers.ForEach(record => _ = (message.NameIn(record), message.TextIn(record)));
            }
        }
    }

    [Fact]
    public void Every_request_that_is_written_is_read_back()
    {
        var label = Gen.Char["abcxyz019-_*"].Array[1, 63].Select(chars => new string(chars));
        Gen.Select(label.Array[1, 3], Gen.Char[" ~az09+/="].Array[1, 255], Gen.Bool).Sample((labels, value, isAddition) =>
        {
            Assert.True(DnsName.TryParse(string.Join('.', labels), out var owner));
            var message = DnsMessage.Read(DnsRequest.Update(owner.Parent!, new TxtChange(owner, new string(value), isAddition)))!;
            var record = Assert.Single(message.Authorities);
            Assert.Equal((owner, RecordType.Txt, isAddition ? RecordClass.Internet : RecordClass.None), (record.Name, record.Type, record.Class));
            Assert.Equal(new string(value), message.TextIn(record));
            Assert.Equal(new DnsQuestion(owner.Parent!, RecordType.Soa, RecordClass.Internet), Assert.Single(message.Questions));
            Assert.Equal((Opcode.Update, false), (message.Opcode, message.IsResponse));
        }, iter: 500);
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
