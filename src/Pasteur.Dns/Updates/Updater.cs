using Pasteur.Dns.Exchange;
using Pasteur.Dns.Messages;
using Pasteur.Dns.Signing;

namespace Pasteur.Dns.Updates;

/// <summary>Has a server change one record, signed, and believes no answer that isn't.</summary>
internal sealed class Updater(DnsServer server, TsigKey key, DnsRefusals refusals, TimeProvider time)
{
    /// <summary>Null when it was done. A record that is there is added again without harm, and one that is gone deleted.</summary>
    public async Task<DnsOutcome.Failed?> ChangeAsync(Place place, string value, bool isAddition, CancellationToken cancellationToken)
    {
        var request = TsigSigner.Sign(DnsRequest.Update(place.Zone, new TxtChange(place.Owner, value, isAddition)), key, time.GetUtcNow());
        var reply = await server.AskAsync(request.Bytes, cancellationToken).ConfigureAwait(false);
        if (reply is not Reply.Answered { Message: var answer })
            return refusals.NoAnswer(reply);
        return refusals.OfUpdate(answer, TsigSigner.Check(answer, key, request.Mac, time.GetUtcNow()), place);
    }
}
