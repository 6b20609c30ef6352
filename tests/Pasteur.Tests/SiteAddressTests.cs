namespace Pasteur.Tests;

public sealed class SiteAddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080", null, false, "", "http://127.0.0.1:8080/")]
    [InlineData("http://127.0.0.1:80", null, false, "", "http://127.0.0.1/")]
    [InlineData("http://0.0.0.0:8080", null, false, "/p", "http://localhost:8080/p/")]
    [InlineData("http://[::]:8080", null, false, "", "http://localhost:8080/")]
    [InlineData("http://[::1]:8080", null, false, "", "http://[::1]:8080/")]
    [InlineData("[fe80::1]:80", null, false, "", "http://[fe80::1]/")]
    [InlineData("10.0.0.3:8443", null, true, "", "https://10.0.0.3:8443/")]
    [InlineData("https://[::]:443", "paste.example.org", true, "", "https://paste.example.org/")]
    [InlineData("https://[::]:8443", "paste.example.org", true, "/p", "https://paste.example.org:8443/p/")]
    [InlineData(null, null, false, "", "http://localhost/")]
    [InlineData(null, "paste.example.org", true, "/p", "https://paste.example.org/p/")]
    public void It_is_what_a_browser_takes(string? listening, string? name, bool isTls, string basePath, string expected)
    {
        var address = SiteAddress.Of(listening, name, isTls, basePath);

        Assert.Equal(expected, address.ToString());
        Assert.Equal(new Uri(expected).Port, address.Port);
        Assert.Equal(new Uri(expected).GetLeftPart(UriPartial.Authority), address.Origin);
    }
}
