namespace Pasteur.Interop.Refusals;

/// <summary>A remote that says no.</summary>
/// <param name="Words">What must be told of it. Where the end of a connection may overtake the server's words, what is said then stands behind a bar.</param>
/// <param name="Arguments">What the program is started with: the remote and how it is entered.</param>
internal sealed record Refusal(string Words, params string[] Arguments)
{
    /// <summary>Servers say it, and no page may take it for its own.</summary>
    public const string Markup = "<no pastes>";

    /// <summary>What must be told nowhere: every password and token of these tests has the word in it, a key is made of another.</summary>
    public string Secret { get; init; } = "canary";

    public bool IsToldIn(string text) => Words.Split('|').Any(way => text.Contains(way, StringComparison.Ordinal));
}
