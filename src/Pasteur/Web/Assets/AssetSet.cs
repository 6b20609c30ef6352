using System.Reflection;

namespace Pasteur.Web.Assets;

/// <summary>What pages load: embedded in the program by the build (web/build.mjs), named by a hash of the content, precompressed.</summary>
internal sealed class AssetSet
{
    private const string Prefix = "web/";

    private Table Known => field ??= Load();

    /// <param name="language">Of the words in the scripts.</param>
    public AssetPaths Paths(string basePath, string language)
    {
        return new AssetPaths(Of("style.css"), Of("form.js"), Of("seal.js"), Of("work.js"), Of("paste.js"), Of("sealed.js"), Of("owner.js"), Of("qr.js"), Of("icon.svg"));

        string Of(string name) => $"{basePath}/assets/{Known.HashedNames.GetValueOrDefault($"{language}/{name}") ?? Known.HashedNames[name]}";
    }

    /// <param name="hashedName">Comes from a request: a name that is not in the table is nothing, and no path is made of it.</param>
    public Asset? Find(string hashedName) => Known.Assets.GetValueOrDefault(hashedName);

    private static Table Load()
    {
        var hashedNames = new Dictionary<string, string>();
        var assets = new Dictionary<string, Asset>();
        foreach (var line in System.Text.Encoding.UTF8.GetString(Read("manifest.txt")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, hashed) = (line[..line.IndexOf(' ', StringComparison.Ordinal)], line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
            hashedNames.Add(name, hashed);
            assets.Add(hashed, new Asset(hashed, TypeOf(name), () => Read(hashed + ".br")));
        }
        return new Table(hashedNames, assets);
    }

    private static byte[] Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + name)
            ?? throw new InvalidOperationException($"The program was built without its asset {name}.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"No media type is known for assets that end in {other}."),
    };

    /// <summary>What the build says of them, read when the first is asked for.</summary>
    private sealed record Table(Dictionary<string, string> HashedNames, Dictionary<string, Asset> Assets);
}
