using System.Text;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Protocol;

// gitprotocol-pack, "Report Status".
//
//   "unpack" SP ( "ok" | error )
//   1*( "ok" SP name | "ng" SP name SP reason )
//   flush
//
// Lines of other kinds are left to later versions of Git. A ref counts as moved by its own "ok" alone.
internal sealed class ReportStatus
{
    private readonly Dictionary<string, string?> _answers = new(StringComparer.Ordinal);
    private string? _unpack;
    private int _lines;

    public static async ValueTask<ReportStatus> ReadAsync(PktLineReader reader, CancellationToken ct)
    {
        var report = new ReportStatus();
        while (!report.Accept(await reader.ReadTextAsync(ct).ConfigureAwait(false), reader.Line))
        {
        }
        return report;
    }

    /// <summary>Takes one packet; true after the last.</summary>
    public bool Accept(PktKind kind, ReadOnlySpan<byte> line)
    {
        if (kind == PktKind.Flush) return true;
        if (kind != PktKind.Data || ++_lines > GitLimits.MaxReportLines) throw ConversationException.Violation("the remote's report on our push is not one");
        if (line.StartsWith("unpack "u8)) _unpack ??= RemoteText.Clean(line["unpack ".Length..]);
        else if (line.StartsWith("ok "u8)) Answer(line["ok ".Length..], null);
        else if (line.StartsWith("ng "u8)) AnswerNo(line["ng ".Length..]);
        return false;
    }

    /// <summary>What the report means for what we sent. Not all answered, or answered both ways: undecided.</summary>
    public PushOutcome Judge(IReadOnlyList<RefUpdate> updates, IReadOnlyList<string> messages)
    {
        if (_unpack is null) return new PushOutcome.Undecided("the remote's report does not say whether it took the pack");
        if (_unpack != "ok") return new PushOutcome.Rejected(Rejection.OfUnpack(_unpack), $"the remote could not take the pack: {_unpack}", [], messages);
        var accepted = new List<string>();
        string? refusal = null;
        foreach (var update in updates)
        {
            if (!_answers.TryGetValue(update.Name, out var reason)) return new PushOutcome.Undecided($"the remote's report does not mention {update.Name}");
            if (reason is null) accepted.Add(update.Name);
            else refusal ??= reason;
        }
        return refusal is null ? new PushOutcome.Accepted(messages) : new PushOutcome.Rejected(Rejection.OfRef(refusal), refusal, accepted, messages);
    }

    private void AnswerNo(ReadOnlySpan<byte> rest)
    {
        var space = rest.IndexOf((byte)' ');
        if (space < 0) Answer(rest, "no reason given");
        else Answer(rest[..space], RemoteText.Clean(rest[(space + 1)..]));
    }

    private void Answer(ReadOnlySpan<byte> name, string? reason)
    {
        var text = Encoding.UTF8.GetString(name);
        if (!_answers.TryAdd(text, reason) && _answers[text] != reason)
            throw ConversationException.Violation($"the remote's report answers twice for {RemoteText.Clean(name)}");
    }
}
