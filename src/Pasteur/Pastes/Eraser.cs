using Pasteur.Configuration;
using Pasteur.Git;

namespace Pasteur.Pastes;

/// <summary>
/// Takes pastes out of all history. Deletions that are to be forgotten wait in a list in the data folder, so that many are one rewrite, and
/// none is lost when the program ends or the remote is away.
/// </summary>
/// <param name="erase">Does it, with the remote where there is one.</param>
/// <param name="folder">The data folder; null: in memory, the list too.</param>
internal sealed class Eraser(string branch, Func<EraseRequest, CancellationToken, Task<EraseOutcome>> erase, string? folder, TimeProvider time) : IDisposable
{
    private const string FileName = "to-forget";

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _list = new();
    private readonly HashSet<string> _waiting = Read(folder);

    /// <summary>Deletions that wait to be forgotten.</summary>
    public int Waiting
    {
        get { lock (_list) return _waiting.Count; }
    }

    public async Task<EraseOutcome> EraseAsync(IReadOnlyCollection<PasteId> ids, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await erase(Erasures.Of(branch, ids, time.GetUtcNow()), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>A paste is to be forgotten once it is deleted; kept when this returns.</summary>
    /// <returns>False when it could not be kept: the history goes on holding it.</returns>
    public bool Add(PasteId id)
    {
        try
        {
            lock (_list)
            {
                if (_waiting.Count >= Limits.MaxToForget || !_waiting.Add(id.ToString())) return _waiting.Contains(id.ToString());
                Write();
            }
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <param name="isThere">Whether the site has the paste still: then it waits on.</param>
    public async Task RunAsync(Func<PasteId, bool> isThere, ILogger log, CancellationToken cancellationToken)
    {
        var told = "";
        while (true)
        {
            await Task.Delay(Limits.ForgetAfter, time, cancellationToken).ConfigureAwait(false);
            var problem = await TryForgetAsync(isThere, cancellationToken).ConfigureAwait(false);
            if (problem is null || problem == told) told = problem ?? "";
            else log.CannotForget(told = problem);
            if (problem is not null) await Task.Delay(Limits.ForgetAgainAfter - Limits.ForgetAfter, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Forgets what waits. Null, or why it did not work: it waits on.</summary>
    /// <inheritdoc cref="RunAsync" path="/param"/>
    public async Task<string?> ForgetAsync(Func<PasteId, bool> isThere, CancellationToken cancellationToken)
    {
        string[] waiting;
        lock (_list) waiting = [.. _waiting];
        // One whose deletion is being made, or came to nothing, is no deleted one.
        PasteId[] ids = [.. waiting.Select(text => PasteId.TryParse(text, out var id) ? id : default).Where(id => id != default && !isThere(id)).Take(Limits.MaxErasedAtOnce)];
        while (ids.Length > 0)
        {
            switch (await EraseAsync(ids, cancellationToken).ConfigureAwait(false))
            {
                case EraseOutcome.Erased:
                    Remove(ids);
                    return null;
                // Another server, or the owner, was faster.
                case EraseOutcome.Unknown unknown:
                    var gone = ids.Where(id => unknown.Folders.Any(folder => Erasures.IsOf(folder, id))).ToArray();
                    Remove(gone);
                    ids = [.. ids.Except(gone)];
                    break;
                case EraseOutcome.Refused refused:
                    return $"the remote does not take a rewritten history: {refused.Reason}";
                case EraseOutcome.Away away:
                    return away.Reason;
                case EraseOutcome.Unavailable unavailable:
                    return unavailable.Reason;
            }
        }
        return null;
    }

    public void Dispose() => _turn.Dispose();

    private async Task<string?> TryForgetAsync(Func<PasteId, bool> isThere, CancellationToken cancellationToken)
    {
        try
        {
            return await ForgetAsync(isThere, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return e.Message;
        }
    }

    private void Remove(IEnumerable<PasteId> ids)
    {
        lock (_list)
        {
            _waiting.ExceptWith(ids.Select(id => id.ToString()));
            Write();
        }
    }

    private void Write()
    {
        if (folder is not null) PrivateFile.Write(Path.Combine(folder, FileName), string.Concat(_waiting.Select(id => id + "\n")));
    }

    private static HashSet<string> Read(string? folder)
    {
        var path = folder is null ? null : Path.Combine(folder, FileName);
        return path is null || !File.Exists(path) ? [] : File.ReadLines(path).Where(line => PasteId.TryParse(line, out _)).ToHashSet(StringComparer.Ordinal);
    }
}

/// <summary>What is logged of it.</summary>
internal static partial class EraserLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "what owners have deleted cannot be forgotten now, and waits: {Reason}")]
    public static partial void CannotForget(this ILogger log, string reason);
}
