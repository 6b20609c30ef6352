namespace Pasteur.Git.Protocol;

/// <summary>A remote repository as a Git client sees it. How it is reached is the transport's matter: <paramref name="connect"/> hands in the streams.</summary>
public sealed class GitRemote(Func<GitService, CancellationToken, ValueTask<GitConversation>> connect, GitRemoteOptions options)
{
    /// <summary>Lists the refs asked for and fetches what they name and we lack.</summary>
    public async Task<FetchOutcome> FetchAsync(FetchRequest request, CancellationToken ct)
    {
        using var watchdog = new Watchdog(options, ct);
        try
        {
            var session = await ConnectAsync(GitService.UploadPack, watchdog).ConfigureAwait(false);
            await using (session.ConfigureAwait(false))
            {
                try
                {
                    return await new FetchSession(session, request, options.MaxPackBytes).RunAsync().ConfigureAwait(false);
                }
                catch (ConversationException e)
                {
                    var reason = await session.ExplainAsync(e).ConfigureAwait(false);
                    return e.Fault switch
                    {
                        ConversationFault.Refused => new FetchOutcome.Refused(reason),
                        ConversationFault.TooLarge => new FetchOutcome.TooLarge(reason),
                        ConversationFault.Lost or ConversationFault.Stalled or ConversationFault.Violation => new FetchOutcome.Broken(reason) { IsAway = e.Fault == ConversationFault.Stalled },
                    };
                }
            }
        }
        catch (ConversationException e)
        {
            return new FetchOutcome.Broken(e.Message) { IsAway = true };
        }
        catch (OperationCanceledException) when (watchdog.Verdict is not null && !ct.IsCancellationRequested)
        {
            return new FetchOutcome.Broken(watchdog.Verdict!) { IsAway = true };
        }
    }

    /// <summary>Offers new objects and moves refs, each from the id we believe it has.</summary>
    public async Task<PushOutcome> PushAsync(PushRequest request, CancellationToken ct)
    {
        request.Validate();
        using var watchdog = new Watchdog(options, ct);
        try
        {
            var session = await ConnectAsync(GitService.ReceivePack, watchdog).ConfigureAwait(false);
            await using (session.ConfigureAwait(false))
                return await new PushSession(session, request).RunAsync().ConfigureAwait(false);
        }
        catch (ConversationException e)
        {
            return new PushOutcome.Broken(e.Message);
        }
        catch (OperationCanceledException) when (watchdog.Verdict is not null && !ct.IsCancellationRequested)
        {
            return new PushOutcome.Broken(watchdog.Verdict!);
        }
    }

    private async Task<Session> ConnectAsync(GitService service, Watchdog watchdog)
    {
        watchdog.Wait();
        try
        {
            return new Session(await connect(service, watchdog.Token).ConfigureAwait(false), watchdog);
        }
        catch (IOException e)
        {
            throw new ConversationException(ConversationFault.Lost, e.Message, e);
        }
        finally
        {
            watchdog.Heard();
        }
    }
}
