using Microsoft.Extensions.Primitives;

namespace Pasteur.Web.Requests;

/// <summary>What a client wants to be told: a page for people, JSON for programs, a line of text for a shell.</summary>
internal enum AnswerForm
{
    Text,
    Json,
    Page,
}

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
                var range = NextItem(ref rest);
                if (Named(range.Name) is { } form && range.Weight > best.Weight) best = (form, range.Weight);
            }
        }
        return best.Form;
    }

    /// <summary>Takes one item of a comma-separated list with weights, as Accept and Accept-Encoding are.</summary>
    public static WeightedItem NextItem(ref ReadOnlySpan<char> list)
    {
        var comma = list.IndexOf(',');
        var item = comma < 0 ? list : list[..comma];
        list = comma < 0 ? [] : list[(comma + 1)..];

        var semicolon = item.IndexOf(';');
        if (semicolon < 0) return new WeightedItem(item.Trim(), 1);
        var weight = 1.0;
        foreach (var part in item[(semicolon + 1)..].Split(';'))
        {
            var parameter = item[(semicolon + 1)..][part].Trim();
            if (!parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)) continue;
            weight = double.TryParse(parameter[2..], System.Globalization.CultureInfo.InvariantCulture, out var q) && q is >= 0 and <= 1 ? q : 0;
        }
        return new WeightedItem(item[..semicolon].Trim(), weight);
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

    internal readonly ref struct WeightedItem(ReadOnlySpan<char> name, double weight)
    {
        public ReadOnlySpan<char> Name { get; } = name;

        public double Weight { get; } = weight;
    }
}
