using System.Net;
using Pasteur.Dns.Exchange;
using Pasteur.Dns.Messages;
using Pasteur.Dns.Updates;

namespace Pasteur.Dns;

/// <summary>
/// Puts the proof that a name is ours into the DNS, and takes it out again: a TXT record (RFC 8555 section 8.4), by dynamic update of the
/// zone's primary (RFC 2136) that a shared key signs (RFC 8945). Other records, also of the same name, are left alone.
/// </summary>
public sealed class ChallengePublisher
{
    private readonly ZoneFinder _zones;
    private readonly Updater _updater;
    private readonly TimeProvider _time;

    /// <param name="server">The zone's primary.</param>
    public ChallengePublisher(TsigKey key, IPEndPoint server, TimeProvider time)
    {
        var asked = new DnsServer(server, time);
        _time = time;
        var refusals = new DnsRefusals(server, key);
        _zones = new ZoneFinder(asked, refusals);
        _updater = new Updater(asked, key, refusals, time);
    }

    /// <summary>
    /// Returns once the primary shows the record. When that fails, or is cancelled, what may have been added is taken back.
    /// </summary>
    /// <param name="name">As it stands in the certificate: example.org, or *.example.org.</param>
    /// <param name="value">What the authority is to find: at most 255 ASCII characters.</param>
    public async Task<DnsOutcome> PublishAsync(string name, string value, CancellationToken cancellationToken)
    {
        var found = await FindAsync(name, value, cancellationToken).ConfigureAwait(false);
        if (found.Value is not { } place)
            return found.Failure!;
        var mayBeLeft = true;
        try
        {
            var failure = await _updater.ChangeAsync(place, value, isAddition: true, cancellationToken).ConfigureAwait(false)
                ?? await AwaitVisibleAsync(place, value, cancellationToken).ConfigureAwait(false);
            mayBeLeft = failure is { Failure: not (DnsFailure.BadKey or DnsFailure.BadSignature or DnsFailure.BadTime or DnsFailure.Refused or DnsFailure.NotAuth or DnsFailure.NotZone) };
            return failure is null ? place.Done() : failure;
        }
        finally
        {
            if (mayBeLeft)
                await TakeBackAsync(place, value).ConfigureAwait(false);
        }
    }

    /// <summary>Removes the record; that it isn't there is no failure. To be called with a token of its own, whatever became of the rest.</summary>
    public async Task<DnsOutcome> RemoveAsync(string name, string value, CancellationToken cancellationToken)
    {
        var found = await FindAsync(name, value, cancellationToken).ConfigureAwait(false);
        if (found.Value is not { } place)
            return found.Failure!;
        var failure = await _updater.ChangeAsync(place, value, isAddition: false, cancellationToken).ConfigureAwait(false);
        return failure is null ? place.Done() : failure;
    }

    private async Task<Found<Place>> FindAsync(string name, string value, CancellationToken cancellationToken)
    {
        if (!DnsName.TryParse(name, out _) || !DnsName.TryParse(ChallengeName.Of(name), out var challenge))
            return new DnsOutcome.Failed(DnsFailure.BadName, $"\"{ForPeople(name)}\" is not a name that a challenge can be made for");
        if (value.Length is 0 or > DnsLimits.MaxCharacterStringBytes || value.Any(c => c is <= ' ' or > '~'))
            return new DnsOutcome.Failed(DnsFailure.BadName, $"the value for {challenge} is empty, too long, or not of ASCII characters");
        return await _zones.FindAsync(challenge, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Null once the record is seen.</summary>
    private async Task<DnsOutcome.Failed?> AwaitVisibleAsync(Place place, string value, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        for (var pause = DnsLimits.FirstLook; ; pause = Shorter(2 * pause, DnsLimits.LongestLook))
        {
            var asked = await _zones.AskAsync(place.Owner, RecordType.Txt, cancellationToken).ConfigureAwait(false);
            if (asked.Value is { } answer && answer.Answers.Exists(r => r.Type is RecordType.Txt && r.Name.Equals(place.Owner) && answer.TextIn(r) == value))
                return null;
            if (_time.GetElapsedTime(started) >= DnsLimits.VisibleWithin)
            {
                return asked.Failure ?? new(DnsFailure.NotVisible,
                    $"{place.Owner} was changed, but does not show it after {DnsLimits.VisibleWithin.TotalSeconds:0} seconds: is it an alias, or has the server several views?");
            }
            await Task.Delay(pause, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    // A request that failed may have been heard. Whatever is wrong now, the failure before it is what is told.
    private async Task TakeBackAsync(Place place, string value)
    {
        using var patience = new CancellationTokenSource(DnsLimits.TakeBackWithin, _time);
        try
        {
            await _updater.ChangeAsync(place, value, isAddition: false, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The record will stay until its name is next challenged; it proves nothing any more.
        }
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static string ForPeople(string name) => string.Concat(name.Take(DnsLimits.MaxNameBytes).Select(c => char.IsControl(c) ? '?' : c));
}
