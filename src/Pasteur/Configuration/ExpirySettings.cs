namespace Pasteur.Configuration;

/// <summary>How long pastes live.</summary>
/// <param name="Default">When nobody says; null: for ever.</param>
/// <param name="Max">At most; null: for ever.</param>
internal sealed record ExpirySettings(TimeSpan? Default, TimeSpan? Max)
{
    public static ExpirySettings None { get; } = new(null, null);

    /// <summary>False: a paste that is to end is refused.</summary>
    public bool IsTaken { get; init; } = true;
}
