namespace Pasteur.Keys;

/// <summary>The kinds of keys that a seed makes.</summary>
internal enum KeyType
{
    Ed25519,
    Rsa3072,
    Rsa4096,
}
