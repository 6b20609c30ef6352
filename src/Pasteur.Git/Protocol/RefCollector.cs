using System.Text;
using System.Text.Unicode;
using Pasteur.Git.Objects;

namespace Pasteur.Git.Protocol;

/// <summary>Gathers the refs that a server lists, each name checked and their number bounded.</summary>
internal sealed class RefCollector
{
    private readonly Dictionary<string, ObjectId> _tips = new(StringComparer.Ordinal);
    private int _count;

    public IReadOnlyDictionary<string, ObjectId> Tips => _tips;

    /// <exception cref="ConversationException">The name is not one that Git allows, or there are too many.</exception>
    public void Add(ObjectId id, ReadOnlySpan<byte> name)
    {
        Count();
        if (!WireRefName.IsValid(name)) throw ConversationException.Violation($"the remote lists a ref with the name \"{RemoteText.Clean(name)}\", which Git does not allow");
        // A name in another encoding is legal; none that we would ask for is written so.
        if (Utf8.IsValid(name)) _tips[Encoding.UTF8.GetString(name)] = id;
    }

    public void Count()
    {
        if (++_count > GitLimits.MaxAdvertisedRefs)
            throw ConversationException.Violation($"the remote lists more than {GitLimits.MaxAdvertisedRefs} refs");
    }
}
