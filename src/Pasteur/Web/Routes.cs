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

    public static RouteTable Map(SiteContext site, HealthEndpoints health, ILoggerFactory logs)
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
        var report = new ReportPaste(site, logs.CreateLogger(nameof(ReportPaste)));
        var admin = new AdminPages(site);
        var routes = new RouteTable();
        var at = site.Settings.BasePath;

        // people
        routes.Map(at + "/", Read, form.GetAsync);
        routes.Map(at + "/about", Read, guide.GetAboutAsync);
        routes.Map(at + "/api", Read, guide.GetApiAsync);
        routes.Map(at + "/{id}", Read, paste.GetAsync, new PasteReading("page"));
        routes.Map(at + "/{id}/{file}", Read, raw.GetFileAsync, new PasteReading("file"));
        routes.Map(at + "/raw/{id}", Read, raw.GetAsync, new PasteReading("raw"));
        routes.Map(at + "/assets/{name}", Read, asset.GetAsync);
        routes.Map(at + "/assets/{folder}/{name}", Read, asset.GetAsync);
        routes.Map(at + "/robots.txt", Read, Robots.GetAsync);

        // forms, curl, pastebinit
        routes.Map(at + "/", Post, create.PostAsync, new MakesPaste());
        routes.Map(at + "/api/create", Post, create.PostPastebinitAsync, new MakesPaste());
        routes.Map(at + "/", Put, create.PutAsync, new MakesPaste());
        routes.Map(at + "/{name}", Put, create.PutAsync, new MakesPaste());

        // owners
        routes.Map(at + "/edit/{id}", Read, edit.GetAsync);
        routes.Map(at + "/edit/{id}", Post, edit.PostAsync);
        routes.Map(at + "/delete/{id}", Read, deletion.GetAsync);
        routes.Map(at + "/delete/{id}", Post, deletion.PostAsync);
        routes.Map(at + "/{id}", Post, open.PostAsync);
        routes.Map(at + "/{id}", Delete, deletion.DeleteAsync);
        routes.Map(at + "/revisions/{id}", Read, revisions.GetAsync);
        routes.Map(at + "/diff/{id}", Read, revisions.GetComparisonAsync);

        // what burns
        routes.Map(at + "/open/{id}", Read, open.GetAsync);
        routes.Map(at + "/open/{id}", Post, open.PostFormAsync, new PasteReading("opened"));

        // against abuse
        routes.Map(at + "/report/{id}", Read, report.GetAsync);
        routes.Map(at + "/report/{id}", Post, report.PostAsync, new BesideRepository());
        routes.Map(at + "/admin", Read, admin.GetAsync, new ForAdministrator());
        routes.Map(at + "/admin", Post, admin.PostAsync, new ForAdministrator(), new BesideRepository());

        // haste
        routes.Map(at + "/documents", Post, haste.PostAsync, new MakesPaste());
        routes.Map(at + "/documents/{id}", Read, haste.GetAsync, new PasteReading("haste"));

        // JSON
        routes.Map(at + "/api/v1/pastes", Post, api.PostAsync, new MakesPaste());
        routes.Map(at + "/api/v1/pastes/{id}", Read, api.GetAsync, new PasteReading("json"));
        routes.Map(at + "/api/v1/pastes/{id}", Put, edit.PutJsonAsync);
        routes.Map(at + "/api/v1/pastes/{id}", Delete, deletion.DeleteJsonAsync);
        routes.Map(at + "/api/v1/pastes/{id}/open", Post, open.PostJsonAsync, new PasteReading("opened"));
        routes.Map(at + "/api/v1/pastes/{id}/revisions", Read, revisions.GetJsonAsync);
        routes.Map(at + "/api/v1/challenge", Read, challenge.GetAsync);
        routes.Map(at + "/openapi.json", Read, openApi.GetAsync);

        // monitors; those of the machine itself ask at the root whatever the base path, and have no password
        routes.Map(at + "/metrics", Read, health.Metrics);
        foreach (var root in new[] { "", at }.Distinct())
        {
            routes.Map(root + "/healthz", Read, health.Healthz, new OpenToAll());
            routes.Map(root + "/readyz", Read, health.Readyz, new OpenToAll());
        }
        return routes;
    }
}
