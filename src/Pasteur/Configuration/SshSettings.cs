using Pasteur.Keys;

namespace Pasteur.Configuration;

/// <summary>How an SSH remote is spoken to: who we are, and who it must be. Shown, it holds no secret.</summary>
internal sealed record SshSettings
{
    /// <summary>Makes our key; null when <see cref="Key"/> is given.</summary>
    public SshSeed? Seed { get; init; }

    public SshKey? Key { get; init; }

    /// <summary>The host must show one of these. Empty: none is trusted, and the refusal says which key it has.</summary>
    public IReadOnlyList<HostKeyPin> HostKeys { get; init; } = [];
}
