using System.Buffers;

namespace Pasteur.Git.Protocol;

/// <summary>Whether a ref name from a server is one that Git allows (git-check-ref-format): it may become a file name.</summary>
internal static class WireRefName
{
    // Control characters, space, and the signs that have a meaning in revisions or file name patterns.
    private static readonly SearchValues<byte> Forbidden =
        SearchValues.Create([.. Enumerable.Range(0, 33).Select(b => (byte)b), .. "\u007f~^:?*[\\"u8]);

    public static bool IsValid(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("HEAD"u8)) return true;
        if (!name.StartsWith("refs/"u8) || name.Length > GitLimits.MaxRefNameBytes) return false;
        if (name[^1] is (byte)'.' || name.IndexOf(".."u8) >= 0 || name.IndexOf("@{"u8) >= 0) return false;
        if (name.ContainsAny(Forbidden)) return false;
        foreach (var range in name.Split((byte)'/'))
        {
            var part = name[range];
            if (part.IsEmpty || part[0] == '.' || part.EndsWith(".lock"u8)) return false;
        }
        return true;
    }
}
