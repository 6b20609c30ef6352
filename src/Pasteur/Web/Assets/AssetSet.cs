using System.Reflection;

namespace Pasteur.Web.Assets;

/// <summary>What pages load: embedded in the program by the build (web/build.mjs), named by a hash of the content, precompressed.</summary>
internal sealed class AssetSet
{
    private const string Prefix = "web/";

    private readonly Dictionary<string, string> _hashedNames;
    private readonly Dictionary<string, Asset> _assets;

    private AssetSet(Dictionary<string, string> hashedNames, Dictionary<string, Asset> assets)
    {
        _hashedNames = hashedNames;
        _assets = assets;
    }

    public static AssetSet Load()
    {
        var hashedNames = new Dictionary<string, string>();
        var assets = new Dictionary<string, Asset>();
        foreach (var line in System.Text.Encoding.UTF8.GetString(Read("manifest.txt")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, hashed) = (line[..line.IndexOf(' ', StringComparison.Ordinal)], line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
            hashedNames.Add(name, hashed);
            assets.Add(hashed, new Asset(hashed, TypeOf(name), () => Read(hashed + ".br")));
        }
        return new AssetSet(hashedNames, assets);
    }

    /// <param name="language">Of the words in the scripts.</param>
    public AssetPaths Paths(string basePath, string language)
    {
        return new AssetPaths(Of("style.css"), Of("form.js"), Of("seal.js"), Of("work.js"), Of("paste.js"), Of("sealed.js"), Of("owner.js"), Of("qr.js"), Of("icon.svg"));

        string Of(string name) => $"{basePath}/assets/{_hashedNames.GetValueOrDefault($"{language}/{name}") ?? _hashedNames[name]}";
    }

    /// <param name="hashedName">Comes from a request: a name that is not in the table is nothing, and no path is made of it.</param>
    public Asset? Find(string hashedName) => _assets.GetValueOrDefault(hashedName);

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
}
