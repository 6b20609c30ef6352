using System.Globalization;
using System.Text;

namespace Pasteur.Tests.Protocol;

/// <summary>The server's end of one connection. Reads packets by itself, byte for byte, so that it shares no code with what it tests.</summary>
internal sealed class FakePeer(Stream input, Stream output, Func<ValueTask>? reset = null)
{
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        await output.WriteAsync(bytes, ct);
        await output.FlushAsync(ct);
    }

    public async Task<string> ReadLineAsync(CancellationToken ct)
    {
        var length = int.Parse(Encoding.ASCII.GetString(await ReadBytesAsync(4, ct)), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return length switch
        {
            0 => "flush",
            1 => "|",
            _ => Encoding.UTF8.GetString(await ReadBytesAsync(length - 4, ct)).TrimEnd('\n'),
        };
    }

    public async Task<string[]> ReadMessageAsync(CancellationToken ct)
    {
        var lines = new List<string>();
        while (await ReadLineAsync(ct) is var line && line != "flush") lines.Add(line);
        return [.. lines];
    }

    public async Task<byte[]> ReadBytesAsync(int count, CancellationToken ct)
    {
        var bytes = new byte[count];
        await input.ReadExactlyAsync(bytes, ct);
        return bytes;
    }

    public async Task CloseAsync()
    {
        await output.DisposeAsync();
        await input.DisposeAsync();
    }

    /// <summary>Ends the connection as a crashed machine's kernel does.</summary>
    public ValueTask ResetAsync() => reset is null ? new ValueTask(CloseAsync()) : reset();
}
