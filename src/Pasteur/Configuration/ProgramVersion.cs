using System.Reflection;

namespace Pasteur.Configuration;

/// <summary>The version as the build wrote it: "0.1.0", with the commit after a "+" when known.</summary>
internal static class ProgramVersion
{
    public static string Text { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
