namespace Pasteur.Acme;

/// <summary>The authority says no. Where it cannot be reached, or does not speak ACME, an <see cref="IOException"/> says so instead.</summary>
public sealed class AcmeException(AcmeProblem problem, TimeSpan? retryAfter = null) : Exception(problem.ToString())
{
    public AcmeProblem Problem { get; } = problem;

    /// <summary>How long it wants to be left alone (RFC 8555, section 6.6); null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
