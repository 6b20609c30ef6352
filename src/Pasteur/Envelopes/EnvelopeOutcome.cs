namespace Pasteur.Envelopes;

/// <summary>What opening an envelope comes to.</summary>
internal abstract record EnvelopeOutcome
{
    private EnvelopeOutcome() { }

    internal sealed record Opened(EnvelopeContent Content) : EnvelopeOutcome;

    internal sealed record Failed(EnvelopeFailure Failure) : EnvelopeOutcome;
}
