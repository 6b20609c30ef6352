using System.Collections.Concurrent;
using Pasteur.Acme;
using Pasteur.Configuration;

namespace Pasteur.Tls.Challenges;

/// <summary>Answers http-01 (RFC 8555, section 8.3): the authority fetches a file of plain HTTP from port 80 of the name.</summary>
internal sealed class HttpChallenges : IChallengeResponder
{
    public const string Path = "/.well-known/acme-challenge/";

    private readonly ConcurrentDictionary<string, string> _answers = new(StringComparer.Ordinal);

    public string Type => "http-01";

    public bool CanAnswer(AcmeIdentifier identifier) => !identifier.IsWildcard;

    /// <summary>What stands at this token; null when nothing does.</summary>
    public string? Find(string token) => _answers.GetValueOrDefault(token);

    public Task<string?> PrepareAsync(PendingChallenge challenge, CancellationToken cancellationToken)
    {
        if (_answers.Count >= Limits.MaxPendingChallenges)
            return Task.FromResult<string?>("too many challenges wait for their answer");
        _answers[challenge.Token] = challenge.KeyAuthorization;
        return Task.FromResult<string?>(null);
    }

    public Task CleanUpAsync(PendingChallenge challenge, CancellationToken cancellationToken)
    {
        _answers.TryRemove(challenge.Token, out _);
        return Task.CompletedTask;
    }
}
