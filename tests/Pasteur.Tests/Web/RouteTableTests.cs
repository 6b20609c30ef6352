using Microsoft.AspNetCore.Http;
using Pasteur.Web;

namespace Pasteur.Tests.Web;

public class RouteTableTests
{
    [Theory]
    [InlineData("GET", "/", "form")]
    [InlineData("GET", "", "form")]
    [InlineData("GET", "/about", "about")]
    [InlineData("get", "/ABOUT/", "about")]
    [InlineData("GET", "/abou", "paste abou")]
    [InlineData("GET", "/x/", "paste x")]
    [InlineData("POST", "/about", "open about")]
    [InlineData("GET", "/raw", "paste raw")]
    [InlineData("GET", "/raw/x", "raw x")]
    [InlineData("GET", "/x/a%2Fb c", "file x a%2Fb c")]
    [InlineData("PUT", "/raw", "405 GET, HEAD, POST")]
    [InlineData("DELETE", "/", "405 GET, HEAD")]
    [InlineData("GET", "//", "404")]
    [InlineData("GET", "//x", "404")]
    [InlineData("GET", "/x//", "404")]
    [InlineData("GET", "/x//y", "404")]
    [InlineData("GET", "/a/b/c", "404")]
    public async Task A_path_leads_to(string method, string path, string expected)
    {
        var found = "";
        var table = new RouteTable();
        Map("/", "form", "GET", "HEAD");
        Map("/about", "about", "GET", "HEAD");
        Map("/{id}", "paste", "GET", "HEAD");
        Map("/{id}", "open", "POST");
        Map("/{id}/{file}", "file", "GET");
        Map("/raw/{id}", "raw", "GET");
        var context = new DefaultHttpContext { Request = { Method = method, Path = path } };

        table.Choose(context);
        await RouteTable.AnswerAsync(context);

        Assert.Equal(expected, context.Response.StatusCode switch
        {
            StatusCodes.Status200OK => found,
            StatusCodes.Status405MethodNotAllowed => $"405 {context.Response.Headers.Allow}",
            var status => $"{status}",
        });

        void Map(string pattern, string name, params string[] methods) => table.Map(pattern, methods, request =>
        {
            found = string.Join(' ', request.Request.RouteValues.Select(value => value.Value).Prepend(name));
            return Task.CompletedTask;
        });
    }
}
