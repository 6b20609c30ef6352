using System.Diagnostics;
using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Git.Objects;

namespace Pasteur.Pastes;

/// <summary>
/// Opens pastes that burn: first it is kept that one was opened, then it is shown. So a crash in between may lose what nobody has seen, and
/// never shows twice what was to be shown once. Of two readers at the same instant the writer takes one; of two at different
/// servers, where the remote's word is waited for, the one whose mark it has first.
/// </summary>
/// <param name="find">A paste that burns, and is not burnt; or null.</param>
/// <param name="placesOf">All that the branches say of a code.</param>
internal sealed class PasteOpening(Repository repository, PasteStoreOptions options, Func<string, CancellationToken, ValueTask<Paste?>> find, Func<string, List<Burning>> placesOf)
{
    public async ValueTask<OpenOutcome> OpenAsync(string code, string? proof, CancellationToken cancellationToken)
    {
        // Before anything is burnt: what cannot be told to the remote is not burnt either, and what others have burnt is seen here.
        if (options.AskRemote is { } ask && await ask(cancellationToken).ConfigureAwait(false) is { } away) return new OpenOutcome.Unavailable(away);
        for (var tries = 0; tries < Limits.MaxEditTries; tries++)
        {
            if (await find(code, cancellationToken).ConfigureAwait(false) is not { Burns: { } burns, ShortLivedBranch: not null } current || !PasteId.TryParse(code, out var id)) return new OpenOutcome.NotThere();
            if (!ReadProof.Opens(proof, burns.ProofHash)) return new OpenOutcome.WrongProof();
            if (await OpenAsync(id, current, cancellationToken).ConfigureAwait(false) is { } outcome) return outcome;
        }
        return new OpenOutcome.Busy();
    }

    // Null: somebody else was faster.
    private async ValueTask<OpenOutcome?> OpenAsync(PasteId id, Paste current, CancellationToken cancellationToken)
    {
        var now = options.Time.GetUtcNow();
        var mark = ReadMark.Draw(options.Server, now);
        if (PasteReader.Describe(repository.Current, ObjectId.Parse(current.Tag)) is not { } description) return new OpenOutcome.NotThere();
        var read = description.WithReads([.. description.ReadBy ?? [], mark]);
        switch (await repository.CommitAsync(PasteDraft.Reading(id, current, read, now), cancellationToken).ConfigureAwait(false))
        {
            case CommitOutcome.Committed committed:
                if (options.AwaitRemoteOfEnding is { } awaitRemote && await awaitRemote(committed, cancellationToken).ConfigureAwait(false) is { } doubt) return new OpenOutcome.Undecided(CleanText.Line(doubt) ?? "no reason is known");
                return options.AskRemote is null ? new OpenOutcome.Opened(current, Burning.Of(read)!.Left) : await AfterRemoteAsync(current, mark, cancellationToken).ConfigureAwait(false);
            case CommitOutcome.PathChanged:
                return null;
            case CommitOutcome.Busy:
                return new OpenOutcome.Busy();
            case CommitOutcome.Unavailable unavailable:
                return new OpenOutcome.Unavailable(unavailable.Reason);
            default:
                throw new UnreachableException();
        }
    }

    // The remote has our mark, or has let us know that the paste is gone. Was it there in time? Asked once more, for a branch that was burnt and deleted
    // elsewhere may just have been made again by us: then there is a tombstone.
    private async ValueTask<OpenOutcome> AfterRemoteAsync(Paste current, string mark, CancellationToken cancellationToken)
    {
        if (await options.AskRemote!(cancellationToken).ConfigureAwait(false) is { } away) return new OpenOutcome.Undecided(away);
        var places = placesOf(current.Code);
        return places.Count > 0 && places.TrueForAll(place => place.WasOpenedBy(mark)) ? new OpenOutcome.Opened(current, places[0].Left) : new OpenOutcome.NotThere();
    }
}
