using Pasteur.Configuration;
using Pasteur.Pastes;
using Pasteur.Web.Negotiation;

namespace Pasteur.Web.Answers;

/// <summary>A way in which a paste can be shown.</summary>
internal enum View
{
    Page,
    NumberedPage,
    RenderedPage,
    Raw,
    File,
    Download,
    Zip,
    Tar,
}

/// <param name="Part">The file's name, or for pages the language asked for.</param>
/// <param name="Frame">For pages, the version of what is around them: each of the site's languages has its own.</param>
/// <param name="Blocked">The version of what is blocked: an answer may be withheld after it.</param>
internal readonly record struct AnswerKey(View View, string Code, string? Part, ContentCoding Coding, string? Frame, int Blocked);

/// <summary>The answers given lately.</summary>
internal sealed class AnswerCache
{
    private readonly HotCache<AnswerKey, PreparedAnswer> _hot = new(Limits.HotAnswerBytes);

    /// <summary>The answer, if the store still holds what it was made of.</summary>
    public PreparedAnswer? Find(in AnswerKey key, PasteStore pastes) =>
        _hot.TryGet(key, out var answer) && answer.Source is { } source && pastes.IsCurrent(source) ? answer : null;

    public void Keep(in AnswerKey key, PreparedAnswer answer) => _hot.Put(key, answer, answer.Bytes + Limits.HotAnswerOverheadBytes);
}
