using System.Diagnostics;
using System.Text;

namespace Pasteur.Tests.Support;

/// <summary>The machine's own git: the oracle of these tests. It reads no configuration but the repository's.</summary>
internal static class StockGit
{
    public sealed record Result(int ExitCode, byte[] Output, string Errors)
    {
        public string Text => Encoding.UTF8.GetString(Output);
    }

    /// <summary>Runs git, which must succeed, and returns its output without the last line end.</summary>
    public static string Run(string folder, params string[] arguments) => Encoding.UTF8.GetString(RunWithInput(folder, default, arguments)).TrimEnd('\n');

    public static byte[] RunWithInput(string folder, ReadOnlyMemory<byte> input, params string[] arguments)
    {
        var result = Try(folder, input, arguments);
        Assert.True(result.ExitCode == 0, $"git {string.Join(' ', arguments)} ended with {result.ExitCode}: {result.Errors}{result.Text}");
        return result.Output;
    }

    public static Result Try(string folder, ReadOnlyMemory<byte> input, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["LC_ALL"] = "C";
        foreach (var who in (string[])["AUTHOR", "COMMITTER"])
        {
            start.Environment[$"GIT_{who}_NAME"] = "Tess Ter";
            start.Environment[$"GIT_{who}_EMAIL"] = "tess@example.org";
            start.Environment[$"GIT_{who}_DATE"] = "1700000000 +0130";
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var feeding = Task.Run(() => Feed(process, input));
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        feeding.Wait();
        return new Result(process.ExitCode, output.ToArray(), errors.Result);
    }

    /// <summary>A copy of a folder as it is at this moment, hard links and holes kept.</summary>
    public static void Copy(string folder, string copy)
    {
        using var process = Process.Start("cp", ["-a", "--sparse=always", folder, copy]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private static void Feed(Process process, ReadOnlyMemory<byte> input)
    {
        try
        {
            process.StandardInput.BaseStream.Write(input.Span);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // git refused before it read everything; its exit code tells.
            Debug.Assert(process.WaitForExit(10_000), "git closed its input and went on.");
        }
    }
}
