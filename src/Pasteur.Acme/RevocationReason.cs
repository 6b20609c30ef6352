namespace Pasteur.Acme;

/// <summary>Why a certificate is revoked (RFC 5280, section 5.3.1): those that a subscriber may give.</summary>
public enum RevocationReason
{
    Unspecified = 0,
    KeyCompromise = 1,
    Superseded = 4,
    CessationOfOperation = 5,
}
