using Pasteur.Configuration;

namespace Pasteur.Sync;

/// <summary>Why a try with the remote failed: for the owner of the site, and for whoever pastes there.</summary>
/// <param name="Reason">For the log and the health report.</param>
internal sealed record SyncProblem(string Reason)
{
    private const string Elsewhere = "the remote's folder";

    /// <summary>What may be told to anybody; the reason, unless that is a fault of our own.</summary>
    public string Told { get; private init; } = Reason;

    /// <summary>A fault of this program: what an exception says is the owner's alone.</summary>
    public static SyncProblem OfOurs(string doing, Exception fault) =>
        new($"{doing} failed here: {fault.Message}") { Told = $"{doing} failed here; the owner of the site finds it in the log" };

    /// <summary>The remote broke the rules; what exactly is for the owner.</summary>
    public static SyncProblem OfUnsoundData(Exception fault) =>
        new($"the remote sent something that is not sound: {fault.Message}") { Told = "the remote sent something that is not sound" };

    /// <summary>
    /// Words for anybody's eyes: not too long, and without the path of a remote that is a folder of this machine. What a server
    /// said is one clean line since it was read.
    /// </summary>
    public static string Tell(string words, RemoteUrl remote)
    {
        if (remote is RemoteUrl.LocalFolder folder)
            words = words.Replace(folder.FullPath, Elsewhere, StringComparison.Ordinal);
        return words.Length <= Limits.MaxToldChars ? words : string.Concat(words.AsSpan(0, Limits.MaxToldChars - 1), "…");
    }
}
