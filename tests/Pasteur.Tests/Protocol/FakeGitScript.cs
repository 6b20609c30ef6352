using System.Collections.Immutable;
using System.Text;

namespace Pasteur.Tests.Protocol;

/// <summary>
/// One conversation as a server holds it, written in order: what it says, and what it expects to hear. A fault can take
/// the place of any step, so a test can misbehave between any two messages.
/// </summary>
internal sealed class FakeGitScript
{
    private readonly ImmutableList<Func<FakePeer, CancellationToken, Task>> _steps;

    private FakeGitScript(ImmutableList<Func<FakePeer, CancellationToken, Task>> steps) => _steps = steps;

    public static FakeGitScript Start { get; } = new([]);

    public int Steps => _steps.Count;

    public FakeGitScript Then(Func<FakePeer, CancellationToken, Task> step) => new(_steps.Add(step));

    public FakeGitScript Say(params byte[][] bytes) => Then((peer, ct) => peer.WriteAsync(bytes.SelectMany(b => b).ToArray(), ct));

    public FakeGitScript SayText(string raw) => Say(Encoding.UTF8.GetBytes(raw));

    /// <summary>Hears packets up to a flush and compares them; a delimiter is heard as <c>|</c>.</summary>
    public FakeGitScript Hear(params string[] lines) => Then(async (peer, ct) => Assert.Equal(lines, await peer.ReadMessageAsync(ct)));

    public FakeGitScript HearAnything() => Then(async (peer, ct) => await peer.ReadMessageAsync(ct));

    public FakeGitScript HearLine(string line) => Then(async (peer, ct) => Assert.Equal(line, await peer.ReadLineAsync(ct)));

    /// <summary>Hears exactly these bytes, unframed: a pushed pack.</summary>
    public FakeGitScript HearBytes(byte[] expected) => Then(async (peer, ct) => Assert.Equal(expected, await peer.ReadBytesAsync(expected.Length, ct)));

    /// <summary>Says nothing more and keeps the connection.</summary>
    public FakeGitScript Stall() => Then((_, ct) => Task.Delay(Timeout.Infinite, ct));

    public FakeGitScript Close() => Then((peer, _) => peer.CloseAsync());

    public FakeGitScript Reset() => Then(async (peer, _) => await peer.ResetAsync());

    /// <summary>Says the same again and again, for as long as anybody listens.</summary>
    public FakeGitScript Flood(byte[] bytes) => Then(async (peer, ct) =>
    {
        while (!ct.IsCancellationRequested) await peer.WriteAsync(bytes, ct);
    });

    /// <summary>The conversation up to step <paramref name="step"/>, then the fault.</summary>
    public FakeGitScript CutAt(int step, Func<FakeGitScript, FakeGitScript> fault) => fault(new(_steps.RemoveRange(step, _steps.Count - step)));

    public async Task RunAsync(FakePeer peer, CancellationToken ct)
    {
        foreach (var step in _steps) await step(peer, ct);
    }
}
