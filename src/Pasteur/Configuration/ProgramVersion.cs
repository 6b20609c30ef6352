namespace Pasteur.Configuration;

/// <summary>The version as the build wrote it: "0.1.0", with the commit in brackets when it is known.</summary>
internal static partial class ProgramVersion
{
    private const int ShownCommitLength = 12;

    public static string Text { get; } = Describe(Informational);

    // The build joins version and commit as semantic versioning does: 0.1.0+HEX.
    private static string Describe(string version) => version.Split('+') is [var number, { Length: > ShownCommitLength } commit]
        ? $"{number} ({commit[..ShownCommitLength]})"
        : version;
}
