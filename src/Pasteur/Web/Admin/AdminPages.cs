using Pasteur.Administering;
using Pasteur.Web.Answers;
using Pasteur.Web.Errors;
using Pasteur.Web.Pages;
using Pasteur.Web.Requests;

namespace Pasteur.Web.Admin;

/// <summary>/admin: what <c>pasteur admin</c> does, for whoever has the token. Without a token in the settings there is no such page.</summary>
internal sealed class AdminPages(SiteContext site)
{
    private readonly AdminSession _session = new(TimeProvider.System);
    private readonly Administrator _administrator = new(site.Pastes, site.Lists);

    private string Path => site.Settings.BasePath + "/admin";

    public Task GetAsync(HttpContext context) => site.Settings.AdminToken is null
        ? site.Errors.AnswerAsync(context, ErrorKind.NotFound)
        : WriteAsync(context, _session.ProofOf(context.Request), null);

    public async Task PostAsync(HttpContext context)
    {
        if (site.Settings.AdminToken is not { } token)
        {
            await site.Errors.AnswerAsync(context, ErrorKind.NotFound).ConfigureAwait(false);
            return;
        }
        if (await SmallForm.ReadAsync(context).ConfigureAwait(false) is not { } form)
        {
            await site.Errors.AnswerAsync(context, ErrorKind.TooLarge).ConfigureAwait(false);
            return;
        }
        if (_session.ProofOf(context.Request) is not { } proof)
        {
            await EnterAsync(context, token.Match(form["token"])).ConfigureAwait(false);
            return;
        }
        if (!AdminSession.IsSame(form["proof"], proof))
        {
            await site.Errors.AnswerAsync(context, ErrorKind.CrossSite).ConfigureAwait(false);
            return;
        }
        if (form["leave"].Length > 0)
        {
            AdminSession.End(context, Path);
            await SeeAsync(context).ConfigureAwait(false);
            return;
        }
        var words = form["command"].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        await WriteAsync(context, proof, await _administrator.DoAsync(words, context.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private Task EnterAsync(HttpContext context, bool isRight)
    {
        if (!isRight)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return WriteAsync(context, null, new AdminAnswer(false, site.Frames.Of(context.Request).Words["admin.wrong"]));
        }
        _session.Begin(context, Path);
        return SeeAsync(context);
    }

    private Task SeeAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = Path;
        context.Response.Headers.CacheControl = CachePolicy.Never;
        return Task.CompletedTask;
    }

    private async Task WriteAsync(HttpContext context, string? proof, AdminAnswer? answer)
    {
        var frame = site.Frames.Of(context.Request);
        var model = proof is null ? new AdminPageModel(frame, Path) { Said = answer?.Text, HasFailed = answer is { IsDone: false } } : new AdminPageModel(frame, Path)
        {
            Proof = proof,
            Said = answer?.Text,
            HasFailed = answer is { IsDone: false },
            Reports = [.. site.Lists.Reports.Select(report => new AdminReportModel(report.Code, site.Links.Paste(report.Code), frame.Words.Time(report.Time), report.Reason))],
            Blocked = (await _administrator.DoAsync(["blocked"], context.RequestAborted).ConfigureAwait(false)).Text,
            Bans = (await _administrator.DoAsync(["bans"], context.RequestAborted).ConfigureAwait(false)).Text,
        };
        await PageAnswer.WriteUnkeptAsync(context, AdminPage.Create(model)).ConfigureAwait(false);
    }
}
