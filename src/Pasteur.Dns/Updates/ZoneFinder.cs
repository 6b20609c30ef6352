using Pasteur.Dns.Exchange;
using Pasteur.Dns.Messages;

namespace Pasteur.Dns.Updates;

/// <summary>Finds where the record of a challenge belongs, by asking the server that will be told to change it.</summary>
internal sealed class ZoneFinder(DnsServer server, DnsRefusals refusals)
{
    public async Task<Found<Place>> FindAsync(DnsName name, CancellationToken cancellationToken)
    {
        var owner = await FollowAsync(name, cancellationToken).ConfigureAwait(false);
        return owner.Value is null ? owner.Failure! : await FindZoneAsync(owner.Value, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The answer to a question, or why there is none.</summary>
    public async Task<Found<DnsMessage>> AskAsync(DnsName name, RecordType type, CancellationToken cancellationToken)
    {
        var reply = await server.AskAsync(DnsRequest.Query(name, type), cancellationToken).ConfigureAwait(false);
        if (reply is not Reply.Answered { Message: var answer })
            return refusals.NoAnswer(reply);
        return refusals.OfQuery(answer, name) is { } failure ? failure : answer;
    }

    /// <summary>A challenge's name may be an alias (RFC 8555 section 8.4 has the authority follow it).</summary>
    private async Task<Found<DnsName>> FollowAsync(DnsName name, CancellationToken cancellationToken)
    {
        var seen = new List<DnsName> { name };
        while (seen.Count <= DnsLimits.MaxAliases)
        {
            var alias = await AliasOfAsync(seen[^1], cancellationToken).ConfigureAwait(false);
            if (alias.Failure is { } failure)
                return seen.Count == 1 ? failure : failure with { Message = $"{name} is an alias of {seen[^1]}, but {failure.Message}" };
            if (alias.Value!.IsRoot)
                return seen[^1];
            if (seen.Contains(alias.Value))
                break;
            seen.Add(alias.Value);
        }
        return new DnsOutcome.Failed(DnsFailure.TooManyAliases, $"{name} is an alias that leads over {seen[^1]} to nothing: its aliases run in circles, or are more than {DnsLimits.MaxAliases}");
    }

    /// <summary>What the name is an alias of; the root when of nothing.</summary>
    private async Task<Found<DnsName>> AliasOfAsync(DnsName name, CancellationToken cancellationToken)
    {
        var own = await TargetAsync(name, cancellationToken).ConfigureAwait(false);
        if (own.Failure is not null || own.Value!.IsRoot || name.Wildcard is not { } wildcard)
            return own;
        // "*.example.org CNAME example.org" makes aliases of all names that aren't there: our record is what makes this one be there.
        var all = await TargetAsync(wildcard, cancellationToken).ConfigureAwait(false);
        return all.Value is { } target && target.Equals(own.Value) ? DnsName.Root : own;
    }

    private async Task<Found<DnsName>> TargetAsync(DnsName name, CancellationToken cancellationToken)
    {
        var asked = await AskAsync(name, RecordType.Cname, cancellationToken).ConfigureAwait(false);
        if (asked.Value is not { } answer)
            return asked.Failure!;
        var record = answer.Answers.Find(record => record.Type is RecordType.Cname && record.Name.Equals(name));
        return record is null ? DnsName.Root : answer.NameIn(record) is { } target ? target : refusals.NoAnswer(new Reply.Malformed());
    }

    /// <summary>The zone whose SOA the server shows for the name, in the answer or beside it (RFC 2136 section 4.3, RFC 2308 section 2).</summary>
    private async Task<Found<Place>> FindZoneAsync(DnsName owner, CancellationToken cancellationToken)
    {
        var name = owner;
        for (var step = 0; step < DnsLimits.MaxZoneSteps && name is not null; step++, name = name.Parent)
        {
            var asked = await AskAsync(name, RecordType.Soa, cancellationToken).ConfigureAwait(false);
            if (asked.Value is not { } answer)
                return asked.Failure!;
            var soa = answer.Answers.Concat(answer.Authorities).FirstOrDefault(record => record.Type is RecordType.Soa && name.IsWithin(record.Name));
            if (soa is not null)
                return answer.IsAuthoritative ? new Place(owner, soa.Name) : refusals.NotPrimary(owner);
            // A referral: a zone of this server begins above the name, and ends above it too.
            if (answer.Authorities.Find(record => record.Type is RecordType.Ns && name.IsWithin(record.Name)) is { } cut && !answer.IsAuthoritative)
                return refusals.Delegated(owner, cut.Name);
        }
        return refusals.NoZone(owner);
    }
}
