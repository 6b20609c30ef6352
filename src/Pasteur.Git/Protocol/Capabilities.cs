using System.Text;

namespace Pasteur.Git.Protocol;

/// <summary>What a server says that it can do (gitprotocol-capabilities; gitprotocol-v2, "Capability Advertisement"). Unknown ones are ignored.</summary>
internal sealed class Capabilities
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private int _count;

    private static ReadOnlySpan<byte> HeadPrefix => "symref=HEAD:"u8;

    /// <summary>The branch that HEAD names, from <c>symref=HEAD:refs/heads/main</c>.</summary>
    public string? HeadTarget { get; private set; }

    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>Whether the value of <paramref name="name"/> lists <paramref name="feature"/>: <c>fetch=shallow wait-for-done</c>.</summary>
    public bool Has(string name, string feature) =>
        _values.TryGetValue(name, out var value) && value.Split(' ').Contains(feature, StringComparer.Ordinal);

    /// <summary>The list behind the NUL of the first line of a v0 advertisement.</summary>
    public void AddList(ReadOnlySpan<byte> list)
    {
        foreach (var range in list.Split((byte)' '))
            if (!list[range].IsEmpty) Add(list[range]);
    }

    /// <summary><c>name</c> or <c>name=value</c>. Of a name said twice the first value counts (<c>object-format</c>: the one in use).</summary>
    public void Add(ReadOnlySpan<byte> capability)
    {
        if (++_count > GitLimits.MaxCapabilities)
            throw ConversationException.Violation($"the remote advertises more than {GitLimits.MaxCapabilities} capabilities");
        var text = Encoding.UTF8.GetString(capability);
        var (name, value) = text.IndexOf('=') is >= 0 and var equals ? (text[..equals], text[(equals + 1)..]) : (text, "");
        if (capability.StartsWith(HeadPrefix)) HeadTarget ??= RefCollector.CheckedName(capability[HeadPrefix.Length..]);
        if (_values.TryAdd(name, value) && name == "object-format") RequireSha1(value);
    }

    private static void RequireSha1(string format)
    {
        if (format != "sha1")
            throw ConversationException.Violation($"the remote repository has the object format {RemoteText.Clean(format)}; only sha1 is supported");
    }
}
