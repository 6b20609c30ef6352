using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Pasteur.Configuration;

namespace Pasteur.Limiting;

/// <summary>What became of a proof.</summary>
internal enum ProofOutcome
{
    Accepted,
    Wrong,
    Late,
    Spent,
}

/// <summary>
/// A little work that whoever pastes does first, so that a flood costs its sender something. Nothing is kept of those who ask: what is asked is
/// signed with a key that the program draws at its start, and comes back with the proof. It says nothing of who asked.
/// <code>
/// token   64 characters, base64url of
///           1  version, 1            8  when it was asked, in milliseconds since the start, big-endian
///           1  bits                 16  drawn
///          22  the first bytes of HMAC-SHA-256(key, all before)
/// proof   token "." number; the SHA-256 of these characters begins with so many zero bits
/// </code>
/// </summary>
internal sealed class ProofOfWork
{
    private const byte Version = 1;
    private const int BitsAt = 1, TimeAt = 2, DrawnAt = 10, SignatureAt = 26, TokenBytes = 48, TokenLength = 64;
    private const int MostDigits = 20;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);
    private readonly SpentProofs _spent = new();
    private readonly TimeProvider _time;
    private readonly long _start;

    public ProofOfWork(int bits, TimeProvider time)
    {
        (Bits, _time) = (bits, time);
        _start = time.GetTimestamp();
    }

    /// <summary>Twice the work for each.</summary>
    public int Bits { get; }

    /// <summary>A question that nobody was asked before.</summary>
    public string Ask()
    {
        Span<byte> token = stackalloc byte[TokenBytes];
        token[0] = Version;
        token[BitsAt] = (byte)Bits;
        BinaryPrimitives.WriteInt64BigEndian(token[TimeAt..], Now());
        RandomNumberGenerator.Fill(token[DrawnAt..SignatureAt]);
        Sign(token[..SignatureAt], token[SignatureAt..]);
        return Base64Url.EncodeToString(token);
    }

    /// <summary>Takes a proof once. Whatever it is for is then done or not done: it is of no more use.</summary>
    public ProofOutcome Redeem(string proof)
    {
        Span<byte> token = stackalloc byte[TokenBytes];
        if (!TryRead(proof, token) || LeadingZeros(proof) < Bits) return ProofOutcome.Wrong;
        var (asked, now) = (BinaryPrimitives.ReadInt64BigEndian(token[TimeAt..]), Now());
        if (now - asked > (long)Limits.ProofLife.TotalMilliseconds) return ProofOutcome.Late;
        return _spent.TrySpend(BinaryPrimitives.ReadUInt64BigEndian(token[DrawnAt..]), asked, now);
    }

    private bool TryRead(string proof, Span<byte> token)
    {
        if (proof.Length is <= TokenLength + 1 or > TokenLength + 1 + MostDigits || proof[TokenLength] != '.') return false;
        if (proof.AsSpan(TokenLength + 1).ContainsAnyExceptInRange('0', '9')) return false;
        if (!Base64Url.IsValid(proof.AsSpan(0, TokenLength), out var length) || length != TokenBytes) return false;
        Base64Url.DecodeFromChars(proof.AsSpan(0, TokenLength), token);
        Span<byte> signature = stackalloc byte[TokenBytes - SignatureAt];
        Sign(token[..SignatureAt], signature);
        return CryptographicOperations.FixedTimeEquals(signature, token[SignatureAt..]);
    }

    private static int LeadingZeros(string proof)
    {
        Span<byte> text = stackalloc byte[TokenLength + 1 + MostDigits], digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..Encoding.ASCII.GetBytes(proof, text)], digest);
        return System.Numerics.BitOperations.LeadingZeroCount(BinaryPrimitives.ReadUInt32BigEndian(digest));
    }

    private void Sign(ReadOnlySpan<byte> content, Span<byte> signature)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, content, whole);
        whole[..signature.Length].CopyTo(signature);
    }

    // No clock that can be set: a proof's time is over after so long, and not before.
    private long Now() => (long)_time.GetElapsedTime(_start).TotalMilliseconds;
}
