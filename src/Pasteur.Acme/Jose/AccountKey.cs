using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Pasteur.Acme;

/// <summary>The key that an account is: ES256 on P-256, or RS256 (RFC 7518, section 3.1). Its private half never leaves this class but as PEM.</summary>
public sealed class AccountKey : IDisposable
{
    private const int SmallestRsaBits = 2048;

    private readonly AsymmetricAlgorithm _key;

    private AccountKey(AsymmetricAlgorithm key, string algorithm, string jwk)
    {
        (_key, Algorithm, Jwk) = (key, algorithm, jwk);
        Thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(jwk)));
    }

    /// <summary>Its name in a signature's header: "ES256" or "RS256".</summary>
    public string Algorithm { get; }

    /// <summary>The public half (RFC 7517), in the one form that RFC 7638 takes the thumbprint of: required members, sorted, no spaces.</summary>
    public string Jwk { get; }

    /// <summary>RFC 7638 with SHA-256, as base64url.</summary>
    public string Thumbprint { get; }

    /// <summary>A fresh one, ES256.</summary>
    public static AccountKey Generate() => Of(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Takes the key over.</summary>
    /// <exception cref="CryptographicException">It is on another curve than P-256, or is too short.</exception>
    public static AccountKey Of(AsymmetricAlgorithm key) => key switch
    {
        ECDsa ec => Of(ec),
        RSA rsa => Of(rsa),
        _ => throw new CryptographicException("an account's key is ECDSA or RSA"),
    };

    /// <summary>Reads PKCS #8, SEC 1 or PKCS #1. Null when it is none that can be used.</summary>
    public static AccountKey? FromPem(string pem)
    {
        foreach (var create in (Func<AsymmetricAlgorithm>[])[ECDsa.Create, RSA.Create])
        {
            var key = create();
            try
            {
                key.ImportFromPem(pem);
                return Of(key);
            }
            // A key of the other kind is met with either.
            catch (Exception e) when (e is CryptographicException or ArgumentException)
            {
                key.Dispose();
            }
        }
        return null;
    }

    /// <summary>PKCS #8. Secret.</summary>
    public string ExportPem() => _key.ExportPkcs8PrivateKeyPem();

    /// <summary>RFC 8555, section 8.1: what answers a challenge with this token.</summary>
    public string KeyAuthorization(string token) => $"{token}.{Thumbprint}";

    public void Dispose() => _key.Dispose();

    public override string ToString() => $"{Algorithm} {Thumbprint}";

    /// <summary>RFC 7518, sections 3.3 and 3.4: PKCS #1 padding, or r and s one after the other.</summary>
    internal byte[] Sign(byte[] data) => _key switch
    {
        ECDsa ec => ec.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
        RSA rsa => rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        _ => throw new InvalidOperationException(),
    };

    private static AccountKey Of(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false);
        if (point.Curve.Oid?.Value != ECCurve.NamedCurves.nistP256.Oid.Value)
            throw new CryptographicException("an account's EC key is on the curve P-256");
        var (x, y) = (Base64Url.EncodeToString(point.Q.X), Base64Url.EncodeToString(point.Q.Y));
        return new AccountKey(key, "ES256", $$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""");
    }

    private static AccountKey Of(RSA key)
    {
        if (key.KeySize < SmallestRsaBits)
            throw new CryptographicException($"an account's RSA key has at least {SmallestRsaBits} bits");
        var numbers = key.ExportParameters(includePrivateParameters: false);
        var (e, n) = (Base64Url.EncodeToString(numbers.Exponent), Base64Url.EncodeToString(numbers.Modulus));
        return new AccountKey(key, "RS256", $$"""{"e":"{{e}}","kty":"RSA","n":"{{n}}"}""");
    }
}
