using System.Text;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Protocol;

// gitprotocol-pack, "Reference Update Request and Packfile Transfer".
//
//   request:  old SP new SP name NUL capabilities   *( old SP new SP name )   flush   [ pack, not framed ]
//   answer:   report-status, inside a side-band
internal sealed class PushSession(Session session, PushRequest request)
{
    private const long MaxReportBytes = GitLimits.MaxReportLines * PktLine.MaxSize;

    public async Task<PushOutcome> RunAsync()
    {
        try
        {
            var advertisement = await Advertisement.ReadAsync(session.Reader, session.Token).ConfigureAwait(false);
            RequireCapabilities(advertisement);
            if (Compare(advertisement.Tips) is { } outcome)
            {
                await session.SayGoodbyeAsync().ConfigureAwait(false);
                return outcome;
            }
            return await SendAsync(advertisement.Capabilities).ConfigureAwait(false);
        }
        catch (ConversationException e)
        {
            var reason = await session.ExplainAsync(e).ConfigureAwait(false);
            return e.Fault == ConversationFault.Refused ? new PushOutcome.Refused(reason) : new PushOutcome.Broken(reason);
        }
    }

    private void RequireCapabilities(Advertisement advertisement)
    {
        var capabilities = advertisement.Capabilities;
        if (advertisement.Version == 2) throw ConversationException.Violation("the remote offers protocol version 2 for a push, which does not exist");
        if (!capabilities.Has("report-status")) throw ConversationException.Violation("the remote cannot report how a push ended (report-status)");
        if (!capabilities.Has("side-band-64k")) throw ConversationException.Violation("the remote's Git is too old: it lacks side-band-64k");
        if (!capabilities.Has("delete-refs") && request.Updates.Any(update => update.New.IsZero))
            throw ConversationException.Violation(PushOutcome.DeletesNothing);
        if (request.MustBeAtomic && request.Updates.Count > 1 && !capabilities.Has("atomic")) throw ConversationException.Violation(PushOutcome.NotAtomic);
    }

    // Null: every ref is where we believe, and nobody is in the way.
    private PushOutcome? Compare(IReadOnlyDictionary<string, ObjectId> tips)
    {
        if (request.Updates.All(update => tips.GetValueOrDefault(update.Name) == update.New)) return new PushOutcome.Accepted([]);
        if (request.MakesWay?.Invoke(tips) is { } other) return new PushOutcome.MadeWay(other);
        foreach (var update in request.Updates)
        {
            var actual = tips.GetValueOrDefault(update.Name);
            if (actual != update.Old) return new PushOutcome.RemoteMoved(update.Name, actual);
        }
        return null;
    }

    // From the first byte on nothing but the server's report decides: what we sent may land after all.
    private async Task<PushOutcome> SendAsync(Capabilities capabilities)
    {
        ConversationException? sendFault = null;
        try
        {
            session.Awaited = "it to take the push";
            var commands = Commands(capabilities);
            await session.RequestAsync(async (stream, ct) =>
            {
                await stream.WriteAsync(commands.Written, ct).ConfigureAwait(false);
                if (request.WritePack is { } writePack) await writePack(stream, ct).ConfigureAwait(false);
            }).ConfigureAwait(false);
        }
        catch (ConversationException e) when (e.Fault == ConversationFault.Refused)
        {
            return new PushOutcome.Refused(e.Message);
        }
        catch (ConversationException e)
        {
            sendFault = e;
        }
        try
        {
            session.Awaited = "its report on the push";
            // A server that gave up reading has often said why before it closed.
            return await ReadReportAsync().ConfigureAwait(false);
        }
        catch (ConversationException e)
        {
            var fault = e.Fault == ConversationFault.Lost && sendFault is not null ? sendFault : e;
            return new PushOutcome.Undecided(await session.ExplainAsync(fault).ConfigureAwait(false));
        }
    }

    private PktLineWriter Commands(Capabilities capabilities)
    {
        var asked = new StringBuilder("report-status side-band-64k");
        if (capabilities.Has("ofs-delta")) asked.Append(" ofs-delta");
        if (capabilities.Has("quiet")) asked.Append(" quiet");
        if (request.IsAtomic && capabilities.Has("atomic") && request.Updates.Count > 1) asked.Append(" atomic");
        if (capabilities.Has("object-format")) asked.Append(" object-format=sha1");
        if (capabilities.Has("agent")) asked.Append(" agent=").Append(ClientName.Agent);
        var commands = new PktLineWriter();
        var behind = $"\0{asked}";
        foreach (var update in request.Updates)
        {
            commands.Data(Encoding.UTF8.GetBytes($"{update.Old} {update.New} {update.Name}{behind}"));
            behind = "";
        }
        return commands.Flush();
    }

    private async Task<PushOutcome> ReadReportAsync()
    {
        var band = new SideBandStream(session.Reader, session.Messages, MaxReportBytes);
        await using (band.ConfigureAwait(false))
        {
            var report = await ReportStatus.ReadAsync(new PktLineReader(band), session.Token).ConfigureAwait(false);
            await ReadRestAsync(band).ConfigureAwait(false);
            var outcome = report.Judge(request.Updates, session.Messages.Complete());
            return outcome is PushOutcome.Rejected rejected ? rejected with { Reason = session.Conceal(rejected.Reason) } : outcome;
        }
    }

    // The report decides; what a post-receive hook says after it is welcome but may be lost with the connection.
    private async Task<bool> ReadRestAsync(SideBandStream band)
    {
        try
        {
            await band.ReadToEndAsync(session.Token).ConfigureAwait(false);
            return true;
        }
        catch (ConversationException)
        {
            return false;
        }
    }
}
