namespace Pasteur.Acme;

/// <summary>One way to show that a name is ours: by what is served, or by what is in the DNS.</summary>
public interface IChallengeResponder
{
    /// <summary>"http-01", "dns-01" or "tls-alpn-01".</summary>
    string Type { get; }

    /// <summary>Whether it can answer for this identifier: a wildcard needs dns-01 (RFC 8555, section 8.3), an address cannot have it (RFC 8738).</summary>
    bool CanAnswer(AcmeIdentifier identifier);

    /// <summary>Makes the answer ready. When this returns, the authority may look.</summary>
    /// <returns>Null when it is; else why not, in words that follow the name and a colon.</returns>
    Task<string?> PrepareAsync(PendingChallenge challenge, CancellationToken cancellationToken);

    /// <summary>Takes it away again, also when preparing failed half-way. What goes wrong here is the responder's to tell.</summary>
    Task CleanUpAsync(PendingChallenge challenge, CancellationToken cancellationToken);
}
