using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Health;
using Pasteur.Pastes;
using Pasteur.Web;

namespace Pasteur.Tests.Web;

public class RoutesTests
{
    [Fact]
    public async Task The_API_document_and_the_route_table_name_the_same_routes()
    {
        await using var site = await TestSite.StartAsync();
        using var document = JsonDocument.Parse(await site.GetTextAsync("/openapi.json"));

        var described = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject(), (path, method) => $"{method.Name.ToUpperInvariant()} {path.Name}");

        Assert.Equal((await RoutesAsync()).Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_reference_in_the_API_document_leads_somewhere()
    {
        await using var site = await TestSite.StartAsync();
        var text = await site.GetTextAsync("/openapi.json");
        using var document = JsonDocument.Parse(text);

        var references = text.Split("\"$ref\": \"#/").Skip(1).Select(part => part[..part.IndexOf('"')]).Distinct().ToList();

        Assert.NotEmpty(references);
        foreach (var reference in references)
        {
            var element = document.RootElement;
            foreach (var name in reference.Split('/')) element = element.GetProperty(name);
        }
    }

    [Fact]
    public async Task No_id_can_be_a_word_of_a_route()
    {
        var words = (await RoutesAsync()).Select(route => route.Split(' ')[1].Split('/')[1]).Where(word => !word.Contains('{') && word.Length > 0).Distinct();

        Assert.All(words, word => Assert.False(PasteId.TryParse(word, out _), word));
    }

    /// <summary>"GET /raw/{id}" for each route. HEAD goes with GET and is not listed.</summary>
    internal static async Task<List<string>> RoutesAsync()
    {
        await using var repository = await Repository.OpenAsync(new RepositoryOptions(), TestSite.Token);
        var settings = Assert.IsType<Invocation.Serve>(new CommandLine().Read(["--no-data"], _ => null)).Settings;
        var monitor = new HealthMonitor(() => new StoreStatus(true, null, 0, 0, 0, null), hasRemote: false);
        var metrics = new SiteMetrics(monitor);
        var site = new SiteContext(settings, PasteStore.Open(repository, new PasteStoreOptions { Branch = "main", IdLength = 10 }), metrics);
        return [.. Routes.Map(site, new HealthEndpoints(monitor, metrics), NullLoggerFactory.Instance).All
            .SelectMany(route => route.Methods, (route, method) => $"{method} {route.Pattern}")
            .Where(route => !route.StartsWith("HEAD ", StringComparison.Ordinal))];
    }
}
