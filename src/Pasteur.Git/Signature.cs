namespace Pasteur.Git;

/// <summary>Who made a commit and when. The commit writer cleans names for Git (no <c>&lt;&gt;</c>, no control characters, bounded).</summary>
public sealed record Signature(string Name, string Email, DateTimeOffset When);
