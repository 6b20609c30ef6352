using System.Text;
using Pasteur.Git.Protocol;

namespace Pasteur.Tests.Protocol;

/// <summary>Makes bytes as a server would send them.</summary>
internal static class Wire
{
    public static readonly byte[] Flush = "0000"u8.ToArray();
    public static readonly byte[] Delimiter = "0001"u8.ToArray();

    public static byte[] Packet(ReadOnlySpan<byte> payload) =>
        [.. Encoding.ASCII.GetBytes((payload.Length + PktLine.HeaderSize).ToString("x4", null)), .. payload];

    public static byte[] Lines(params string[] lines) => [.. lines.SelectMany(line => Packet(Encoding.UTF8.GetBytes(line + "\n")))];

    /// <summary>Lines and the flush packet that ends them.</summary>
    public static byte[] Message(params string[] lines) => [.. Lines(lines), .. Flush];

    public static byte[] Band(byte band, ReadOnlySpan<byte> data) => Packet([band, .. data]);

    public static byte[] Band(byte band, string text) => Band(band, Encoding.UTF8.GetBytes(text));

    /// <summary>A report-status as receive-pack frames it: packets inside band 1.</summary>
    public static byte[] Report(params string[] lines) => [.. Band(1, Message(lines)), .. Flush];

    public static PktLineReader Reader(params byte[][] bytes) => new(new MemoryStream([.. bytes.SelectMany(b => b)]));
}
