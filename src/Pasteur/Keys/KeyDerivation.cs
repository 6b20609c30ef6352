using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;

namespace Pasteur.Keys;

/// <summary>
/// Makes a private key of a seed: the same on every machine and in every version (docs/formats/ssh-seed.md). Bytes come from
/// HKDF-SHA-256 (RFC 5869) with the token as key material, no salt, and a label for each use.
/// </summary>
internal static class KeyDerivation
{
    private const int PrimeCertainty = 128;

    private static readonly BigInteger s_exponent = BigInteger.ValueOf(65537);

    public static AsymmetricKeyParameter Derive(SshSeed seed) => seed.Type switch
    {
        KeyType.Ed25519 => new Ed25519PrivateKeyParameters(Bytes(seed, "pasteur ssh ed25519", Ed25519PrivateKeyParameters.KeySize)),
        KeyType.Rsa3072 => Rsa(seed, 3072),
        KeyType.Rsa4096 => Rsa(seed, 4096),
    };

    private static byte[] Bytes(SshSeed seed, string label, int count) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.ASCII.GetBytes(seed.Token), count, salt: [], Encoding.ASCII.GetBytes(label));

    // p is the larger of the two primes. d is the inverse of e modulo (p-1)(q-1).
    private static RsaPrivateCrtKeyParameters Rsa(SshSeed seed, int bits)
    {
        var one = Prime(Bytes(seed, $"pasteur ssh rsa{bits} p", bits / 16));
        var two = Prime(Bytes(seed, $"pasteur ssh rsa{bits} q", bits / 16));
        var (p, q) = (one.Max(two), one.Min(two));
        var (pLess, qLess) = (p.Subtract(BigInteger.One), q.Subtract(BigInteger.One));
        var d = s_exponent.ModInverse(pLess.Multiply(qLess));
        return new RsaPrivateCrtKeyParameters(p.Multiply(q), s_exponent, d, p, q, d.Remainder(pLess), d.Remainder(qLess), q.ModInverse(p));
    }

    // The first prime from there on that can have the exponent. Both upper bits are set, so that the product has all its bits;
    // the way the search goes cannot change what it finds.
    private static BigInteger Prime(byte[] from)
    {
        from[0] |= 0xC0;
        from[^1] |= 1;
        var candidate = new BigInteger(1, from);
        while (candidate.Remainder(s_exponent).Equals(BigInteger.One) || !candidate.IsProbablePrime(PrimeCertainty))
            candidate = candidate.Add(BigInteger.Two);
        return candidate;
    }
}
