using System.Text;
using Pasteur.Configuration;

namespace Pasteur.Web.Requests;

/// <summary>The fields of a form that is no paste: application/x-www-form-urlencoded, and short.</summary>
internal sealed class SmallForm
{
    private static readonly MemoryBudget Budget = new(Limits.MaxSmallFormsInMemory);

    private readonly List<KeyValuePair<string, string>> _fields = [];

    /// <summary>The first field of that name; empty when there is none.</summary>
    public string this[string name] => _fields.Find(field => field.Key == name).Value ?? "";

    /// <returns>Null when it is too long, came too slowly, or there are too many at once.</returns>
    public static async ValueTask<SmallForm?> ReadAsync(HttpContext context)
    {
        if (await ReadBytesAsync(context).ConfigureAwait(false) is not { } bytes) return null;
        var form = new SmallForm();
        var rest = bytes.AsMemory();
        while (!rest.IsEmpty && form._fields.Count < Limits.MaxFormFields)
        {
            var end = rest.Span.IndexOf((byte)'&');
            var field = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            var equals = field.Span.IndexOf((byte)'=');
            if (equals > 0) form._fields.Add(new KeyValuePair<string, string>(Decode(field[..equals]), Decode(field[(equals + 1)..])));
        }
        return form;
    }

    /// <summary>A body as short, in whatever notation; null as above.</summary>
    public static async ValueTask<byte[]?> ReadBytesAsync(HttpContext context)
    {
        if (await RequestBody.ReadAsync(context, Limits.MaxSmallFormBytes, Budget).ConfigureAwait(false) is not BodyOutcome.Whole { Body: var body }) return null;
        using (body) return body.Bytes.ToArray();
    }

    private static string Decode(Memory<byte> text) => Encoding.UTF8.GetString(text.Span[..UrlEncodedForm.Decode(text.Span)]);
}
