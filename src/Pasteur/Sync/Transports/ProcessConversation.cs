using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Pasteur.Configuration;
using Pasteur.Git.Protocol;

namespace Pasteur.Sync.Transports;

/// <summary>A conversation with a child process. Its pipes cannot be read with a time limit, so it is ended to wake who reads.</summary>
internal sealed class ProcessConversation : DuplexConversation
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    public ProcessConversation(Process process)
        : base(process.StandardOutput.BaseStream, process.StandardInput.BaseStream)
    {
        _process = process;
        _errors = ReadErrorsAsync(process.StandardError);
    }

    public override async ValueTask<string?> ReadLastWordsAsync()
    {
        if (await Task.WhenAny(_errors, Task.Delay(Limits.ProcessExitGrace)) != _errors)
            return null;
        var words = await _errors;
        return words.Length > 0 ? words : null;
    }

    public override void Abort() => Kill();

    public override async ValueTask DisposeAsync()
    {
        await _process.StandardInput.BaseStream.DisposeAsync();
        using (var grace = new CancellationTokenSource(Limits.ProcessExitGrace))
        {
            try
            {
                await _process.WaitForExitAsync(grace.Token);
            }
            catch (OperationCanceledException)
            {
                Kill();
            }
        }
        await base.DisposeAsync();
        _process.Dispose();
    }

    private void Kill()
    {
        try
        {
            if (!_process.HasExited)
                _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is Win32Exception or AggregateException)
        {
            // A hook may have started something that is not ours to end. This runs on a timer's thread, which nobody catches for.
        }
    }

    // Read to the end, or the process would block on a full pipe; the beginning says what is wrong.
    private static async Task<string> ReadErrorsAsync(StreamReader errors)
    {
        var words = new StringBuilder();
        var buffer = new char[1024];
        while (await errors.ReadAsync(buffer) is > 0 and var count)
            words.Append(buffer, 0, Math.Min(count, Limits.MaxProcessErrorChars - words.Length));
        return string.Join(' ', words.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }
}
