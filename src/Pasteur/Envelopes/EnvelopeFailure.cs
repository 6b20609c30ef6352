namespace Pasteur.Envelopes;

/// <summary>Why an envelope does not open; in the order in which it is checked.</summary>
internal enum EnvelopeFailure
{
    /// <summary>It is none.</summary>
    None,
    Newer,
    Cut,

    /// <summary>The link's key is missing or was cut.</summary>
    Key,

    /// <summary>There is one, and it was not given.</summary>
    Passphrase,

    /// <summary>Wrong key, wrong passphrase, changed or cut: these cannot be told apart.</summary>
    Sealed,

    /// <summary>It was sealed with the right key by a program that made it wrongly.</summary>
    Content,
}
