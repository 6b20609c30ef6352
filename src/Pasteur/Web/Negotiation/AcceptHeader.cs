using Microsoft.Extensions.Primitives;

namespace Pasteur.Web.Negotiation;

/// <summary>Reads the Accept header (RFC 9110 section 12.5.1).</summary>
internal static class AcceptHeader
{
    /// <summary>
    /// The form that the client names with the greatest weight, the first of equals. Wildcards name none: curl and paste clients
    /// send <c>*/*</c> and want a line.
    /// </summary>
    public static AnswerForm Form(HttpRequest request)
    {
        var header = request.Headers.Accept;
        return header.Count == 0 || (header.Count == 1 && header[0] == "*/*") ? AnswerForm.Text : Form(header);
    }

    public static AnswerForm Form(StringValues accept)
    {
        var best = (Form: AnswerForm.Text, Weight: 0.0);
        foreach (var line in accept)
        {
            var rest = line.AsSpan();
            while (!rest.IsEmpty)
            {
                var range = WeightedItem.Next(ref rest);
                if (Named(range.Name) is { } form && range.Weight > best.Weight) best = (form, range.Weight);
            }
        }
        return best.Form;
    }

    private static AnswerForm? Named(ReadOnlySpan<char> mediaRange)
    {
        if (mediaRange.Equals("text/html", StringComparison.OrdinalIgnoreCase)) return AnswerForm.Page;
        if (mediaRange.Equals("application/xhtml+xml", StringComparison.OrdinalIgnoreCase)) return AnswerForm.Page;
        if (mediaRange.Equals("application/json", StringComparison.OrdinalIgnoreCase)) return AnswerForm.Json;
        if (mediaRange.Equals("application/problem+json", StringComparison.OrdinalIgnoreCase)) return AnswerForm.Json;
        if (mediaRange.Equals("text/plain", StringComparison.OrdinalIgnoreCase)) return AnswerForm.Text;
        return null;
    }
}
