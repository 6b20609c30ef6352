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
        for (var tries = 0; tries < Limits.MaxEditTries; tries++)
        {
            var current = await find(code, cancellationToken).ConfigureAwait(false);
            if (!IsOwner(code, token, current, out var id) && !(isAdministrator && current is not null && PasteId.TryParse(code, out id))) return new ChangeOutcome.NotOwner();
            var request = PasteDraft.Deletion(id, options.Branch, current!, options.Time.GetUtcNow());
            if (await CommitAsync(request, new ChangeOutcome.Changed(id, current!.Revision.Number) { Expires = current.Expires }, cancellationToken).ConfigureAwait(false) is not { } outcome) continue;
            var isForgotten = outcome is ChangeOutcome.Changed or ChangeOutcome.Undecided && options.ForgetsDeleted && current.Burns is null && options.Eraser?.Add(id) == true;
            return outcome is ChangeOutcome.Changed changed ? changed with { IsForgotten = isForgotten } : outcome;
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
        var paste = edit.Paste with
        {
            Files = [.. Named(current, edit).Select(file => edit.IsFromTextAreas ? WithItsLineEnds(current, file) : file), .. Kept(current, edit.Kept)],
            Language = edit.KeepsLanguage ? current.Language : edit.Paste.Language,
        };
        if (paste.EnvelopeVersion is null != current.EnvelopeVersion is null) return new ChangeOutcome.Refused(ChangeRefusal.OtherKind);
        if (current.Revision.Number >= Limits.MaxRevisions) return new ChangeOutcome.Refused(ChangeRefusal.TooManyRevisions);
        var draft = PasteDraft.OfEdit(current, paste, options.Time.GetUtcNow());
        var changed = new ChangeOutcome.Changed(id, current.Revision.Number + 1) { Expires = current.Expires };
        // What changes nothing, such as an edit that is sent once more because its answer was lost, is no revision.
        if (draft.HasFilesOf(current) && paste.Language == current.Language) return changed with { Revision = current.Revision.Number };
        return await CommitAsync(draft.ToEdit(id, current.ShortLivedBranch ?? options.Branch, current), changed, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Text without a name, sent for a paste of one file, is that file.</summary>
    private static IReadOnlyList<NewFile> Named(Paste current, PasteEdit edit) =>
        (edit.Paste.Files, current.Files, edit.Kept) is ([{ Name: null } text], [var single], []) ? [text with { Name = single.Name }] : edit.Paste.Files;

    private static NewFile WithItsLineEnds(Paste current, NewFile file) =>
        current.Files.FirstOrDefault(was => was.Name == file.Name) is { } was ? file with { Content = EditedLines.Restore(was.Content, file.Content) } : file;

    /// <summary>The files that stay; one of the same name that was sent stands in its place.</summary>
    private static IEnumerable<NewFile> Kept(Paste current, IReadOnlyList<string> names) =>
        current.Files.Where(file => names.Contains(file.Name)).Select(file => new NewFile(file.Name, file.Content));

    private async ValueTask<ChangeOutcome?> CommitAsync(CommitRequest request, ChangeOutcome.Changed changed, CancellationToken cancellationToken)
    {
        switch (await repository.CommitAsync(request, cancellationToken).ConfigureAwait(false))
        {
            case CommitOutcome.Committed committed:
                var awaitRemote = changed.Expires is null ? options.AwaitRemote : options.AwaitRemoteOfEnding;
                var doubt = awaitRemote is null ? null : await awaitRemote(committed, cancellationToken).ConfigureAwait(false);
                return doubt is null ? changed : new ChangeOutcome.Undecided(changed.Id, CleanText.Line(doubt) ?? "no reason is known");
            case CommitOutcome.PathChanged:
                return null;
            case CommitOutcome.Busy:
                return new ChangeOutcome.Busy();
            case CommitOutcome.Unavailable unavailable:
                return new ChangeOutcome.Unavailable(unavailable.Reason);
            default:
                throw new UnreachableException();
        }
    }
}
