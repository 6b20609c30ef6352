namespace Pasteur.Keys;

/// <summary>The kinds of keys that the site's certificate can have.</summary>
internal enum CertificateKeyType
{
    EcdsaP256,
    Rsa2048,
}
