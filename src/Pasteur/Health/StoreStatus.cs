using System.Text.Json.Serialization;

namespace Pasteur.Health;

/// <summary>How the store stands.</summary>
/// <param name="Reason">Why it isn't writable; null when it is.</param>
/// <param name="DiskFreeBytes">Null when the store is in memory, or its file system does not say.</param>
internal sealed record StoreStatus(bool Writable, string? Reason, long JournalBytes, int Packs, long Objects, long? DiskFreeBytes)
{
    /// <summary>What packs and journals take.</summary>
    public long Bytes { get; init; }

    /// <summary>What they may take before no more pastes are taken; null for no bound.</summary>
    public long? MaxBytes { get; init; }

    [JsonIgnore]
    public bool IsFull => Bytes >= MaxBytes;
}
