using System.Globalization;
using Pasteur.Configuration;
using Pasteur.Pastes;
using Pasteur.Web.Wording;

namespace Pasteur.Web.Pages;

/// <summary>Says what stands on the page with the form.</summary>
internal sealed class FormPageMaker(Frames frames, Settings settings)
{
    public static readonly LanguageOption[] LanguageOptions = [.. Languages.All.Select(language => new LanguageOption(
        language.Id, language.Label, language.Extension, string.Join(' ', language.Aliases.Prepend(language.Extension)), language.IsHighlighted))];

    private const string Never = "never";

    private static readonly TimeSpan[] Offered = [TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(7), TimeSpan.FromDays(30), TimeSpan.FromDays(365)];

    private static readonly int[] OfferedReads = [1, 2, 3, 5, 10];

    private string Default => settings.Expiry.Default is { } life ? Quantity.FormatDuration(life) : Never;

    /// <summary>Of a paste that is there already: as long as now, or from now on.</summary>
    /// <param name="paste">Null: it is not known.</param>
    /// <param name="now">By the clock that says when pastes end.</param>
    public List<LifetimeOption> LifetimesOf(Words words, Paste? paste, string? said, DateTimeOffset now)
    {
        var most = settings.Expiry.Max is { } max ? max - (now - (paste?.Created ?? now)) : (TimeSpan?)null;
        var options = Lifetimes(words, said, most);
        if (paste is { Expires: null }) options.RemoveAll(option => option.Value == Never);
        var same = paste?.Expires is { } end ? $"{words["paste.expires"]} {words.Time(end)}" : words["form.expires-never"];
        options.Insert(0, new LifetimeOption("", paste is null ? words["edit.expires-same"] : words.Fill("edit.expires-now", ("end", same))));
        return options;
    }

    private List<LifetimeOption> Lifetimes(Words words, string? said, TimeSpan? most)
    {
        var lives = Offered.Where(life => settings.Expiry.IsTaken && !(life > most));
        if (settings.Expiry.Default is { } usual && !(usual > most)) lives = lives.Append(usual);
        if (settings.Expiry.Max is { } longest && !(longest > most)) lives = lives.Append(longest);
        List<LifetimeOption> options = settings.Expiry.Max is null ? [new LifetimeOption(Never, words["form.expires-never"])] : [];
        options.AddRange(lives.Distinct().Order().Select(life => new LifetimeOption(Quantity.FormatDuration(life), words.Duration(life))));
        // What was said in an address or by another program's form is not lost when the form is shown again.
        if (said is not null && !options.Exists(option => option.Value == said)) options.Add(new LifetimeOption(said, said));
        return options;
    }

    private List<LifetimeOption> Readings(Words words, string? said)
    {
        if (!settings.Expiry.IsTaken) return [];
        List<LifetimeOption> options = [.. OfferedReads.Select(count => new LifetimeOption(
            count.ToString(CultureInfo.InvariantCulture), $"{words.Count("form.reads-count", count)} ({words.Fill("form.reads-within", ("time", words.Duration(settings.Expiry.MaxOfBurning)))})"))];
        if (said is not null && !options.Exists(option => option.Value == said)) options.Add(new LifetimeOption(said, said));
        return options;
    }

    public FormPageModel Make(HttpContext context, FormDraft draft, FormRefusal? refusal = null)
    {
        var frame = frames.Of(context.Request);
        return new FormPageModel(frame, Links.Absolute(context, frame.BasePath + "/"))
        {
            MaxBytes = settings.MaxPasteBytes,
            IsReadOnly = settings.IsReadOnly,
            Challenge = settings is { WorkBits: > 0, Auth: null } ? new Links(frame.BasePath).Challenge : null,
            MaxSize = frame.Words.Size(settings.MaxPasteBytes),
            MaxAuthorLength = Limits.MaxAuthorLength,
            MaxCommentLength = Limits.MaxCommentLength,
            Languages = LanguageOptions,
            Lifetimes = Lifetimes(frame.Words, draft.Expires, settings.Expiry.Max),
            Readings = Readings(frame.Words, draft.Reads),
            Lifetime = draft.Expires ?? Default,
            Draft = draft,
            Refusal = refusal,
        };
    }
}
