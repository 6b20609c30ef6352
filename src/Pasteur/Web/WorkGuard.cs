using System.Globalization;
using Pasteur.Limiting;
using Pasteur.Web.Errors;
using Pasteur.Web.Wording;

namespace Pasteur.Web;

/// <summary>Takes the proof of work that comes with a new paste, where the site asks for one; before its body is read.</summary>
internal static class WorkGuard
{
    /// <summary>Of a request its proof; of an answer, what to work on: <c>TOKEN; bits=18</c>.</summary>
    public const string Header = "X-Challenge";

    /// <returns>The challenge, which the answer's header has too.</returns>
    public static string Ask(HttpContext context, ProofOfWork work)
    {
        var challenge = work.Ask();
        context.Response.Headers[Header] = string.Create(CultureInfo.InvariantCulture, $"{challenge}; bits={work.Bits}");
        return challenge;
    }

    /// <summary>Null when the paste may be made.</summary>
    public static SiteError? Refusal(HttpContext context, ProofOfWork work, Links links)
    {
        var given = context.Request.Headers[Header];
        var outcome = given is [{ } proof] ? work.Redeem(proof.Trim()) : (ProofOutcome?)null;
        if (outcome == ProofOutcome.Accepted) return null;
        Ask(context, work);
        var isMissing = given.Count == 0;
        var how = Links.Absolute(context, links.WorkGuide);
        return new SiteError(ErrorKind.WorkWanted) { Detail = words => $"{(isMissing ? words["refused.work.missing"] : Why(words, outcome))} {words.Fill("refused.work.how", ("address", how))}" };
    }

    private static string Why(Words words, ProofOutcome? outcome) => outcome switch
    {
        ProofOutcome.Late => words["refused.work.late"],
        ProofOutcome.Spent => words["refused.work.spent"],
        _ => words["refused.work.wrong"],
    };
}
