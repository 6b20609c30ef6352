using Pasteur.Web.Negotiation;
using Pasteur.Web.Requests;

namespace Pasteur.Web.Creating;

/// <summary>The ways to paste by form and by bare body.</summary>
internal sealed class CreatePaste(SiteContext site, CreatedAnswers answers)
{
    /// <summary>POST /</summary>
    public async Task PostAsync(HttpContext context) =>
        await answers.StoreAsync(context, await site.Incoming.ReadAsync(context).ConfigureAwait(false)).ConfigureAwait(false);

    /// <summary>PUT / and PUT /{name}: what <c>curl -T</c> does.</summary>
    public async Task PutAsync(HttpContext context)
    {
        var name = context.GetRouteValue("name") as string;
        await answers.StoreAsync(context, await site.Incoming.ReadBareAsync(context, name).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>POST /api/create: pastebinit follows a redirect to learn the address, whatever it says that it accepts.</summary>
    public async Task PostPastebinitAsync(HttpContext context)
    {
        var incoming = await site.Incoming.ReadAsync(context).ConfigureAwait(false);
        await answers.StoreAsync(context, incoming, AnswerForm.Page).ConfigureAwait(false);
    }
}
