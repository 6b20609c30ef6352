using System.Buffers;

namespace Pasteur.Git.Protocol;

/// <summary>
/// What the server said on side-band 2: lines for the log. Progress repaints one line with carriage returns; only what
/// the line says in the end is kept. Lines beyond the limit are dropped, bytes without end are a violation.
/// </summary>
internal sealed class RemoteMessages(Func<string, string> conceal)
{
    private readonly List<string> _lines = [];
    private readonly ArrayBufferWriter<byte> _line = new();
    private bool _repaint;
    private long _bytes;

    /// <exception cref="ConversationException">The server talks without end.</exception>
    public void Add(ReadOnlySpan<byte> text)
    {
        _bytes += text.Length;
        if (_bytes > GitLimits.MaxRemoteMessagesBytes)
            throw ConversationException.Violation($"the remote sent more than {GitLimits.MaxRemoteMessagesBytes} bytes of messages");
        foreach (var b in text) Add(b);
    }

    public IReadOnlyList<string> Complete()
    {
        EndLine();
        return _lines;
    }

    private void Add(byte b)
    {
        if (b == '\n')
        {
            EndLine();
            return;
        }
        if (_repaint) _line.ResetWrittenCount();
        _repaint = b == '\r';
        if (!_repaint && _line.WrittenCount <= GitLimits.MaxRemoteMessageBytes) _line.Write([b]);
    }

    private void EndLine()
    {
        if (_line.WrittenCount > 0 && _lines.Count < GitLimits.MaxRemoteMessages) _lines.Add(conceal(RemoteText.Clean(_line.WrittenSpan)));
        _line.ResetWrittenCount();
        _repaint = false;
    }
}
