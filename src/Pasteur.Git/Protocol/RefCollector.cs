using System.Text;
using System.Text.Unicode;
using Pasteur.Git.Objects;
using Pasteur.Git.Refs;

namespace Pasteur.Git.Protocol;

/// <summary>Gathers the refs that a server lists, each name checked and their number bounded.</summary>
internal sealed class RefCollector
{
    private readonly Dictionary<string, ObjectId> _tips = new(StringComparer.Ordinal);
    private int _count;
    private int _nameBytes;

    public IReadOnlyDictionary<string, ObjectId> Tips => _tips;

    /// <exception cref="ConversationException">The name is not one that Git allows, or there are too many.</exception>
    public void Add(ObjectId id, ReadOnlySpan<byte> name)
    {
        Count();
        _nameBytes += name.Length;
        if (_nameBytes > GitLimits.MaxAdvertisedNameBytes)
            throw ConversationException.Violation($"the remote lists refs with names of more than {GitLimits.MaxAdvertisedNameBytes} bytes");
        // A name in another encoding is legal; none that we would ask for is written so.
        if (Utf8.IsValid(name)) _tips[CheckedName(name)] = id;
    }

    public void Count()
    {
        if (++_count > GitLimits.MaxAdvertisedRefs)
            throw ConversationException.Violation($"the remote lists more than {GitLimits.MaxAdvertisedRefs} refs");
    }

    /// <summary>A name that may become a file name here: HEAD, or what <c>git check-ref-format</c> allows.</summary>
    public static string CheckedName(ReadOnlySpan<byte> name)
    {
        var text = Encoding.UTF8.GetString(name);
        return text == "HEAD" || RefName.IsValid(text)
            ? text
            : throw ConversationException.Violation($"the remote lists a ref with the name \"{RemoteText.Clean(name)}\", which Git does not allow");
    }
}
