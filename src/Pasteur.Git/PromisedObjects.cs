using Pasteur.Git.Objects;

namespace Pasteur.Git;

/// <summary>
/// Objects that a remote has and that were fetched one by one, within a number of bytes: those that nobody asked for lately are dropped, and fetched again when somebody does.
/// Large files never drive out folders. Any thread.
/// </summary>
/// <param name="maxBytes">Of all; what comes with one fetch and is larger, a paste of many large files, is kept until the next comes.</param>
internal sealed class PromisedObjects(long maxBytes)
{
    private readonly ObjectCache _trees = new(maxBytes / 4, int.MaxValue);
    private readonly ObjectCache _files = new(maxBytes / 4, int.MaxValue);

    public long Bytes => _trees.Bytes + _files.Bytes;

    public bool TryGet(ObjectId id, out RawObject found)
    {
        // Whoever looks whether all of something is here finds it still when it reads it.
        var isTree = _trees.TryGet(id, out var content, turns: false);
        var isFound = isTree || _files.TryGet(id, out content, turns: false);
        found = new RawObject(isTree ? ObjectKind.Tree : ObjectKind.Blob, content);
        return isFound;
    }

    /// <summary>Commits and tags are not fetched so. <see cref="EndFetch"/> comes after the last of a fetch.</summary>
    public void Add(ObjectId id, RawObject content)
    {
        if (content.Kind is not (ObjectKind.Tree or ObjectKind.Blob)) return;
        var cache = content.Kind == ObjectKind.Tree ? _trees : _files;
        if (cache.Put(id, content.Bytes) >= GitLimits.MaxPromisedTogether) cache.Age();
    }

    public void EndFetch()
    {
        _trees.AgeIfFull();
        _files.AgeIfFull();
    }
}
