using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Pasteur.Dns;
using Pasteur.Dns.Messages;
using Pasteur.Dns.Signing;

namespace Pasteur.Tests.Dns;

/// <summary>
/// Serves the zone example.org over UDP, signs as it should, shows what was added, and does otherwise what a test tells it to. It
/// keeps what it was asked to add and to delete, also when it answers wrongly.
/// </summary>
internal sealed class ScriptedDnsServer : IAsyncDisposable
{
    public const string KeyText = "k:SHA256:c2VjcmV0LWNhbmFyeS1zZWNyZXQ=";

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, bool> _records = [];
    private readonly Task _serving;

    public ScriptedDnsServer()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _serving = ServeAsync();
    }

    public TsigKey Key { get; } = TsigKey.Read(KeyText, out _)!;

    public IPEndPoint Address => (IPEndPoint)_socket.LocalEndPoint!;

    public ConcurrentQueue<string> Added { get; } = [];

    public ConcurrentQueue<string> Deleted { get; } = [];

    /// <summary>What becomes of the signed answer to an update.</summary>
    public Func<byte[], byte[]> OnUpdate { get; init; } = static answer => answer;

    /// <summary>The records that are answered to a question for TXT, in place of those that are there.</summary>
    public Func<IReadOnlyList<string>>? Shown { get; init; }

    /// <summary>What becomes of the answer to a question; null for none.</summary>
    public Func<RecordType, byte[], byte[]?> OnQuery { get; init; } = static (_, answer) => answer;

    /// <summary>The same answer without its signature.</summary>
    public static byte[] Unsigned(byte[] answer)
    {
        var bytes = answer[..DnsMessage.Read(answer)!.SignatureStart!.Value];
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(10), 0);
        return bytes;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                var request = DnsMessage.Read(buffer.AsSpan(0, received.ReceivedBytes).ToArray())!;
                var answer = request.Opcode == Opcode.Update ? OnUpdate(Update(request)) : OnQuery(request.Questions[0].Type, Answer(request));
                if (answer is not null)
                    await _socket.SendToAsync(answer, received.RemoteEndPoint, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private byte[] Update(DnsMessage request)
    {
        Assert.Equal(TsigStatus.Valid, TsigSigner.Check(request, Key, [], DateTimeOffset.UtcNow).Status);
        var record = Assert.Single(request.Authorities);
        var value = request.TextIn(record)!;
        (record.Class == RecordClass.Internet ? Added : Deleted).Enqueue(value);
        _ = record.Class == RecordClass.Internet ? _records.TryAdd(value, true) : _records.TryRemove(value, out _);
        return Sign(Header(request, questions: 0, answers: 0), TsigRecord.Read(request)!.Mac);
    }

    private byte[] Answer(DnsMessage request)
    {
        var question = request.Questions[0];
        var values = question.Type == RecordType.Txt ? Shown?.Invoke() ?? [.. _records.Keys] : [];
        var isSoa = question.Type == RecordType.Soa;
        var writer = new DnsWriter(new byte[4096]);
        writer.WriteBytes(Header(request, questions: 1, answers: isSoa ? 1 : values.Count));
        writer.WriteName(question.Name);
        writer.WriteUInt16((int)question.Type);
        writer.WriteUInt16(1);
        if (isSoa)
        {
            writer.WriteBytes("\u0007example\u0003org\0"u8);
            writer.WriteBytes([0, 6, 0, 1, 0, 0, 0, 0, 0, 0]);
        }
        foreach (var value in values)
        {
            writer.WriteName(question.Name);
            writer.WriteBytes([0, 16, 0, 1, 0, 0, 0, 0]);
            writer.WriteUInt16(1 + value.Length);
            writer.WriteCharacterString(System.Text.Encoding.ASCII.GetBytes(value));
        }
        return writer.Written.ToArray();
    }

    private static byte[] Header(DnsMessage request, int questions, int answers)
    {
        var writer = new DnsWriter(new byte[DnsMessage.HeaderBytes]);
        writer.WriteUInt16(request.Id);
        writer.WriteUInt16(0x8400 | ((int)request.Opcode << 11));
        writer.WriteUInt16(questions);
        writer.WriteUInt16(answers);
        writer.WriteUInt32(0);
        return writer.Written.ToArray();
    }

    // A response's signature covers the request's MAC too; the signer of requests knows none, so it is done here by hand.
    private byte[] Sign(byte[] answer, byte[] requestMac)
    {
        var unsigned = TsigRecord.Read(DnsMessage.Read(TsigSigner.Sign(answer, Key, DateTimeOffset.UtcNow).Bytes)!)!;
        var digest = new DnsWriter(new byte[4096]);
        digest.WriteUInt16(requestMac.Length);
        digest.WriteBytes(requestMac);
        digest.WriteBytes(answer);
        digest.WriteBytes("\u0001k\0"u8);
        digest.WriteBytes([0, 255, 0, 0, 0, 0]);
        digest.WriteName(unsigned.Algorithm);
        digest.WriteUInt48(unsigned.SignedAt);
        digest.WriteUInt16(unsigned.FudgeSeconds);
        digest.WriteUInt32(0);
        var mac = System.Security.Cryptography.HMACSHA256.HashData("secret-canary-secret"u8, digest.Written);
        var writer = new DnsWriter(new byte[4096]);
        writer.WriteBytes(answer.AsSpan(0, 10));
        writer.WriteUInt16(1);
        writer.WriteBytes(answer.AsSpan(12));
        (unsigned with { Mac = mac }).Write(ref writer);
        return writer.Written.ToArray();
    }
}
