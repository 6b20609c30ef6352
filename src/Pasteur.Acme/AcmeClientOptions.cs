namespace Pasteur.Acme;

/// <summary>Whom to ask, and as whom.</summary>
public sealed record AcmeClientOptions
{
    public required Uri Directory { get; init; }

    /// <summary>Not disposed by the client.</summary>
    public required AccountKey Key { get; init; }

    /// <summary>Where the authority may write to; null for nowhere.</summary>
    public string? Email { get; init; }

    public ExternalAccountKey? ExternalAccount { get; init; }

    /// <summary>RFC 8555, section 6.1 wants the program to name itself.</summary>
    public required string UserAgent { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told what happens, for a log; never a secret.</summary>
    public Action<string> OnEvent { get; init; } = static _ => { };
}
