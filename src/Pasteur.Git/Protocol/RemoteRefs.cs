using Pasteur.Git.Objects;

namespace Pasteur.Git.Protocol;

/// <summary>The refs of a remote that were asked for, and the branch its HEAD names (also one that is not born yet), if it says so.</summary>
public sealed record RemoteRefs(IReadOnlyDictionary<string, ObjectId> Tips, string? Head);
