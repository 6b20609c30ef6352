namespace Pasteur.Git;

/// <summary>How a <see cref="Repository"/> is opened.</summary>
public sealed record RepositoryOptions
{
    /// <summary>The bare repository's folder, created when missing; null keeps everything in memory.</summary>
    public string? Folder { get; init; }

    /// <summary>The branch that a new repository's HEAD names.</summary>
    public string Branch { get; init; } = "main";

    /// <summary>Timers run on this clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Folders that are taken or left as a whole when commits are made again on another tip; null: each file stands for itself.</summary>
    public FolderRules? Folders { get; init; }

    /// <summary>Takes the lines that the owner should read: recovery, rolls, merges, damage.</summary>
    public Action<StoreEvent>? OnEvent { get; init; }

    /// <summary>A journal that reaches this size is rolled into a pack.</summary>
    public long JournalBytes { get; init; } = 64L << 20;

    /// <summary>A journal that has rested this long is rolled into a pack, so that stock git sees its commits.</summary>
    public TimeSpan IdleRoll { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often what was forgotten is taken out of the packs.</summary>
    public TimeSpan PurgeEvery { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Packs that were merged into another stay this long for the git processes that have them in mind.</summary>
    internal TimeSpan KeepMerged { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>From so many objects on, the folders that a batch will change are read together: what a smaller store has is in memory anyway.</summary>
    internal long ReadAheadFrom { get; init; } = 8_000_000;

    /// <summary>Called with the name of each step of a write, roll, merge and recovery: tests stop the program there.</summary>
    internal Action<string>? FaultPoint { get; init; }
}

/// <summary>A line for the log.</summary>
/// <param name="Warning">True when the owner should do something or lost something.</param>
public sealed record StoreEvent(string Message, bool Warning);
