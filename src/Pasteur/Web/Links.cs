using Pasteur.Pastes;

namespace Pasteur.Web;

/// <summary>Writes the addresses of the site.</summary>
internal sealed class Links(string basePath)
{
    public string Paste(string code) => $"{basePath}/{code}";

    public string Raw(string code) => $"{basePath}/raw/{code}";

    public string File(string code, string name) => $"{basePath}/{code}/{Uri.EscapeDataString(name)}";

    public string Revision(string code, int number) => $"{basePath}/{code}@{number}";

    public string Revisions(string code) => $"{basePath}/revisions/{code}";

    public string Edit(string code) => $"{basePath}/edit/{code}";

    public string Deletion(string code) => $"{basePath}/delete/{code}";

    public string Opening(string code) => $"{basePath}/open/{code}";

    public string Comparison(string code) => $"{basePath}/diff/{code}";

    public string Report(string code) => $"{basePath}/report/{code}";

    public string Archive(string code) => $"{basePath}/{code}.zip";

    /// <summary>What to work on before a paste.</summary>
    public string Challenge => $"{basePath}/api/v1/challenge";

    /// <summary>What programs do about it.</summary>
    public string WorkGuide => $"{basePath}/api#work";

    /// <summary>Where a paste is to be looked at by whoever just made it.</summary>
    public string Paste(PasteId id, bool lineNumbers, bool raw) => (raw, lineNumbers) switch
    {
        (true, _) => $"{basePath}/{id}?raw=true",
        (false, true) => $"{basePath}/{id}?ln=true",
        (false, false) => $"{basePath}/{id}",
    };

    /// <summary>An address for use elsewhere, by the name under which the client reached the site, or its proxy.</summary>
    public static string Absolute(HttpContext context, string path)
    {
        var request = context.Request;
        var host = request.Host.HasValue ? request.Host.ToUriComponent() : $"localhost:{context.Connection.LocalPort}";
        return $"{request.Scheme}://{host}{path}";
    }
}
