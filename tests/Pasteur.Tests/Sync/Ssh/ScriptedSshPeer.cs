using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Pasteur.Tests.Sync.Ssh;

// RFC 4253, section 6, and, once keys are in use, RFC 5647, section 7 (as OpenSSH's aes128-gcm@openssh.com has it).
//
//   uint32 length | byte padding length | payload | padding | tag, 16 bytes
/// <summary>The server's end of one SSH connection. Shares no code with the client that it tests.</summary>
internal sealed class ScriptedSshPeer(Stream stream, ECDsa hostKey) : IDisposable
{
    private const string Version = "SSH-2.0-scripted";
    private const int TagBytes = 16;

    private readonly ECDiffieHellman _exchange = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
    private AesGcm? _in;
    private AesGcm? _out;
    private byte[] _inNonce = [];
    private byte[] _outNonce = [];

    /// <summary>How the client knows the channel of its command.</summary>
    public uint Channel { get; private set; }

    public static byte[] PublicKey(ECDsa key) => [.. Text($"ecdsa-sha2-nistp{key.KeySize}"), .. Text($"nistp{key.KeySize}"), .. String(Point(key.ExportParameters(false).Q))];

    public static byte[] Text(string text) => String(Encoding.UTF8.GetBytes(text));

    public static byte[] String(byte[] bytes) => [.. Number((uint)bytes.Length), .. bytes];

    public static byte[] Number(uint number)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }

    /// <summary>Up to the end of authentication (RFC 4253, sections 7 and 8, RFC 5656, section 4, RFC 4252).</summary>
    public async Task LetInAsync(CancellationToken ct)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Version + "\r\n"), ct);
        var theirVersion = await ReadLineAsync(ct);
        byte[] ours = [20, .. new byte[16], .. Lists(), 0, .. Number(0)];
        await SendAsync(ours, ct);
        var theirs = await ReadAsync(ct);
        var theirPoint = (await ReadAsync(ct, expected: 30))[5..];
        var (blob, ourPoint) = (PublicKey(hostKey), Point(_exchange.ExportParameters(false).Q));
        var secret = Secret(theirPoint);
        var hash = SHA256.HashData([.. Text(theirVersion), .. Text(Version), .. String(theirs), .. String(ours), .. String(blob), .. String(theirPoint), .. String(ourPoint), .. secret]);
        await SendAsync([31, .. String(blob), .. String(ourPoint), .. String(Sign(hash))], ct);
        await SendAsync([21], ct);
        await ReadAsync(ct, expected: 21);
        byte[] Derive(char use, int count) => SHA256.HashData([.. secret, .. hash, (byte)use, .. hash])[..count];
        (_inNonce, _outNonce) = (Derive('A', 12), Derive('B', 12));
        (_in, _out) = (new AesGcm(Derive('C', 16), TagBytes), new AesGcm(Derive('D', 16), TagBytes));
        await ReadAsync(ct, expected: 5);
        await SendAsync([6, .. Text("ssh-userauth")], ct);
        while (!Encoding.ASCII.GetString(await ReadAsync(ct, expected: 50)).Contains("publickey", StringComparison.Ordinal))
            await SendAsync([51, .. Text("publickey"), 0], ct);
        await SendAsync([52], ct);
    }

    /// <summary>Up to the reply to "exec" (RFC 4254, sections 5.1 and 6.5).</summary>
    public async Task StartCommandAsync(CancellationToken ct)
    {
        await OpenAsync(await ReadAsync(ct, expected: 90), ct);
        await AcceptCommandAsync(ct);
    }

    /// <summary>Confirms a channel.</summary>
    public async Task OpenAsync(byte[] open, CancellationToken ct)
    {
        var typeLength = BinaryPrimitives.ReadInt32BigEndian(open.AsSpan(1));
        Channel = BinaryPrimitives.ReadUInt32BigEndian(open.AsSpan(5 + typeLength));
        await SendAsync([91, .. Number(Channel), .. Number(0), .. Number(1 << 30), .. Number(32768)], ct);
    }

    public async Task AcceptCommandAsync(CancellationToken ct)
    {
        while (!Encoding.ASCII.GetString(await ReadAsync(ct, expected: 98)).Contains("exec", StringComparison.Ordinal))
        {
            // Variables.
        }
        await SendAsync([99, .. Number(Channel)], ct);
    }

    public async Task SendAsync(byte[] payload, CancellationToken ct)
    {
        var block = _out is null ? 8 : 16;
        var head = _out is null ? 5 : 1;
        var padding = 4 + block - ((head + payload.Length + 4) % block);
        byte[] body = [(byte)padding, .. payload, .. new byte[padding]];
        var length = Number((uint)body.Length);
        var tag = new byte[_out is null ? 0 : TagBytes];
        if (_out is not null)
        {
            _out.Encrypt(_outNonce, body.ToArray(), body, tag, length);
            Count(_outNonce);
        }
        await stream.WriteAsync((byte[])[.. length, .. body, .. tag], ct);
    }

    /// <summary>The next message, or the next of a kind.</summary>
    public async Task<byte[]> ReadAsync(CancellationToken ct, byte? expected = null)
    {
        while (true)
        {
            var length = await ReadBytesAsync(4, ct);
            var body = await ReadBytesAsync(BinaryPrimitives.ReadInt32BigEndian(length), ct);
            if (_in is not null)
            {
                _in.Decrypt(_inNonce, body.ToArray(), await ReadBytesAsync(TagBytes, ct), body, length);
                Count(_inNonce);
            }
            var payload = body[1..^body[0]];
            if (expected is null || payload[0] == expected)
                return payload;
        }
    }

    public void Dispose()
    {
        _exchange.Dispose();
        _in?.Dispose();
        _out?.Dispose();
    }

    // Key exchange, host key, ciphers, authentication codes, compression and languages (RFC 4253, section 7.1).
    private static byte[] Lists()
    {
        string[] lists = ["ecdh-sha2-nistp256", "ecdsa-sha2-nistp256", "aes128-gcm@openssh.com", "aes128-gcm@openssh.com", "hmac-sha2-256", "hmac-sha2-256", "none", "none", "", ""];
        return [.. lists.SelectMany(Text)];
    }

    private static byte[] Point(ECPoint point) => [4, .. point.X!, .. point.Y!];

    private static byte[] Whole(byte[] magnitude) => String(new BigInteger(magnitude, isUnsigned: true, isBigEndian: true).ToByteArray(isBigEndian: true));

    private static void Count(byte[] nonce) => BinaryPrimitives.WriteUInt64BigEndian(nonce.AsSpan(4), BinaryPrimitives.ReadUInt64BigEndian(nonce.AsSpan(4)) + 1);

    private byte[] Secret(byte[] theirPoint)
    {
        var parameters = new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = theirPoint[1..33], Y = theirPoint[33..] } };
        using var theirs = ECDiffieHellman.Create(parameters);
        return Whole(_exchange.DeriveRawSecretAgreement(theirs.PublicKey));
    }

    private byte[] Sign(byte[] hash)
    {
        var signature = hostKey.SignData(hash, hostKey.KeySize == 256 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA384);
        var half = signature.Length / 2;
        return [.. Text($"ecdsa-sha2-nistp{hostKey.KeySize}"), .. String([.. Whole(signature[..half]), .. Whole(signature[half..])])];
    }

    private async Task<string> ReadLineAsync(CancellationToken ct)
    {
        var line = new StringBuilder();
        while ((await ReadBytesAsync(1, ct))[0] is var c and not (byte)'\n')
            line.Append((char)c);
        return line.ToString().TrimEnd('\r');
    }

    private async Task<byte[]> ReadBytesAsync(int count, CancellationToken ct)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, ct);
        return bytes;
    }
}
