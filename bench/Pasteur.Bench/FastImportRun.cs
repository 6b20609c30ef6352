using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Pasteur.Bench;

/// <summary>
/// The same commits through <c>git fast-import</c>. What it was given is durable once a <c>checkpoint</c> is done, which writes out
/// pack, index and ref, each synced (git-config, core.fsync; every component is asked for). A checkpoint for several commits is
/// what a group commit is; without any, nothing is durable until the end.
/// </summary>
internal sealed class FastImportRun : IDisposable
{
    private const int WithoutCheckpoint = 64;

    private readonly Process _git;
    private readonly Stream _input;
    private bool _hasParent;

    private FastImportRun(string folder)
    {
        _git = Process.Start(new ProcessStartInfo("git", ["-C", folder, "-c", "core.fsync=all", "fast-import", "--quiet"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("git did not start");
        _input = _git.StandardInput.BaseStream;
    }

    /// <param name="commitsPerCheckpoint">0 for none.</param>
    public static async Task<Figures> MeasureAsync(string folder, TimeSpan duration, int commitsPerCheckpoint)
    {
        using var import = new FastImportRun(folder);
        var latencies = new List<double>();
        var commits = 0;
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < duration)
        {
            var pastes = Enumerable.Range(0, commitsPerCheckpoint is 0 ? WithoutCheckpoint : commitsPerCheckpoint).Select(_ => Workload.NewPaste()).ToArray();
            var start = Stopwatch.GetTimestamp();
            await import.WriteAsync(pastes, isDurable: commitsPerCheckpoint > 0);
            latencies.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            commits += pastes.Length;
        }
        var elapsed = clock.Elapsed;
        await import.EndAsync();
        return Figures.Of(latencies, commits, elapsed);
    }

    public void Dispose() => _git.Dispose();

    /// <summary>Returns when git has said that it is done with all of them.</summary>
    private async Task WriteAsync(IEnumerable<Workload> pastes, bool isDurable)
    {
        foreach (var paste in pastes) Write(paste);
        if (isDurable) Write("checkpoint\n");
        Write("progress done\n");
        await _input.FlushAsync();
        if (await _git.StandardOutput.ReadLineAsync() is not "progress done") throw new InvalidOperationException("git fast-import has failed");
    }

    private async Task EndAsync()
    {
        _input.Close();
        await _git.WaitForExitAsync();
        if (_git.ExitCode != 0) throw new InvalidOperationException($"git fast-import ended with {_git.ExitCode}");
    }

    // git-fast-import, "commit", with the files inline.
    private void Write(Workload paste)
    {
        var seconds = Workload.When.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        Write($"commit refs/heads/{Workload.Branch}\ncommitter {Workload.AuthorName} <{Workload.AuthorEmail}> {seconds} +0000\n");
        Write($"data {paste.Message.Length}\n{paste.Message}\n");
        if (!_hasParent) Write($"from refs/heads/{Workload.Branch}^0\n");
        _hasParent = true;
        WriteFile(paste.TextPath, paste.Text);
        WriteFile(paste.JsonPath, paste.Json);
        Write("\n");
    }

    private void WriteFile(string path, byte[] content)
    {
        Write($"M 100644 inline {path}\ndata {content.Length}\n");
        _input.Write(content);
        Write("\n");
    }

    private void Write(string text) => _input.Write(Encoding.UTF8.GetBytes(text));
}
