using System.Net;
using Pasteur.Dns.Exchange;
using Pasteur.Dns.Messages;
using Pasteur.Dns.Signing;

namespace Pasteur.Dns.Updates;

/// <summary>The one table from what a server said to what its operator is told.</summary>
internal sealed class DnsRefusals(IPEndPoint server, TsigKey key)
{
    private string Server => $"the DNS server {server}";

    /// <summary>Of a request that no answer came to.</summary>
    public DnsOutcome.Failed NoAnswer(Reply reply) => reply switch
    {
        Reply.Silent silent => new(DnsFailure.TimedOut,
            $"{Server} did not answer within {silent.Waited.TotalSeconds:0} seconds, by UDP or TCP; is that its address, and does a firewall stand between?"),
        Reply.Unreachable unreachable => new(DnsFailure.Unreachable, $"{Server} can't be reached: {unreachable.Reason}"),
        Reply.Malformed => new(DnsFailure.Malformed, $"what answers at {server} is no DNS server, or a broken one"),
        _ => throw new ArgumentOutOfRangeException(nameof(reply), reply, null),
    };

    /// <summary>Of an update: null when it was done, and said so by who has the key.</summary>
    public DnsOutcome.Failed? OfUpdate(DnsMessage answer, TsigVerdict verdict, Place place)
    {
        if (verdict.Status is TsigStatus.Wrong)
            return new(DnsFailure.Untrusted, $"an answer of {Server} is signed wrongly: who sent it does not have the key {key}");
        if (verdict.Error is not TsigError.None || verdict.Status is TsigStatus.OutOfTime)
            return OfSignature(verdict, place);
        if (answer.Code is not ResponseCode.NoError)
            return OfCode(answer.Code, place);
        return verdict.Status is TsigStatus.Valid
            ? null
            : new(DnsFailure.Untrusted, $"an answer of {Server} is not signed, and so can't be believed");
    }

    /// <summary>Of a question: null when the answer is to be looked at. That a name isn't there is an answer too.</summary>
    public DnsOutcome.Failed? OfQuery(DnsMessage answer, DnsName name) => answer.Code switch
    {
        ResponseCode.NoError or ResponseCode.NxDomain => null,
        ResponseCode.Refused or ResponseCode.NotAuth => NoZone(name),
        _ => new(DnsFailure.ServerFailed, $"{Server} was asked for {name} and answered {Word(answer.Code)}; its log may say why"),
    };

    public DnsOutcome.Failed NoZone(DnsName name) => new(DnsFailure.NoZone, $"{Server} serves no zone that holds {name}, or refuses to be asked; give the zone's primary");

    public DnsOutcome.Failed Delegated(DnsName name, DnsName zone) => new(DnsFailure.NoZone, $"{Server} leaves {name} to the servers of {zone}; give the primary of that zone");

    public DnsOutcome.Failed NotPrimary(DnsName name) => new(DnsFailure.NotAuth, $"{Server} knows {name} from elsewhere: it is a resolver; give the zone's primary");

    private DnsOutcome.Failed OfSignature(TsigVerdict verdict, Place place) => verdict.Error switch
    {
        TsigError.BadKey => new(DnsFailure.BadKey,
            $"{Server} does not take the key {key} for {place.Owner} (BADKEY): compare name and algorithm with the server's configuration, and what the key may change there"),
        TsigError.BadSignature => new(DnsFailure.BadSignature, $"{Server} has another secret for the key {key} (BADSIG): copy it again from the server's configuration"),
        TsigError.BadTime or TsigError.None => new(DnsFailure.BadTime,
            $"this machine's clock is {Difference(verdict.ServerAhead)} that of {Server} (BADTIME): set it; {DnsLimits.Fudge.TotalSeconds:0} seconds are the most that is allowed"),
        TsigError.BadTruncation => new(DnsFailure.BadSignature, $"{Server} wants signatures of another length (BADTRUNC)"),
        _ => new(DnsFailure.BadSignature, $"{Server} does not take our signature (error {(int)verdict.Error})"),
    };

    private DnsOutcome.Failed OfCode(ResponseCode code, Place place) => code switch
    {
        ResponseCode.Refused => new(DnsFailure.Refused, $"{Server} refuses to change {place.Owner} (REFUSED): let the key {key} update TXT records of that name"),
        ResponseCode.NotAuth => new(DnsFailure.NotAuth, $"{Server} is not the primary of zone {place.Zone}, or takes no updates for it (NOTAUTH): give the address of its primary"),
        ResponseCode.NotZone => new(DnsFailure.NotZone, $"{Server} says that {place.Owner} is not within zone {place.Zone} (NOTZONE)"),
        _ => new(DnsFailure.ServerFailed, $"{Server} was to change {place.Owner} and answered {Word(code)}; its log may say why"),
    };

    private static string Difference(TimeSpan? serverAhead)
    {
        var seconds = (long)(serverAhead ?? TimeSpan.Zero).TotalSeconds;
        return $"{Math.Abs(seconds)} seconds {(seconds >= 0 ? "behind" : "ahead of")}";
    }

    private static string Word(ResponseCode code) => code.ToString().ToUpperInvariant();
}
