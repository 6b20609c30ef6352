using System.Text;
using CsCheck;
using Pasteur.Git.Protocol;

namespace Pasteur.Tests.Protocol;

public sealed class PktLineTests
{
    // The examples of gitprotocol-common.
    [Theory]
    [InlineData("0006a\n", "a\n")]
    [InlineData("0005a", "a")]
    [InlineData("000bfoobar\n", "foobar\n")]
    [InlineData("000Bfoobar\n", "foobar\n")]
    [InlineData("0004", "")]
    public void Data_packet_is_read_with_its_payload(string wire, string payload)
    {
        var head = PktLine.Read(Encoding.ASCII.GetBytes(wire));
        Assert.Equal(new PktHead(PktStatus.Complete, PktKind.Data, wire.Length), head);
        Assert.Equal(payload, wire[PktLine.HeaderSize..head.Size]);
    }

    [Theory]
    [InlineData("0000", nameof(PktKind.Flush))]
    [InlineData("0001", nameof(PktKind.Delimiter))]
    [InlineData("0002", nameof(PktKind.ResponseEnd))]
    public void Special_packet_is_four_bytes(string wire, string kind)
    {
        var head = PktLine.Read(Encoding.ASCII.GetBytes(wire + "rest"));
        Assert.Equal(new PktHead(PktStatus.Complete, Enum.Parse<PktKind>(kind), PktLine.HeaderSize), head);
    }

    [Theory]
    [InlineData("", 4)]
    [InlineData("0", 4)]
    [InlineData("00a", 4)]
    [InlineData("0006a", 6)]
    [InlineData("fff0", 65520)]
    public void Cut_packet_says_how_many_bytes_it_needs(string wire, int needed)
    {
        var head = PktLine.Read(Encoding.ASCII.GetBytes(wire));
        Assert.Equal(PktStatus.Incomplete, head.Status);
        Assert.Equal(needed, head.Size);
    }

    [Theory]
    [InlineData("0003")]
    [InlineData("fff1")]
    [InlineData("ffff")]
    [InlineData("HTTP/1.1 400 Bad Request")]
    [InlineData("g")]
    [InlineData("00g0")]
    [InlineData("-001")]
    [InlineData("+001")]
    [InlineData("0x0a")]
    [InlineData("00 6a")]
    [InlineData("\u00000000")]
    public void Length_that_is_none_or_out_of_range_is_refused_before_the_payload_is_waited_for(string wire) =>
        Assert.Equal(PktStatus.Malformed, PktLine.Read(Encoding.ASCII.GetBytes(wire)).Status);

    [Fact]
    public void Every_prefix_of_a_packet_is_incomplete_and_the_whole_is_complete() =>
        Gen.Byte.Array[0, 300].Sample(payload =>
        {
            var wire = new PktLineWriter().Data(payload).Written.Span;
            for (var length = 0; length < wire.Length; length++) Assert.Equal(PktStatus.Incomplete, PktLine.Read(wire[..length]).Status);
            Assert.Equal(new PktHead(PktStatus.Complete, PktKind.Data, wire.Length), PktLine.Read(wire));
        });

    [Fact]
    public void Any_bytes_get_an_answer_that_lies_within_the_format() =>
        Gen.Byte.Array[0, 12].Sample(bytes =>
        {
            var head = PktLine.Read(bytes);
            Assert.InRange(head.Size, 0, PktLine.MaxSize);
            if (head.Status == PktStatus.Complete) Assert.InRange(head.Size, PktLine.HeaderSize, bytes.Length);
            if (head.Status == PktStatus.Incomplete) Assert.True(head.Size > bytes.Length);
        });

    [Fact]
    public void Reader_gets_back_what_the_writer_wrote_however_the_stream_is_cut() =>
        Gen.Select(Gen.Byte.Array[0, 200].List[0, 20], Gen.Int[1, 70]).Sample((payloads, chunk) =>
        {
            var writer = new PktLineWriter();
            foreach (var payload in payloads) writer.Data(payload);
            var reader = new PktLineReader(new ChunkedStream(writer.Flush().Written.ToArray(), chunk));
            foreach (var payload in payloads)
            {
                Assert.Equal(PktKind.Data, reader.ReadAsync(default).AsTask().GetAwaiter().GetResult());
                Assert.Equal(payload, reader.Payload.ToArray());
            }
            Assert.Equal(PktKind.Flush, reader.ReadAsync(default).AsTask().GetAwaiter().GetResult());
        }, iter: 200);

    [Fact]
    public async Task Largest_packets_in_a_row_fit_the_reader()
    {
        var payload = new byte[PktLine.MaxPayload];
        Random.Shared.NextBytes(payload);
        var reader = Wire.Reader(Wire.Packet("x"u8), Wire.Packet(payload), Wire.Packet(payload));
        await reader.ReadAsync(TestContext.Current.CancellationToken);
        for (var i = 0; i < 2; i++)
        {
            await reader.ReadAsync(TestContext.Current.CancellationToken);
            Assert.Equal(payload, reader.Payload.ToArray());
        }
    }

    [Fact]
    public void Writer_refuses_a_payload_over_the_limit() =>
        Assert.Throws<ArgumentException>(() => new PktLineWriter().Data(new byte[PktLine.MaxPayload + 1]));

    [Fact]
    public async Task Connection_that_ends_inside_a_packet_is_told_from_one_that_ends_between_packets()
    {
        var inside = await Assert.ThrowsAsync<ConversationException>(() => Wire.Reader("0006a"u8.ToArray()).ReadAsync(TestContext.Current.CancellationToken).AsTask());
        var between = await Assert.ThrowsAsync<ConversationException>(() => Wire.Reader().ReadAsync(TestContext.Current.CancellationToken).AsTask());
        Assert.Equal((ConversationFault.Lost, "the remote closed the connection in the middle of a packet"), (inside.Fault, inside.Message));
        Assert.Equal((ConversationFault.Lost, "the remote closed the connection"), (between.Fault, between.Message));
    }

    [Fact]
    public async Task Peer_that_is_not_Git_is_quoted_without_its_control_characters()
    {
        var e = await Assert.ThrowsAsync<ConversationException>(() => Wire.Reader("SSH-2.0-\u001b[31mx\r\n"u8.ToArray()).ReadAsync(TestContext.Current.CancellationToken).AsTask());
        Assert.Equal("the remote does not speak the Git protocol here: \"SSH-2.0-?[31mx\" is not a packet", e.Message);
    }

    [Fact]
    public async Task Error_packet_carries_the_servers_words()
    {
        var reader = Wire.Reader(Wire.Packet("ERR access denied or repository not exported: /x\n"u8));
        var e = await Assert.ThrowsAsync<ConversationException>(() => reader.ReadTextAsync(TestContext.Current.CancellationToken).AsTask());
        Assert.Equal((ConversationFault.Refused, "access denied or repository not exported: /x"), (e.Fault, e.Message));
    }

    private sealed class ChunkedStream(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, chunk)], cancellationToken);
    }
}
