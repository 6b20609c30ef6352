namespace Pasteur.Web.Pages;

/// <summary>The pages that explain the site.</summary>
/// <param name="Address">Where the reader reached it, with a slash at the end: examples are to be copied.</param>
public sealed record GuidePageModel(Frame Frame, string Address, string MaxSize)
{
    /// <summary>How long a paste is kept.</summary>
    public string Kept { get; init; } = "";

    /// <summary>Pastes that end are taken.</summary>
    public bool TakesEnding { get; init; } = true;

    /// <summary>The site asks for work before a paste.</summary>
    public bool AsksForWork { get; init; }

    // Not by Uri: the address holds the request's Host, and a host that a web server accepts (x:99999) need not be one of a URI.
    public bool IsHttps => Address.StartsWith(Uri.UriSchemeHttps + Uri.SchemeDelimiter, StringComparison.Ordinal);

    /// <summary>What pastebinit calls the site: no scheme, no slash at the end.</summary>
    public string BaseName => Address[(Address.IndexOf(Uri.SchemeDelimiter, StringComparison.Ordinal) + Uri.SchemeDelimiter.Length)..].TrimEnd('/');
}
