using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;

namespace Pasteur.Keys;

/// <summary>
/// Makes a private key of a seed: the same on every machine and in every version (docs/formats/ssh-seed.md, tls-seeds.md). Bytes come
/// from HKDF-SHA-256 (RFC 5869) with the token as key material, no salt, and a label for each use.
/// </summary>
internal static class KeyDerivation
{
    private const int PrimeCertainty = 128;

    private static readonly BigInteger s_exponent = BigInteger.ValueOf(65537);

    // SP 800-186, section 3.2.1.3.
    private static readonly BigInteger s_orderOfP256 = new("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", 16);

    public static Ed25519PrivateKeyParameters DeriveEd25519(SshSeed seed) =>
        new(Bytes(seed.Token, "pasteur ssh ed25519", Ed25519PrivateKeyParameters.KeySize));

    public static RSA DeriveRsa(SshSeed seed) => seed.Type == KeyType.Rsa3072
        ? Rsa(seed.Token, "pasteur ssh rsa3072", 3072)
        : Rsa(seed.Token, "pasteur ssh rsa4096", 4096);

    /// <summary>The key of an account at an authority.</summary>
    public static ECDsa DeriveAccountKey(TlsSeed seed) => EcdsaP256(seed.Token, "pasteur acme account p256");

    /// <summary>The key of the site's certificate.</summary>
    public static AsymmetricAlgorithm DeriveCertificateKey(TlsSeed seed, CertificateKeyType type) => type switch
    {
        CertificateKeyType.EcdsaP256 => EcdsaP256(seed.Token, "pasteur tls p256"),
        CertificateKeyType.Rsa2048 => Rsa(seed.Token, "pasteur tls rsa2048", 2048),
    };

    private static byte[] Bytes(string token, string label, int count) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.ASCII.GetBytes(token), count, salt: [], Encoding.ASCII.GetBytes(label));

    // FIPS 186-5, section A.2.1: with 128 bits more than needed, the remainder is as good as uniform in 1 .. n-1.
    private static ECDsa EcdsaP256(string token, string label)
    {
        const int scalarBytes = 32, extraBytes = 16;
        var number = new BigInteger(1, Bytes(token, label, scalarBytes + extraBytes));
        var scalar = number.Remainder(s_orderOfP256.Subtract(BigInteger.One)).Add(BigInteger.One);
        return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = Fixed(scalar, scalarBytes) });
    }

    private static byte[] Fixed(BigInteger number, int count)
    {
        var bytes = number.ToByteArrayUnsigned();
        return [.. new byte[count - bytes.Length], .. bytes];
    }

    // p is the larger of the two primes. d is the inverse of e modulo (p-1)(q-1).
    private static RSA Rsa(string token, string label, int bits)
    {
        var one = Prime(Bytes(token, label + " p", bits / 16));
        var two = Prime(Bytes(token, label + " q", bits / 16));
        var (p, q) = (one.Max(two), one.Min(two));
        var (pLess, qLess) = (p.Subtract(BigInteger.One), q.Subtract(BigInteger.One));
        var d = s_exponent.ModInverse(pLess.Multiply(qLess));
        var (whole, half) = (bits / 8, bits / 16);
        return RSA.Create(new RSAParameters
        {
            Modulus = Fixed(p.Multiply(q), whole),
            Exponent = s_exponent.ToByteArrayUnsigned(),
            D = Fixed(d, whole),
            P = Fixed(p, half),
            Q = Fixed(q, half),
            DP = Fixed(d.Remainder(pLess), half),
            DQ = Fixed(d.Remainder(qLess), half),
            InverseQ = Fixed(q.ModInverse(p), half),
        });
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
