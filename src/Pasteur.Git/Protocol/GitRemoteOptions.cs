namespace Pasteur.Git.Protocol;

/// <summary>What a conversation with a remote may cost.</summary>
public sealed record GitRemoteOptions
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The longest wait for the remote to send or take a byte. A stock server sends a keep-alive every 5 s while it works.</summary>
    public TimeSpan MaxSilence { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest conversation, however lively.</summary>
    public TimeSpan MaxConversation { get; init; } = TimeSpan.FromMinutes(30);

    public long MaxPackBytes { get; init; } = 16L * 1024 * 1024 * 1024;
}
