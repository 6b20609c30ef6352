using Pasteur.Configuration;
using Pasteur.Git;

namespace Pasteur.Pastes;

/// <summary>
/// Pastes of a branch that is not here as a whole (<see cref="Part"/>): before one is looked for, what is on the way to it is brought. That an object is not here says nothing of whether there
/// is a paste.
/// </summary>
internal static class PromisedPastes
{
    /// <summary>Paths that are looked at for every paste.</summary>
    public static IReadOnlyList<string> LookedAtFirst { get; } = [RepositoryJson.Path, PasteMarks.Erased.Folder];

    /// <summary>Has brought all that the branch says of codes.</summary>
    /// <exception cref="MissingObjectException">It can't be told, since the remote does not answer.</exception>
    public static async Task BringAsync(Repository repository, string branch, string[] codes, CancellationToken cancellationToken)
    {
        if (repository.Part is not { } part || !repository.Current.TryGetRef($"refs/heads/{branch}", out var tip)) return;
        var paths = new List<string>();
        foreach (var code in codes)
        {
            paths.Add(code);
            if (PasteId.TryParse(code, out var id)) paths.AddRange([id.Folder, PasteMarks.Erased.PathOf(id)]);
        }
        if (await part.BringAsync(tip, paths, cancellationToken).ConfigureAwait(false) is { } problem) throw new MissingObjectException(tip, problem);
    }

    /// <summary>Does something that may find out on its way what it needs, or that something was dropped again; whatever is tried must bear to be tried again.</summary>
    /// <exception cref="MissingObjectException">The remote does not answer, or what it sends is dropped at once.</exception>
    public static async ValueTask<TOutcome> TryAsync<TOutcome>(Repository repository, Func<ValueTask<TOutcome>> step, CancellationToken cancellationToken)
    {
        for (var misses = 0; ; misses++)
        {
            try
            {
                return await step().ConfigureAwait(false);
            }
            catch (MissingObjectException e) when (e.Reason is null && misses < Limits.MaxMisses && repository.Part is { } part)
            {
                if (await part.FetchAsync(e.Id, cancellationToken).ConfigureAwait(false) is { } problem) throw new MissingObjectException(e.Id, problem);
            }
        }
    }
}
