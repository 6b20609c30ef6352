using System.Text.Json;
using Pasteur.Web.Pages;
using Pasteur.Web.Wording;
using RazorSlices;

namespace Pasteur.Web.Errors;

/// <summary>What went wrong, and what there is to say of it beyond the usual.</summary>
internal sealed record SiteError(ErrorKind Kind)
{
    public Phrase? Detail { get; init; }

    /// <summary>When trying again makes sense; null: as for every one of its kind.</summary>
    public long? RetryAfterSeconds { get; init; }

    /// <summary>The page that browsers get in place of one that only says it.</summary>
    public Func<Frame, FormRefusal, RazorSlice>? Page { get; init; }

    /// <summary>More members of problem details (RFC 9457 section 3.2).</summary>
    public Action<Utf8JsonWriter>? Members { get; init; }
}
