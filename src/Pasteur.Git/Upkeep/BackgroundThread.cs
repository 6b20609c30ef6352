using System.Runtime.InteropServices;

namespace Pasteur.Git.Upkeep;

/// <summary>
/// Lets the calling thread have only what the others leave. .NET's <see cref="Thread.Priority"/> does nothing on Linux; there a thread
/// has a nice value of its own (setpriority(2), notes on threads).
/// </summary>
internal static partial class BackgroundThread
{
    private const int Process = 0; // PRIO_PROCESS; with id 0 it is the calling thread
    private const int Nicest = 19;

    /// <summary>A refusal changes nothing but the pace: there is nothing to do about it.</summary>
    public static void YieldToOthers() => _ = SetPriority(Process, 0, Nicest);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int nice);
}
