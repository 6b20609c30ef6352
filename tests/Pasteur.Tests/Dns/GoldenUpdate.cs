using Pasteur.Dns;

namespace Pasteur.Tests.Dns;

/// <summary>A request that stock nsupdate made, and what stock named said to it: Golden/updates.</summary>
internal sealed record GoldenUpdate(string Case, string KeyText, byte[] Request, byte[] Response)
{
    /// <summary>When they were made, by the server's clock.</summary>
    public static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1795718458);

    public static IReadOnlyList<GoldenUpdate> All { get; } =
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Dns", "Golden", "updates")).Where(line => line[0] != '#').Select(line => line.Split(' '))
            .Select(parts => new GoldenUpdate(parts[0], parts[1], Convert.FromHexString(parts[2]), Convert.FromHexString(parts[3])))];

    public TsigKey Key => TsigKey.Read(KeyText, out _)!;

    public static GoldenUpdate Of(string @case) => All.First(update => update.Case == @case);
}
