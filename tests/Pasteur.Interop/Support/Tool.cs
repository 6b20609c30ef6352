using System.Diagnostics;
using System.Text;

namespace Pasteur.Interop.Support;

/// <summary>A program of the machine, run to its end.</summary>
internal static class Tool
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public sealed record Result(int ExitCode, byte[] Output, string Errors)
    {
        public string Text => Encoding.UTF8.GetString(Output);
    }

    /// <summary>Runs it, feeds it <paramref name="input"/>, and answers what it said; a missing program fails the test.</summary>
    public static Task<Result> RunAsync(string name, string[] arguments, byte[]? input = null, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(name, arguments);
        foreach (var (variable, value) in environment) start.Environment[variable] = value;
        return RunAsync(start, input, s_patience);
    }

    /// <summary>One that takes its time.</summary>
    public static Task<Result> RunPatientlyAsync(string name, string[] arguments, TimeSpan time) => RunAsync(new ProcessStartInfo(name, arguments), null, time);

    private static async Task<Result> RunAsync(ProcessStartInfo start, byte[]? input, TimeSpan time)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        var name = start.FileName;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{name} did not start.");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(time);
        var errors = process.StandardError.ReadToEndAsync(patience.Token);
        using var output = new MemoryStream();
        var reading = process.StandardOutput.BaseStream.CopyToAsync(output, patience.Token);
        await process.StandardInput.BaseStream.WriteAsync(input ?? [], patience.Token);
        process.StandardInput.Close();
        await Task.WhenAll(reading, errors, process.WaitForExitAsync(patience.Token));
        return new Result(process.ExitCode, output.ToArray(), await errors);
    }
}
