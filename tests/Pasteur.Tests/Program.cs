using Pasteur.Tests.Support;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Pasteur.Tests;

/// <summary>What xunit would generate, and before it: the same program stands in for a server that is killed.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args)
    {
        if (Environment.GetEnvironmentVariable(ChildProgram.Variable) is { } work) return ChildProgram.RunAsync(work);
        return args.Contains("--server") || args.Contains("--internal-msbuild-node")
            ? TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : ConsoleRunner.Run(args);
    }
}
