namespace Pasteur.Web.Pages;

/// <summary>The pages that explain the site.</summary>
/// <param name="Address">Where the reader reached it, with a slash at the end: examples are to be copied.</param>
public sealed record GuidePageModel(Frame Frame, string Address, string MaxSize)
{
    private readonly Uri _uri = new(Address);

    public bool IsHttps => _uri.Scheme == Uri.UriSchemeHttps;

    /// <summary>What pastebinit calls the site: no scheme, no slash at the end.</summary>
    public string BaseName => _uri.Authority + _uri.AbsolutePath.TrimEnd('/');
}
