using System.Diagnostics;
using Pasteur.Configuration;
using Pasteur.Git;

namespace Pasteur.Pastes;

/// <summary>
/// What owners do to their pastes: each change is a commit that is made only while the paste is still what the change was made of, so
/// that of two at the same instant one is told of the other.
/// </summary>
/// <param name="find">The paste as it is now, or null.</param>
internal sealed class PasteChanges(Repository repository, PasteStoreOptions options, Func<string, CancellationToken, ValueTask<Paste?>> find)
{
    public required PasteMoves Moves { get; init; }

    public async ValueTask<ChangeOutcome> EditAsync(string code, PasteEdit edit, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < Limits.MaxEditTries; tries++)
        {
            var current = await find(code, cancellationToken).ConfigureAwait(false);
            if (!IsOwner(code, edit.Token, current, out var id)) return new ChangeOutcome.NotOwner();
            if (edit.Base is { } made && !IsOf(made, current!)) return new ChangeOutcome.Stale(current!);
            if (await EditAsync(id, current!, edit, cancellationToken).ConfigureAwait(false) is { } outcome) return outcome;
        }
        return new ChangeOutcome.Busy();
    }

    public async ValueTask<ChangeOutcome> DeleteAsync(string code, string? token, CancellationToken cancellationToken, bool isAdministrator = false)
    {
        ChangeOutcome.Changed? wanted = null;
        for (var tries = 0; tries < Limits.MaxEditTries; tries++)
        {
            var current = await find(code, cancellationToken).ConfigureAwait(false);
            // The owner's wish has come true: by whoever was faster, such as the sweep that met its first half (PasteDeletions).
            if (current is null && wanted is not null) return wanted;
            if (!IsOwner(code, token, current, out var id) && !(isAdministrator && current is not null && PasteId.TryParse(code, out id))) return new ChangeOutcome.NotOwner();
            var now = options.Time.GetUtcNow();
            // What an earlier move has left behind goes first: else it would be back.
            var requests = Moves.Leftovers(id, now).Append(PasteDraft.Deletion(id, options.Branch, current!, now));
            if (current!.Burns is null) requests = requests.Select(request => Moves.Deletions.Marking(request, id)).ToArray();
            var changed = new ChangeOutcome.Changed(id, current.Revision.Number) { Expires = current.Expires, IsInHistory = current.InHistory };
            // Before the deletion: a program that is killed right after it must not forget to forget.
            var isForgotten = options.ForgetsDeleted && current.Burns is null && options.Eraser?.Add(id) == true;
            wanted = changed with { IsForgotten = isForgotten };
            if (await CommitAllAsync(requests, changed, cancellationToken).ConfigureAwait(false) is { } outcome) return outcome is ChangeOutcome.Changed ? wanted : outcome;
        }
        return new ChangeOutcome.Busy();
    }

    private static bool IsOwner(string code, string? token, Paste? paste, out PasteId id)
    {
        var isRight = OwnerToken.Opens(token, paste?.OwnerTokenHash);
        return PasteId.TryParse(code, out id) & isRight;
    }

    private static bool IsOf(string made, Paste current) => made.Length >= Limits.ShortestTag && current.Tag.StartsWith(made, StringComparison.Ordinal);

    // Null: somebody else was faster; an edit that says what it was made of is then told so at the next try.
    private async ValueTask<ChangeOutcome?> EditAsync(PasteId id, Paste current, PasteEdit edit, CancellationToken cancellationToken)
    {
        if (current.Burns is not null) return new ChangeOutcome.Refused(ChangeRefusal.Burns);
        var now = options.Time.GetUtcNow();
        var end = edit.Ends is null ? current.Expires : (edit.Ends as Expiry.At)?.Time;
        if (end != current.Expires && WhyNotThen(current, end, now) is { } reason) return reason;
        PasteDraft? draft = null;
        if (!edit.IsEndAlone)
        {
            var paste = edit.Paste with
            {
                Files = [.. Named(current, edit).Select(file => edit.IsFromTextAreas ? WithItsLineEnds(current, file) : file), .. Kept(current, edit.Kept)],
                Language = edit.KeepsLanguage ? current.Language : edit.Paste.Language,
            };
            if (paste.EnvelopeVersion is null != current.EnvelopeVersion is null) return new ChangeOutcome.Refused(ChangeRefusal.OtherKind);
            if (current.Revision.Number >= Limits.MaxRevisions) return new ChangeOutcome.Refused(ChangeRefusal.TooManyRevisions);
            draft = PasteDraft.OfEdit(current, paste, end, now);
            if (draft.HasFilesOf(current) && paste.Language == current.Language) draft = null;
        }
        var changed = new ChangeOutcome.Changed(id, current.Revision.Number + (draft is null ? 0 : 1)) { Expires = end };
        // What changes nothing, such as an edit that is sent once more because its answer was lost, is no revision.
        if (end == current.Expires && draft is null) return await TidyAsync(changed, now, cancellationToken).ConfigureAwait(false);
        if (end == current.Expires) return await EditInPlaceAsync(changed, current, draft!, cancellationToken).ConfigureAwait(false);
        var move = Moves.Move(id, current, draft ?? PasteDraft.OfNewEnd(current, end, now), now);
        var outcome = await CommitAllAsync([move], changed, cancellationToken).ConfigureAwait(false);
        return outcome is ChangeOutcome.Changed ? await TidyAsync(changed, now, cancellationToken).ConfigureAwait(false) : outcome;
    }

    // On its way to the remote it may have met a move to another branch, or a deletion, and be lost: then it is as if somebody else had been faster.
    private async ValueTask<ChangeOutcome?> EditInPlaceAsync(ChangeOutcome.Changed changed, Paste current, PasteDraft draft, CancellationToken cancellationToken)
    {
        var outcome = await CommitAllAsync([draft.ToEdit(changed.Id, current.Home ?? options.Branch, current)], changed, cancellationToken).ConfigureAwait(false);
        if (outcome is not ChangeOutcome.Changed) return outcome;
        try
        {
            return await find(current.Code, cancellationToken).ConfigureAwait(false) is { } now && (now.Home == current.Home || now.WasAt(draft.Revision, draft.HasFilesOf(now))) ? outcome : null;
        }
        catch (MissingObjectException)
        {
            // It is made, and what became of it can't be asked now.
            return outcome;
        }
    }

    // It is where it should be, and is to be nowhere else. What can't be done now is done when it ends.
    private async ValueTask<ChangeOutcome> TidyAsync(ChangeOutcome.Changed changed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            return await PromisedPastes.TryAsync(repository, () => TidyUpAsync(changed, now, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (MissingObjectException)
        {
            return changed;
        }
    }

    private async ValueTask<ChangeOutcome> TidyUpAsync(ChangeOutcome.Changed changed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (Moves.Belated(changed.Id, now) is { } edit && await CommitAllAsync([edit], changed, cancellationToken).ConfigureAwait(false) is not ChangeOutcome.Changed) return changed;
        await CommitAllAsync(Moves.Leftovers(changed.Id, now), changed, cancellationToken).ConfigureAwait(false);
        return changed;
    }

    private ChangeOutcome? WhyNotThen(Paste current, DateTimeOffset? end, DateTimeOffset now)
    {
        var isLater = end is null || end > current.Expires;
        if (isLater && options.MaxLife is { } most && (end is null || end - (current.Created ?? now) > most + TimeSpan.FromSeconds(1))) return new ChangeOutcome.Refused(ChangeRefusal.TooLong);
        var reason = end is null ? null : PastePlaces.WhyNoneEnds(repository.Current) ?? options.RefusesEnding?.Invoke();
        return reason is null ? null : new ChangeOutcome.NoneEnds(CleanText.Line(reason) ?? "no reason is known");
    }

    /// <summary>Text without a name, sent for a paste of one file, is that file.</summary>
    private static IReadOnlyList<NewFile> Named(Paste current, PasteEdit edit) =>
        (edit.Paste.Files, current.Files, edit.Kept) is ([{ Name: null } text], [var single], []) ? [text with { Name = single.Name }] : edit.Paste.Files;

    private static NewFile WithItsLineEnds(Paste current, NewFile file) =>
        current.Files.FirstOrDefault(was => was.Name == file.Name) is { } was ? file with { Content = EditedLines.Restore(was.Content, file.Content) } : file;

    /// <summary>The files that stay; one of the same name that was sent stands in its place.</summary>
    private static IEnumerable<NewFile> Kept(Paste current, IReadOnlyList<string> names) =>
        current.Files.Where(file => names.Contains(file.Name)).Select(file => new NewFile(file.Name, file.Content));

    // One after the other, as far as they go. Null: somebody else was faster.
    private async ValueTask<ChangeOutcome?> CommitAllAsync(IEnumerable<CommitRequest> requests, ChangeOutcome.Changed changed, CancellationToken cancellationToken)
    {
        foreach (var request in requests)
        {
            switch (await repository.CommitAsync(request, cancellationToken).ConfigureAwait(false))
            {
                case CommitOutcome.Committed committed:
                    for (var made = request; made is not null; made = made.Also)
                        if (Moves.AwaitRemote(made) is { } follow && await follow(committed, cancellationToken).ConfigureAwait(false) is { } doubt)
                            return new ChangeOutcome.Undecided(changed.Id, CleanText.Line(doubt) ?? "no reason is known");
                    break;
                case CommitOutcome.PathChanged or CommitOutcome.PathTaken:
                    return null;
                case CommitOutcome.Busy:
                    return new ChangeOutcome.Busy();
                case CommitOutcome.Unavailable unavailable:
                    return new ChangeOutcome.Unavailable(unavailable.Reason);
                default:
                    throw new UnreachableException();
            }
        }
        return changed;
    }
}
