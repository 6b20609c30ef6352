namespace Pasteur.Git.Packs;

/// <summary>
/// How an entry's bytes are put in its zlib stream. Most entries (tree deltas, commits) are so small that starting zlib costs more
/// than it saves: they are stored blocks (RFC 1951 section 3.2.4).
/// </summary>
internal enum Packing
{
    Store,
    Deflate,
}
