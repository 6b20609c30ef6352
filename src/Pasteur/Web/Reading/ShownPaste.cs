using Pasteur.Pastes;
using Pasteur.Web.Answers;
using Pasteur.Web.Pages;
using Pasteur.Web.Wording;

namespace Pasteur.Web.Reading;

/// <summary>A paste, how its reader wants to see it, and in what frame.</summary>
internal sealed record ShownPaste(Paste Paste, AnswerKey Key, Frame Frame)
{
    public Words Words => Frame.Words;
}
