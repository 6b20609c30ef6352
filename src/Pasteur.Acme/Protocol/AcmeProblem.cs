using System.Text;
using System.Text.Json;

namespace Pasteur.Acme;

/// <summary>Why an authority says no (RFC 8555, section 6.7; RFC 9457).</summary>
/// <param name="Type">"urn:ietf:params:acme:error:…", or another URI, or "about:blank".</param>
/// <param name="Detail">The server's words, on one line and shortened; may be empty.</param>
/// <param name="Status">The HTTP status that it came with; 0 when it is part of a document.</param>
/// <param name="Subject">The identifier that it is about; null when it names none.</param>
public sealed record AcmeProblem(string Type, string Detail, int Status, string? Subject)
{
    private const string Prefix = "urn:ietf:params:acme:error:";

    /// <summary>What follows the usual prefix, such as "rateLimited"; the whole type when it is of another kind.</summary>
    public string Name => Type.StartsWith(Prefix, StringComparison.Ordinal) ? Type[Prefix.Length..] : Type;

    public bool Is(string name) => Type.Length == Prefix.Length + name.Length && Type.EndsWith(name, StringComparison.Ordinal) && Type.StartsWith(Prefix, StringComparison.Ordinal);

    public override string ToString() => $"{(Subject is null ? "" : $"{Subject}: ")}{(Detail.Length > 0 ? $"{Detail} " : "")}({Name}{(Status > 0 ? $", {Status}" : "")})";

    /// <summary>Of a body that may be anything.</summary>
    internal static AcmeProblem Read(ReadOnlyMemory<byte> body, int status)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = AcmeLimits.MaxJsonDepth });
            return Of(document.RootElement, status);
        }
        catch (JsonException)
        {
            return new AcmeProblem("about:blank", "", status, null);
        }
    }

    /// <summary>Of an object in a document. A compound problem is told by its first part (RFC 8555, section 6.7.1).</summary>
    internal static AcmeProblem Of(JsonElement problem, int status)
    {
        if (problem.ValueKind != JsonValueKind.Object)
            return new AcmeProblem("about:blank", "", status, null);
        var told = new AcmeProblem(OneLine(problem.Text("type") ?? "about:blank"), OneLine(problem.Text("detail") ?? ""), status, SubjectOf(problem));
        if (!problem.TryGetProperty("subproblems", out var parts) || parts.ValueKind != JsonValueKind.Array)
            return told;
        var first = parts.EnumerateArray().FirstOrDefault();
        if (first.ValueKind != JsonValueKind.Object)
            return told;
        var part = Of(first, 0);
        return told with { Subject = told.Subject ?? part.Subject, Detail = OneLine($"{told.Detail} {part.Detail}".Trim()) };
    }

    private static string? SubjectOf(JsonElement problem) =>
        problem.TryGetProperty("identifier", out var identifier) && identifier.ValueKind == JsonValueKind.Object && identifier.Text("value") is { } value ? OneLine(value) : null;

    private static string OneLine(string text)
    {
        var line = new StringBuilder(Math.Min(text.Length, AcmeLimits.MaxDetailLength));
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, AcmeLimits.MaxDetailLength)))
            line.Append(char.IsControl(c) ? ' ' : c);
        return line.ToString();
    }
}
