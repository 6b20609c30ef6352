using CsCheck;
using Pasteur.Git;
using Pasteur.Git.Protocol;

namespace Pasteur.Tests.Protocol;

public sealed class SideBandTests
{
    [Fact]
    public void Data_comes_out_whole_and_messages_apart_however_they_are_mixed() =>
        Gen.Select(Gen.Byte.Array[0, 50].List[0, 20], Gen.Int[1, 40]).Sample((parts, bufferSize) =>
        {
            var wire = parts.SelectMany((part, i) => new[] { Wire.Band(1, part), Wire.Band(2, $"message {i}\n") }).Append(Wire.Flush).ToArray();
            var messages = new RemoteMessages(words => words);
            using var band = new SideBandStream(Wire.Reader(wire), messages, long.MaxValue);
            using var data = new MemoryStream();
            band.CopyToAsync(data, bufferSize).GetAwaiter().GetResult();
            Assert.Equal(parts.SelectMany(part => part), data.ToArray());
            Assert.Equal(Enumerable.Range(0, parts.Count).Select(i => $"message {i}"), messages.Complete());
        }, iter: 300);

    [Fact]
    public void Progress_that_repaints_its_line_is_kept_as_it_ends()
    {
        var messages = new RemoteMessages(words => words);
        messages.Add("Counting objects:  50% (1/2)\rCounting objects: 1"u8);
        messages.Add("00% (2/2)\rCounting objects: 100% (2/2), done.\nTotal 2\r\nno line feed"u8);
        Assert.Equal(["Counting objects: 100% (2/2), done.", "Total 2", "no line feed"], messages.Complete());
    }

    [Theory]
    [InlineData("\u001b[2J\u001b]0;owned\u0007hello", "?[2J?]0;owned?hello")]
    [InlineData("a\0b", "a?b")]
    [InlineData("a\tb", "a b")]
    [InlineData("caf\u00e9 \u202Egnp", "caf\u00e9 ?gnp")]
    [InlineData("\u0085next\u2028line", "?next?line")]
    public void Messages_steer_no_terminal_and_forge_no_line(string said, string shown)
    {
        var messages = new RemoteMessages(words => words);
        messages.Add(System.Text.Encoding.UTF8.GetBytes(said + "\n"));
        Assert.Equal([shown], messages.Complete());
    }

    [Fact]
    public void Long_lines_are_cut_and_many_lines_dropped()
    {
        var messages = new RemoteMessages(words => words);
        for (var i = 0; i < 2 * GitLimits.MaxRemoteMessages; i++) messages.Add([.. Enumerable.Repeat((byte)'x', 5000), (byte)'\n']);
        var lines = messages.Complete();
        Assert.Equal(GitLimits.MaxRemoteMessages, lines.Count);
        Assert.All(lines, line => Assert.Equal(new string('x', GitLimits.MaxRemoteMessageBytes) + " [cut]", line));
    }

    [Fact]
    public async Task Fatal_band_ends_the_stream_with_the_servers_words()
    {
        using var band = new SideBandStream(Wire.Reader(Wire.Band(1, "abc"), Wire.Band(3, "out of memory\n")), new RemoteMessages(words => words), 100);
        await band.ReadExactlyAsync(new byte[3], TestContext.Current.CancellationToken);
        var e = await Assert.ThrowsAsync<ConversationException>(() => band.ReadAsync(new byte[1], TestContext.Current.CancellationToken).AsTask());
        Assert.Equal((ConversationFault.Refused, "out of memory"), (e.Fault, e.Message));
        Assert.Same(e, band.Fault);
    }

    public static TheoryData<string, byte[]> Violations => new()
    {
        { "uses side-band 4", Wire.Band(4, "x") },
        { "uses side-band 0", Wire.Band(0, "x") },
        { "wrong packet", Wire.Delimiter },
        { "more than the 10 bytes", Wire.Band(1, "12345678901") },
        { "is not a packet", "0003"u8.ToArray() },
        { "closed the connection", Wire.Band(1, "x") },
        { "middle of a packet", "0009\u0001abc"u8.ToArray() },
    };

    [Theory]
    [MemberData(nameof(Violations))]
    public async Task Side_band_out_of_order_is_refused(string reason, byte[] wire)
    {
        using var band = new SideBandStream(Wire.Reader(wire), new RemoteMessages(words => words), 10);
        var e = await Assert.ThrowsAsync<ConversationException>(() => band.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken));
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keep_alives_are_welcome_but_not_without_end()
    {
        using var few = new SideBandStream(Wire.Reader([.. Enumerable.Repeat(Wire.Band(2, ""), 1000), Wire.Flush]), new RemoteMessages(words => words), 10);
        await few.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
        using var endless = new RepeatingStream([], Wire.Band(2, ""));
        using var many = new SideBandStream(new PktLineReader(endless), new RemoteMessages(words => words), 10);
        var e = await Assert.ThrowsAsync<ConversationException>(() => many.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken));
        Assert.Equal("the remote sends empty packets without end", e.Message);
    }

    [Theory]
    [InlineData(2, "bytes of messages")]
    [InlineData(1, "data after the end of the pack")]
    public async Task After_the_pack_a_server_cannot_go_on_without_end(byte bandNumber, string reason)
    {
        using var endless = new RepeatingStream([], Wire.Band(bandNumber, new byte[60_000]));
        using var band = new SideBandStream(new PktLineReader(endless), new RemoteMessages(words => words), long.MaxValue);
        var e = await Assert.ThrowsAsync<ConversationException>(() => band.ReadToEndAsync(TestContext.Current.CancellationToken).AsTask());
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }
}
