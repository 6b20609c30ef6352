using System.Buffers.Binary;
using System.Net;
using Pasteur.Boot.Dhcp;

namespace Pasteur.Tests.Boot;

public sealed class DhcpTests
{
    private const uint Transaction = 0x01020304;
    private static readonly byte[] s_card = [0x52, 0x54, 0x00, 0x12, 0x34, 0x56];

    [Fact]
    public void Discovery_has_the_fixed_fields_of_RFC_2131_and_asks_for_an_answer_to_all()
    {
        var message = new DhcpRequest(DhcpMessageType.Discover, Transaction, s_card).Encode();

        Assert.Equal(300, message.Length);
        Assert.Equal("010106000102030400008000", Convert.ToHexStringLower(message.AsSpan(0, 12)));
        Assert.Equal("00000000000000000000000000000000", Convert.ToHexStringLower(message.AsSpan(12, 16)));
        Assert.Equal("52540012345600000000000000000000", Convert.ToHexStringLower(message.AsSpan(28, 16)));
        Assert.Equal("63825363" + "350101" + "390205dc" + "37070103062a333a3b" + "ff", Convert.ToHexStringLower(message.AsSpan(236, 4 + 3 + 4 + 9 + 1)));
    }

    [Fact]
    public void Request_names_the_offer_that_it_takes()
    {
        var message = new DhcpRequest(DhcpMessageType.Request, Transaction, s_card) { Requested = IPAddress.Parse("10.0.2.15"), Server = IPAddress.Parse("10.0.2.2") }.Encode();

        Assert.Equal("350103" + "32040a00020f" + "36040a000202", Convert.ToHexStringLower(message.AsSpan(240, 15)));
    }

    [Fact]
    public void Renewal_is_sent_from_the_address_that_it_is_about()
    {
        var message = new DhcpRequest(DhcpMessageType.Request, Transaction, s_card) { Own = IPAddress.Parse("10.0.2.15") }.Encode();

        Assert.Equal("0000" + "0a00020f", Convert.ToHexStringLower(message.AsSpan(10, 6)));
        Assert.Equal("350103" + "3902", Convert.ToHexStringLower(message.AsSpan(240, 5)));
    }

    [Fact]
    public void Reply_says_address_network_servers_and_times()
    {
        var reply = Read(Reply("350105 36040a000202 0104ffffff00 03040a000202 060808080808 01010101 2a040a000203 33040000 0e10 00 ff"))!;

        Assert.Equal((DhcpMessageType.Acknowledge, IPAddress.Parse("10.0.2.15"), 24), (reply.Type, reply.Address, reply.PrefixLength));
        Assert.Equal(IPAddress.Parse("10.0.2.2"), reply.Router);
        Assert.Equal([IPAddress.Parse("8.8.8.8"), IPAddress.Parse("1.1.1.1")], reply.NameServers);
        Assert.Equal([IPAddress.Parse("10.0.2.3")], reply.TimeServers);
        Assert.Equal((TimeSpan.FromHours(1), TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(52.5)), (reply.Lease, reply.Renewal, reply.Rebinding));
    }

    [Fact]
    public void Lease_of_all_ones_is_for_ever() => Assert.Null(Read(Reply("350105 36040a000202 3304ffffffff ff"))!.Lease);

    [Fact]
    public void Times_of_the_server_are_taken_but_never_beyond_the_lease()
    {
        var reply = Read(Reply("350105 36040a000202 330400000064 3a040000000a 3b0400000fff ff"))!;

        Assert.Equal((TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(100)), (reply.Renewal, reply.Rebinding));
    }

    [Fact]
    public void Option_in_two_parts_is_one() =>
        Assert.Equal([IPAddress.Parse("8.8.8.8")], Read(Reply("350105 36040a000202 06020808 06020808 ff"))!.NameServers);

    [Fact]
    public void Addresses_that_no_machine_has_are_left_out() =>
        Assert.Empty(Read(Reply("350105 36040a000202 0608 00000000 ffffffff ff"))!.NameServers);

    [Fact]
    public void Refusal_needs_no_address()
    {
        var message = Reply("350106 36040a000202 ff");
        message.AsSpan(16, 4).Clear();

        Assert.Equal(DhcpMessageType.Refuse, Read(message)!.Type);
    }

    [Theory]
    [InlineData("350105 ff")] // no server
    [InlineData("36040a000202 ff")] // no type
    [InlineData("350101 36040a000202 ff")] // of a client
    [InlineData("35020505 36040a000202 ff")] // a type of two bytes
    [InlineData("350105 36030a0002 ff")]
    [InlineData("350105 36040a000202 06ff08080808")] // runs beyond the end
    [InlineData("350105 36040a000202 06")]
    public void Malformed_options_make_no_reply(string options) => Assert.Null(Read(Reply(options)));

    [Fact]
    public void Only_the_reply_to_the_request_of_this_card_is_taken()
    {
        const string options = "350105 36040a000202 ff";
        Assert.NotNull(Read(Reply(options)));

        Assert.Null(Read(With(Reply(options), m => m[0] = 1))); // a request
        Assert.Null(Read(With(Reply(options), m => m[7] ^= 1))); // another transaction
        Assert.Null(Read(With(Reply(options), m => m[33] ^= 1))); // another card
        Assert.Null(Read(With(Reply(options), m => m[236] ^= 1))); // no cookie
        Assert.Null(Read(With(Reply(options), m => m[16] = 224))); // an address of many
        Assert.Null(Read(Reply(options).AsSpan(0, 239).ToArray()));
        Assert.Null(Read(new byte[2000]));
        Assert.Null(Read([]));
    }

    [Fact]
    public void No_bytes_whatever_make_it_throw()
    {
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var message = Reply("350105 36040a000202 ff", length: 240 + random.Next(300));
            random.NextBytes(message.AsSpan(240));
            _ = Read(message);
        }
    }

    private static DhcpReply? Read(byte[] message) => DhcpReply.Read(message, Transaction, s_card);

    private static byte[] With(byte[] message, Action<byte[]> change)
    {
        change(message);
        return message;
    }

    private static byte[] Reply(string options, int? length = null)
    {
        var bytes = Convert.FromHexString(options.Replace(" ", "", StringComparison.Ordinal));
        var message = new byte[length ?? 240 + bytes.Length];
        message[0] = 2;
        message[1] = 1;
        message[2] = 6;
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), Transaction);
        IPAddress.Parse("10.0.2.15").GetAddressBytes().CopyTo(message, 16);
        s_card.CopyTo(message, 28);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(236), 0x63825363);
        bytes.AsSpan(0, Math.Min(bytes.Length, message.Length - 240)).CopyTo(message.AsSpan(240));
        return message;
    }
}
