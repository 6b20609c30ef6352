using Pasteur.Tests.Support;

namespace Pasteur.Interop.Refusals;

/// <summary>
/// Servers of one transport, and all the ways in which they refuse. Each is waited out for seconds, so all are tried at the same time,
/// a few at once; every row of the table asks for its own outcome.
/// </summary>
public abstract class RefusalTable : IAsyncLifetime
{
    private const int AtOnce = 8;

    private readonly SemaphoreSlim _few = new(AtOnce);
    private readonly Dictionary<string, Task> _outcomes = [];

    public async ValueTask InitializeAsync()
    {
        await StartServersAsync();
        foreach (var cause in Causes())
            _outcomes.Add(cause, Task.Run(() => TryAsync(cause)));
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_outcomes.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await StopServersAsync();
        _few.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends when it is known whether all was told, with what was not.</summary>
    public Task AssertIsToldAsync(string cause) => _outcomes[cause];

    protected abstract IEnumerable<string> Causes();

    protected abstract Task StartServersAsync();

    protected abstract Task StopServersAsync();

    /// <summary>Makes the remote that refuses so, and says how it is reached.</summary>
    private protected abstract Task<Refusal> PrepareAsync(string cause);

    private async Task TryAsync(string cause)
    {
        await _few.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            var refusal = await PrepareAsync(cause);
            using var site = new RefusedSite(refusal);
            if (cause == RepositoryRefusals.UnsoundObject)
                RepositoryRefusals.CommitLongAttributes(site.Data);
            await site.AssertAllIsToldAsync();
        }
        finally
        {
            _few.Release();
        }
    }
}
