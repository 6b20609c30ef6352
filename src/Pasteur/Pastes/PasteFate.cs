namespace Pasteur.Pastes;

/// <summary>What is known of a code under which nothing is shown.</summary>
internal enum PasteFate
{
    Unknown,

    /// <summary>Its time is over.</summary>
    Ended,

    /// <summary>It burns, and has to be opened.</summary>
    Burns,

    /// <summary>It was opened as often as it might be, and is burnt.</summary>
    Read,
}
