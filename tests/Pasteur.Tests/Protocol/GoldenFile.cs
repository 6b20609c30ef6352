namespace Pasteur.Tests.Protocol;

/// <summary>What stock git said, recorded by <c>Golden/make.sh</c>.</summary>
internal static class GoldenFile
{
    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Protocol", "Golden", name));
}
