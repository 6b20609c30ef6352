using Pasteur.Configuration;
using Pasteur.Pastes;
using Pasteur.Web.Answers;
using Pasteur.Web.Creating;
using Pasteur.Web.Errors;
using Pasteur.Web.Negotiation;
using Pasteur.Web.Pages;
using Pasteur.Web.Requests;

namespace Pasteur.Web.Reporting;

/// <summary>What visitors tell whoever runs the site about a paste. Who they are is not asked, nor written down.</summary>
internal sealed partial class ReportPaste(SiteContext site, ILogger log)
{
    /// <summary>GET /report/{id}: asks for the reason.</summary>
    public async Task GetAsync(HttpContext context)
    {
        if (await FindAsync(context).ConfigureAwait(false) is { } paste)
            await PageAnswer.WriteAsync(context, ReportPage.Create(ModelOf(paste, site.Frames.Of(context.Request)))).ConfigureAwait(false);
    }

    /// <summary>POST /report/{id}, with a field "reason".</summary>
    public async Task PostAsync(HttpContext context)
    {
        if (await SmallForm.ReadAsync(context).ConfigureAwait(false) is not { } form)
        {
            await site.Errors.AnswerAsync(context, ErrorKind.TooLarge).ConfigureAwait(false);
            return;
        }
        if (await FindAsync(context).ConfigureAwait(false) is not { } paste) return;
        if (CleanText.Line(form["reason"]) is not { } reason || reason.Length > Limits.MaxReportLength)
        {
            await site.Errors.AnswerAsync(context, new SiteError(ErrorKind.Malformed)
            {
                Detail = words => words.Fill("report.why-wanted", ("count", Limits.MaxReportLength.ToString(System.Globalization.CultureInfo.InvariantCulture))),
                Page = (frame, refusal) => ReportPage.Create(ModelOf(paste, frame, refusal, form["reason"])),
            }).ConfigureAwait(false);
            return;
        }
        try
        {
            // It waits for the disk.
            if (await Task.Run(() => site.Lists.AddReport(paste.Code, reason)).ConfigureAwait(false)) await ThankAsync(context, paste).ConfigureAwait(false);
            else await site.Errors.AnswerAsync(context, ErrorKind.Busy).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            LogFailure(e.Message);
            await site.Errors.AnswerAsync(context, ErrorKind.Unavailable).ConfigureAwait(false);
        }
    }

    private async ValueTask<Paste?> FindAsync(HttpContext context)
    {
        var code = (string)context.GetRouteValue("id")!;
        var paste = await site.Pastes.FindAnyAsync(code, context.RequestAborted).ConfigureAwait(false);
        if (paste is null) await site.Errors.AnswerAsync(context, site.Missing(code)).ConfigureAwait(false);
        return paste;
    }

    private Task ThankAsync(HttpContext context, Paste paste)
    {
        context.Response.Headers.CacheControl = CachePolicy.Never;
        if (AcceptHeader.Form(context.Request) != AnswerForm.Page) return CreatedAnswers.WriteLineAsync(context, Wording.Words.English["report.thanks"]);
        return PageAnswer.WriteUnkeptAsync(context, ReportPage.Create(ModelOf(paste, site.Frames.Of(context.Request), isDone: true)));
    }

    private ReportPageModel ModelOf(Paste paste, Frame frame, FormRefusal? refusal = null, string? reason = null, bool isDone = false) => new(frame, paste.Code)
    {
        Action = frame.Keep(site.Links.Report(paste.Code)),
        Paste = frame.Keep(site.Links.Paste(paste.Code)),
        MaxLength = Limits.MaxReportLength,
        Refusal = refusal,
        Reason = reason,
        IsDone = isDone,
    };

    [LoggerMessage(LogLevel.Error, "A report of a paste could not be kept: {Problem}")]
    private partial void LogFailure(string problem);
}
