using System.Net;
using System.Net.Sockets;

namespace Pasteur.Tests.Support;

/// <summary>Listens on this machine, and remembers whoever connects, as a service does that only the server can reach.</summary>
internal sealed class CanaryListener : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public CanaryListener() => _listener.Start(backlog: 512);

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>
    /// Whoever connected since the start or the last question. The kernel hands connections out in their order: once one of our own comes out that was
    /// begun last, all others have.
    /// </summary>
    /// <param name="grace">For what is done behind an answer.</param>
    public async Task<IReadOnlyList<IPEndPoint>> VisitorsAsync(TimeSpan grace, CancellationToken cancellationToken)
    {
        await Task.Delay(grace, cancellationToken);
        using var own = new TcpClient(AddressFamily.InterNetwork);
        await own.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
        var visitors = new List<IPEndPoint>();
        while (true)
        {
            using var visitor = await _listener.AcceptSocketAsync(cancellationToken);
            if (visitor.RemoteEndPoint!.Equals(own.Client.LocalEndPoint)) return visitors;
            visitors.Add((IPEndPoint)visitor.RemoteEndPoint);
        }
    }

    public void Dispose() => _listener.Dispose();
}
