using System.Text;

namespace Pasteur.Boot;

/// <summary>
/// Splits text into words as the kernel splits its command line: at white space, but not between double quotes, which vanish where they stand
/// around a word or its value: <c>--title="My pastes" "--subtitle=for us"</c>.
/// </summary>
internal static class KernelWords
{
    public static IReadOnlyList<string> Split(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (isQuoted, isWord) = (false, false);
        foreach (var c in text)
        {
            if (c == '"')
            {
                (isQuoted, isWord) = (!isQuoted, true);
            }
            else if (char.IsWhiteSpace(c) && !isQuoted)
            {
                if (isWord) words.Add(word.ToString());
                word.Clear();
                isWord = false;
            }
            else
            {
                word.Append(c);
                isWord = true;
            }
        }
        if (isWord) words.Add(word.ToString());
        return words;
    }
}
