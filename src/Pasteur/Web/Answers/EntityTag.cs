using Microsoft.Extensions.Primitives;
using Pasteur.Web.Negotiation;

namespace Pasteur.Web.Answers;

/// <summary>Strong entity tags (RFC 9110 section 8.8.3): equal tags mean equal bytes on the wire, so each coding has its own.</summary>
internal static class EntityTag
{
    public static string Of(string tag, ContentCoding coding) => coding switch
    {
        ContentCoding.None => $"\"{tag}\"",
        ContentCoding.Gzip => $"\"{tag}-gz\"",
        ContentCoding.Brotli => $"\"{tag}-br\"",
    };

    /// <summary>Whether the client already has what it asks for (RFC 9110 section 13.1.2: compared weakly).</summary>
    public static bool IsKnown(StringValues ifNoneMatch, string entityTag)
    {
        foreach (var line in ifNoneMatch)
        {
            var rest = line.AsSpan();
            while (!rest.IsEmpty)
            {
                var comma = rest.IndexOf(',');
                var item = (comma < 0 ? rest : rest[..comma]).Trim();
                rest = comma < 0 ? [] : rest[(comma + 1)..];
                if (item.StartsWith("W/", StringComparison.Ordinal)) item = item[2..];
                if (item.SequenceEqual(entityTag) || item is "*") return true;
            }
        }
        return false;
    }
}
