using Pasteur.Health;
using Pasteur.Web.Admin;
using Pasteur.Web.Api;
using Pasteur.Web.Assets;
using Pasteur.Web.Creating;
using Pasteur.Web.Haste;
using Pasteur.Web.Opening;
using Pasteur.Web.Owning;
using Pasteur.Web.Reading;
using Pasteur.Web.Reporting;
using Pasteur.Web.Revisions;

namespace Pasteur.Web;

/// <summary>Where everything is. A path with a fixed word wins over a paste's id, and no id is such a word.</summary>
internal static class Routes
{
    private static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head];
    private static readonly string[] Post = [HttpMethods.Post];
    private static readonly string[] Put = [HttpMethods.Put];
    private static readonly string[] Delete = [HttpMethods.Delete];

    public static void Map(IEndpointRouteBuilder root, SiteContext site, HealthEndpoints health)
    {
        var created = new CreatedAnswers(site);
        var create = new CreatePaste(site, created);
        var raw = new ServeRaw(site);
        var paste = new ShowPaste(site, raw, new ServeArchive(site), new AskToOpen(site));
        var form = new ShowForm(site);
        var guide = new ShowGuide(site);
        var haste = new HasteDocuments(site);
        var api = new PastesApi(site, created);
        var changed = new ChangeAnswers(site);
        var deletion = new DeletePaste(site, changed);
        var edit = new EditPaste(site, changed, deletion);
        var open = new OpenPaste(site, edit);
        var revisions = new ShowRevisions(site);
        var challenge = new ServeChallenge(site);
        var openApi = new ServeOpenApi(site);
        var asset = new ServeAsset(site);
        var report = new ReportPaste(site, root.ServiceProvider.GetRequiredService<ILogger<ReportPaste>>());
        var admin = new AdminPages(site);
        var routes = root.MapGroup(site.Settings.BasePath);

        // people
        routes.MapMethods("/", Read, form.GetAsync);
        routes.MapMethods("/about", Read, guide.GetAboutAsync);
        routes.MapMethods("/api", Read, guide.GetApiAsync);
        routes.MapMethods("/{id}", Read, paste.GetAsync).WithMetadata(new PasteReading("page"));
        routes.MapMethods("/{id}/{file}", Read, raw.GetFileAsync).WithMetadata(new PasteReading("file"));
        routes.MapMethods("/raw/{id}", Read, raw.GetAsync).WithMetadata(new PasteReading("raw"));
        routes.MapMethods("/assets/{name}", Read, asset.GetAsync);
        routes.MapMethods("/assets/{folder}/{name}", Read, asset.GetAsync);
        routes.MapMethods("/robots.txt", Read, Robots.GetAsync);

        // forms, curl, pastebinit
        routes.MapMethods("/", Post, create.PostAsync).WithMetadata(new MakesPaste());
        routes.MapMethods("/api/create", Post, create.PostPastebinitAsync).WithMetadata(new MakesPaste());
        routes.MapMethods("/", Put, create.PutAsync).WithMetadata(new MakesPaste());
        routes.MapMethods("/{name}", Put, create.PutAsync).WithMetadata(new MakesPaste());

        // owners
        routes.MapMethods("/edit/{id}", Read, edit.GetAsync);
        routes.MapMethods("/edit/{id}", Post, edit.PostAsync);
        routes.MapMethods("/delete/{id}", Read, deletion.GetAsync);
        routes.MapMethods("/delete/{id}", Post, deletion.PostAsync);
        routes.MapMethods("/{id}", Post, open.PostAsync);
        routes.MapMethods("/{id}", Delete, deletion.DeleteAsync);
        routes.MapMethods("/revisions/{id}", Read, revisions.GetAsync);
        routes.MapMethods("/diff/{id}", Read, revisions.GetComparisonAsync);

        // what burns
        routes.MapMethods("/open/{id}", Read, open.GetAsync);
        routes.MapMethods("/open/{id}", Post, open.PostFormAsync).WithMetadata(new PasteReading("opened"));

        // against abuse
        routes.MapMethods("/report/{id}", Read, report.GetAsync);
        routes.MapMethods("/report/{id}", Post, report.PostAsync).WithMetadata(new BesideRepository());
        routes.MapMethods("/admin", Read, admin.GetAsync).WithMetadata(new ForAdministrator());
        routes.MapMethods("/admin", Post, admin.PostAsync).WithMetadata(new ForAdministrator(), new BesideRepository());

        // haste
        routes.MapMethods("/documents", Post, haste.PostAsync).WithMetadata(new MakesPaste());
        routes.MapMethods("/documents/{id}", Read, haste.GetAsync).WithMetadata(new PasteReading("haste"));

        // JSON
        routes.MapMethods("/api/v1/pastes", Post, api.PostAsync).WithMetadata(new MakesPaste());
        routes.MapMethods("/api/v1/pastes/{id}", Read, api.GetAsync).WithMetadata(new PasteReading("json"));
        routes.MapMethods("/api/v1/pastes/{id}", Put, edit.PutJsonAsync);
        routes.MapMethods("/api/v1/pastes/{id}", Delete, deletion.DeleteJsonAsync);
        routes.MapMethods("/api/v1/pastes/{id}/open", Post, open.PostJsonAsync).WithMetadata(new PasteReading("opened"));
        routes.MapMethods("/api/v1/pastes/{id}/revisions", Read, revisions.GetJsonAsync);
        routes.MapMethods("/api/v1/challenge", Read, challenge.GetAsync);
        routes.MapMethods("/openapi.json", Read, openApi.GetAsync);

        // monitors; those of the machine itself ask at the root whatever the base path, and have no password
        routes.MapMethods("/metrics", Read, health.Metrics);
        foreach (var at in new[] { root, routes }.Take(site.Settings.BasePath.Length > 0 ? 2 : 1))
        {
            at.MapMethods("/healthz", Read, health.Healthz).WithMetadata(new OpenToAll());
            at.MapMethods("/readyz", Read, health.Readyz).WithMetadata(new OpenToAll());
        }
    }
}
