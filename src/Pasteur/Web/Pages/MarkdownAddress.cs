namespace Pasteur.Web.Pages;

/// <summary>Where links and pictures in a pasted Markdown text may lead: to the web, by mail, and to the files of the same paste.</summary>
/// <param name="linkOf">The address of a file of the paste by its name; null when there is none.</param>
/// <param name="pictureOf">The same for files that are pictures.</param>
internal sealed class MarkdownAddress(Func<string, string?> linkOf, Func<string, string?> pictureOf)
{
    private static readonly string[] Schemes = ["https://", "http://", "mailto:"];

    /// <summary>The address to link to; null when the text is to stand without a link.</summary>
    public string? OfLink(string? written)
    {
        if (written is null) return null;
        return Schemes.Any(scheme => written.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) ? written : linkOf(FileName(written));
    }

    public string? OfPicture(string? written) => written is null ? null : pictureOf(FileName(written));

    private static string FileName(string written)
    {
        var name = written.StartsWith("./", StringComparison.Ordinal) ? written[2..] : written;
        return Uri.UnescapeDataString(name);
    }
}
