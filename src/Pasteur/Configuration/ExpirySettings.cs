namespace Pasteur.Configuration;

/// <summary>How long pastes live.</summary>
/// <param name="Default">When nobody says; null: for ever.</param>
/// <param name="Max">At most; null: for ever.</param>
internal sealed record ExpirySettings(TimeSpan? Default, TimeSpan? Max)
{
    public static ExpirySettings None { get; } = new(null, null);

    /// <summary>At most, of a paste that burns: it ends also when nobody opens it.</summary>
    public TimeSpan MaxOfBurning => Max ?? Limits.LongestBurningLife;

    /// <summary>Of a paste that burns and says nothing of its end.</summary>
    public TimeSpan LifeOfBurning => Default < MaxOfBurning ? Default.Value : MaxOfBurning;

    /// <summary>False: a paste that is to end is refused.</summary>
    public bool IsTaken { get; init; } = true;
}
