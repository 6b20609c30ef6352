using Pasteur.Acme;
using Pasteur.Configuration;
using Pasteur.Dns;

namespace Pasteur.Tls.Challenges;

/// <summary>Answers dns-01 (RFC 8555, section 8.4): the authority looks for a TXT record, also for wildcards.</summary>
internal sealed partial class DnsChallenges(DnsSettings settings, ILogger log) : IChallengeResponder
{
    private readonly ChallengePublisher _publisher = new(settings.Key, settings.Server, TimeProvider.System);

    public string Type => "dns-01";

    public bool CanAnswer(AcmeIdentifier identifier) => !identifier.IsAddress;

    public async Task<string?> PrepareAsync(PendingChallenge challenge, CancellationToken cancellationToken) =>
        await _publisher.PublishAsync(challenge.Identifier.BaseName, challenge.DnsText, cancellationToken) is DnsOutcome.Failed failed ? failed.Message : null;

    public async Task CleanUpAsync(PendingChallenge challenge, CancellationToken cancellationToken)
    {
        if (await _publisher.RemoveAsync(challenge.Identifier.BaseName, challenge.DnsText, cancellationToken) is DnsOutcome.Failed failed)
            LogLeft(challenge.DnsName, failed.Message);
    }

    [LoggerMessage(LogLevel.Warning, "The record of a challenge may be left at {Name}, where it does no harm: {Problem}")]
    private partial void LogLeft(string name, string problem);
}
