using Pasteur.Configuration;

namespace Pasteur.Client;

/// <summary>Ends what it is given to when nothing moves for too long; every byte that does begins the wait anew.</summary>
internal sealed class Patience : IDisposable
{
    private readonly CancellationToken _outer;
    private readonly CancellationTokenSource _source;

    public Patience(CancellationToken cancellationToken)
    {
        _outer = cancellationToken;
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Renew();
    }

    public CancellationToken Token => _source.Token;

    /// <summary>It ended because nothing moved, and not because somebody asked for it.</summary>
    public bool IsOver => _source.IsCancellationRequested && !_outer.IsCancellationRequested;

    public void Renew() => _source.CancelAfter(Limits.ClientSilence);

    public void Dispose() => _source.Dispose();
}
