using System.Net.Security;
using CsCheck;
using Pasteur.Tls.Challenges;

namespace Pasteur.Tests.Tls;

/// <summary>Real hellos, of the platform's own TLS client.</summary>
public sealed class ClientHelloTests
{
    [Fact]
    public async Task Authority_that_offers_its_protocol_alone_is_known_by_the_name_it_asks_for()
    {
        var hello = await HelloAsync("acme-tls/1");

        Assert.Equal(HelloKind.Challenge, ClientHello.Read(hello, out var name));
        Assert.Equal("paste.example.org", name);
        for (var length = 0; length < hello.Length; length++)
            Assert.Equal(HelloKind.Incomplete, ClientHello.Read(hello.AsSpan(0, length), out _));
    }

    [Theory]
    [InlineData]
    [InlineData("h2", "http/1.1")]
    [InlineData("acme-tls/1", "h2")]
    public async Task Visitor_is_no_authority(params string[] protocols) =>
        Assert.Equal(HelloKind.Other, ClientHello.Read(await HelloAsync(protocols), out _));

    [Fact]
    public void What_is_no_tls_is_known_at_its_first_byte() => Assert.Equal(HelloKind.Other, ClientHello.Read("G"u8, out _));

    [Fact]
    public async Task Damaged_hello_is_read_without_a_fault()
    {
        var hello = await HelloAsync("acme-tls/1");
        Gen.Select(Gen.Int[0, hello.Length - 1], Gen.Byte).Array[1, 8].Sample(damages =>
        {
            var copy = (byte[])hello.Clone();
            foreach (var (at, value) in damages) copy[at] = value;
            ClientHello.Read(copy, out _);
        });
    }

    private static async Task<byte[]> HelloAsync(params string[] protocols)
    {
        var sent = new Recorder();
        await using var tls = new SslStream(sent);
        await Assert.ThrowsAnyAsync<IOException>(() => tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "Paste.example.org",
            ApplicationProtocols = [.. protocols.Select(p => new SslApplicationProtocol(p))],
        }, TestContext.Current.CancellationToken));
        return sent.ToArray();
    }

    /// <summary>Takes what is written; nothing can be read from it.</summary>
    private sealed class Recorder : Stream
    {
        private readonly MemoryStream _written = new();

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public byte[] ToArray() => _written.ToArray();

        public override int Read(byte[] buffer, int offset, int count) => 0;

        public override void Write(byte[] buffer, int offset, int count) => _written.Write(buffer, offset, count);

        public override void Flush()
        {
            // Nothing is held back.
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
