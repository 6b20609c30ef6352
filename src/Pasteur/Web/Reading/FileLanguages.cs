using Pasteur.Pastes;

namespace Pasteur.Web.Reading;

/// <summary>The languages of a paste's files.</summary>
/// <param name="said">What the author chose or the address names: of one file it decides, among several it is for those whose names say nothing.</param>
internal sealed class FileLanguages(Paste paste, Language? said)
{
    public bool AreAnyMarkdown => paste.Files.Any(IsMarkdown);

    /// <summary>Null when nothing is known.</summary>
    public Language? Of(PasteFile file)
    {
        if (!file.IsText) return null;
        // A name that the program gave says nothing.
        var named = file.Name == ShownNames.Unnamed ? null : Languages.OfFile(file.Name);
        return paste.Files.Count == 1 ? said ?? named : named ?? said;
    }

    public bool IsMarkdown(PasteFile file) => Of(file)?.Id == "markdown";
}
