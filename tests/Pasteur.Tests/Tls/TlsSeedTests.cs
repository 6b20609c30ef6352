using System.Security.Cryptography;
using Pasteur.Acme;
using Pasteur.Keys;

namespace Pasteur.Tests.Tls;

/// <summary>What a seed makes never changes: docs/formats/tls-seeds.md. An implementation in another language made the vectors.</summary>
public sealed class TlsSeedTests
{
    [Theory]
    [InlineData("correct-horse-battery-staple", "kYdgqxVHKEDPry1RBF7dTaQ0RB9HFVoSbbjt-3_-mYM")]
    [InlineData("abcdefghijklmnopqrst!~:%", "TjFK0r0dUUYB4EyVPBGNidhUMy3X6fEojidsHk68_zI")]
    public void Account_key_is_that_of_the_document(string seed, string thumbprint)
    {
        using var key = AccountKey.Of(KeyDerivation.DeriveAccountKey(TlsSeed.Read(seed, out _)!));

        Assert.Equal(thumbprint, key.Thumbprint);
    }

    [Theory]
    [InlineData("correct-horse-battery-staple", "EcdsaP256", "e5b492d38f5e9a260904bdc78cf2d222fcef3eb194e4f8143331d0b2a56c674c")]
    [InlineData("correct-horse-battery-staple", "Rsa2048", "1470ac674ec89f559410d28568d718cacf79ab3ef372097bb5e5174ef040d7f3")]
    [InlineData("abcdefghijklmnopqrst!~:%", "EcdsaP256", "24700966470e4dea0e80da9e901638e4d79f62871eb24624e4ba4d00bcdf9590")]
    [InlineData("abcdefghijklmnopqrst!~:%", "Rsa2048", "c1304408611265734ed9fd215e7d6667e8806b51201c91729d54d173c9007203")]
    public void Certificate_key_is_that_of_the_document_and_signs(string seed, string type, string publicKeyDigest)
    {
        using var key = KeyDerivation.DeriveCertificateKey(TlsSeed.Read(seed, out _)!, Enum.Parse<CertificateKeyType>(type));

        Assert.Equal(publicKeyDigest, Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo())));
        Assert.True(key switch
        {
            ECDsa ec => ec.VerifyData("x"u8.ToArray(), ec.SignData("x"u8.ToArray(), HashAlgorithmName.SHA256), HashAlgorithmName.SHA256),
            RSA rsa => rsa.VerifyData("x"u8.ToArray(), rsa.SignData("x"u8.ToArray(), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            _ => false,
        });
    }

    [Theory]
    [InlineData("nineteen-characters", "too short")]
    [InlineData("correct horse battery staple", "has a space")]
    public void Text_that_is_no_seed_is_refused_without_being_repeated(string text, string expected)
    {
        Assert.Null(TlsSeed.Read(text, out var problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("horse", problem, StringComparison.Ordinal);
    }
}
