namespace Pasteur.Web.Negotiation;

/// <summary>Reads the Accept-Encoding header.</summary>
internal static class AcceptEncodingHeader
{
    /// <summary>Brotli before gzip before nothing, of what the client takes: bytes on the wire are what is short.</summary>
    public static ContentCoding Best(HttpRequest request)
    {
        var best = ContentCoding.None;
        foreach (var line in request.Headers.AcceptEncoding)
        {
            var rest = line.AsSpan();
            while (!rest.IsEmpty)
            {
                var item = WeightedItem.Next(ref rest);
                if (item.Weight > 0 && Named(item.Name) is var coding && coding > best) best = coding;
            }
        }
        return best;
    }

    private static ContentCoding Named(ReadOnlySpan<char> name)
    {
        if (name.Equals("br", StringComparison.OrdinalIgnoreCase)) return ContentCoding.Brotli;
        return name.Equals("gzip", StringComparison.OrdinalIgnoreCase) ? ContentCoding.Gzip : ContentCoding.None;
    }
}
