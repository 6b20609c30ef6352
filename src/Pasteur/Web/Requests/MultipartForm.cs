using Pasteur.Configuration;

namespace Pasteur.Web.Requests;

/// <summary>
/// Reads a multipart/form-data body (RFC 7578, RFC 2046 section 5.1):
/// <code>
/// --boundary CRLF
/// Content-Disposition: form-data; name="…"; filename="…" CRLF
/// other headers CRLF                                              judged by nothing here
/// CRLF
/// the bytes of the field
/// CRLF --boundary CRLF            the next part, or
/// CRLF --boundary-- …             the end
/// </code>
/// The form's values are slices of the body: no byte of a file is copied or changed.
/// </summary>
internal static class MultipartForm
{
    private const int LongestBoundary = 70;

    private static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    /// <summary>The boundary in a Content-Type header; null when the type is no multipart/form-data or has none that is allowed.</summary>
    public static string? Boundary(string? contentType)
    {
        if (!System.Net.Http.Headers.MediaTypeHeaderValue.TryParse(contentType, out var type)) return null;
        if (!string.Equals(type.MediaType, "multipart/form-data", StringComparison.OrdinalIgnoreCase)) return null;
        var boundary = type.Parameters.FirstOrDefault(p => p.Name.Equals("boundary", StringComparison.OrdinalIgnoreCase))?.Value?.Trim('"');
        return boundary is { Length: > 0 and <= LongestBoundary } && boundary.All(c => c is >= ' ' and < '\x7F') ? boundary : null;
    }

    public static void Read(Memory<byte> body, string boundary, PasteForm form)
    {
        var delimiter = System.Text.Encoding.ASCII.GetBytes($"\r\n--{boundary}");
        if (!body.Span.StartsWith(delimiter.AsSpan(LineEnd.Length)))
        {
            form.Refuse(words => words["refused.boundary"]);
            return;
        }
        body = body[(delimiter.Length - LineEnd.Length)..];
        // A value that is refused is no reason to stop: the form is shown again with all that was in it.
        for (var parts = 0; !body.Span.StartsWith("--"u8); parts++)
        {
            if (parts == Limits.MaxFormFields) form.Refuse(PasteForm.TooManyFields);
            if (parts == Limits.MaxFormFields || !TryReadPart(ref body, delimiter, form)) return;
        }
    }

    /// <summary>Reads the part after a delimiter; what comes after the next one is left. False when the body is torn there.</summary>
    private static bool TryReadPart(ref Memory<byte> body, byte[] delimiter, PasteForm form)
    {
        var header = PartHeader.Read(body.Span, out var headerLength);
        if (header is null)
        {
            form.Refuse(words => words["refused.part"]);
            return false;
        }
        var content = body[headerLength..];
        var length = content.Span.IndexOf(delimiter);
        if (length < 0)
        {
            form.Refuse(words => words["refused.torn"]);
            return false;
        }
        var value = content[..length];
        if (header.FileName is not null) form.AddFile(header.Name, header.FileName, value);
        else form.AddField(header.Name, value);
        body = content[(length + delimiter.Length)..];
        return true;
    }
}
