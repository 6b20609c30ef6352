namespace Pasteur.Envelopes;

/// <summary>
/// What can be seen of an encrypted paste without its key (docs/formats/envelope.md):
/// <code>
/// magic:8 version:1 …      magic = "PstrEnv" LF
/// </code>
/// The site keeps these bytes and never opens them.
/// </summary>
internal static class EnvelopeMark
{
    public const int Version = 1;

    /// <summary>Its name in the repository.</summary>
    public const string FileName = "paste.pasteur";

    /// <summary>How forms and JSON name the version.</summary>
    public static ReadOnlySpan<byte> VersionWord => "v1"u8;

    public static ReadOnlySpan<byte> Magic => "PstrEnv\n"u8;

    public static bool Is(ReadOnlySpan<byte> content) => content.StartsWith(Magic);

    public static bool IsKnown(ReadOnlySpan<byte> envelope) => VersionOf(envelope) == Version;

    /// <summary>The version of an envelope, which may be newer than this program or cut off; null when it is no envelope.</summary>
    public static int? VersionOf(ReadOnlySpan<byte> content) => !Is(content) ? null : content.Length > Magic.Length ? content[Magic.Length] : 0;
}
