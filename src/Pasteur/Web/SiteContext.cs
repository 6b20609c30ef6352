using System.Diagnostics;
using System.Globalization;
using Pasteur.Configuration;
using Pasteur.Health;
using Pasteur.Limiting;
using Pasteur.Moderating;
using Pasteur.Pastes;
using Pasteur.Web.Answers;
using Pasteur.Web.Assets;
using Pasteur.Web.Errors;
using Pasteur.Web.Pages;
using Pasteur.Web.Requests;

namespace Pasteur.Web;

/// <summary>What the handlers share. Made once; none of it changes while the site runs.</summary>
internal sealed class SiteContext
{
    private readonly Shared _shared;

    /// <param name="lists">Null: there are none at start, and they are kept in memory.</param>
    public SiteContext(Settings settings, PasteStore pastes, SiteMetrics metrics, Moderation? lists = null)
        : this(settings, pastes, metrics, lists ?? new Moderation(null, TimeProvider.System), new ClientLimits(settings.Rates, TimeProvider.System))
    {
    }

    private SiteContext(Settings settings, PasteStore pastes, SiteMetrics metrics, Moderation lists, ClientLimits clients)
        : this(settings, new Shared(pastes, metrics, new AssetSet(), lists, clients, WorkOf(settings, pastes.Time), new IncomingReader(new FormRules(settings.MaxPasteBytes, settings.Expiry) { Time = pastes.Time }, new MemoryBudget(Limits.MaxBodyBytesInMemory(settings.MaxPasteBytes)), clients)))
    {
    }

    private SiteContext(Settings settings, Shared shared)
    {
        _shared = shared;
        Settings = settings;
        Links = new Links(settings.BasePath);
        Frames = new Frames(settings, Assets);
        Form = new FormPageMaker(Frames, settings);
        Errors = new ErrorAnswers(Frames, Form, Metrics);
    }

    public Settings Settings { get; }

    public PasteStore Pastes => _shared.Pastes;

    public SiteMetrics Metrics => _shared.Metrics;

    public AssetSet Assets => _shared.Assets;

    public Links Links { get; }

    public Frames Frames { get; }

    public Frame Frame => Frames.English;

    public FormPageMaker Form { get; }

    public ErrorAnswers Errors { get; }

    public Moderation Lists => _shared.Lists;

    public ClientLimits Clients => _shared.Clients;

    /// <summary>Null: nobody is asked for any.</summary>
    public ProofOfWork? Work => _shared.Work;

    public IncomingReader Incoming => _shared.Incoming;

    public AnswerCache Answers { get; } = new();

    /// <summary>The same pastes below another path: with other links, and so with pages of its own.</summary>
    public SiteContext Below(string basePath) => new(Settings with { BasePath = basePath }, _shared);

    /// <summary>
    /// The paste that an address names: ID, or ID@3 as it was at its third revision. Null when there is none that may be shown: what is blocked
    /// may have been pasted before, or pushed by somebody else.
    /// </summary>
    public async ValueTask<Paste?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var (code, revision) = Parts(name);
        var paste = AtRevision(await Pastes.FindAsync(code, cancellationToken).ConfigureAwait(false), revision);
        return paste is null || IsWithheld(paste) ? null : paste;
    }

    /// <summary>What is said when <see cref="FindAsync"/> finds nothing: why, where that is known.</summary>
    public ErrorKind Missing(string name)
    {
        var (code, revision) = Parts(name);
        return Pastes.FateOf(code) switch
        {
            PasteFate.Ended => ErrorKind.Gone,
            PasteFate.Read => ErrorKind.Burnt,
            PasteFate.Burns => Pastes.FindHere(code) is { } burning && IsWithheld(burning) ? ErrorKind.Withheld : ErrorKind.Burns,
            _ => AtRevision(Pastes.FindHere(code), revision) is { } paste && IsWithheld(paste) ? ErrorKind.Withheld : ErrorKind.NotFound,
        };
    }

    public bool IsWithheld(Paste paste) => paste.Files.Any(file => Lists.IsBlocked(file.Content));

    private Paste? AtRevision(Paste? paste, ReadOnlySpan<char> revision) =>
        paste is null || revision.IsEmpty ? paste
        : int.TryParse(revision[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Pastes.AtRevision(paste, number)
        : null;

    private static (string Code, string Revision) Parts(string name)
    {
        var at = name.IndexOf('@', StringComparison.Ordinal);
        return at < 0 ? (name, "") : (name[..at], name[at..]);
    }

    /// <summary>Stores a paste and counts it.</summary>
    public async ValueTask<CreateOutcome> StoreAsync(NewPaste paste, CancellationToken cancellationToken)
    {
        if (IsBlocked(paste)) return new CreateOutcome.Blocked();
        var started = Stopwatch.GetTimestamp();
        if (paste.Expires is null && LifeOf(paste) is { } life) paste = paste with { Expires = Expiry.After(Pastes.Time.GetUtcNow(), life) };
        var bytes = paste.Files.Sum(file => (long)file.Content.Length);
        var outcome = await Pastes.CreateAsync(paste, cancellationToken).ConfigureAwait(false);
        if (outcome is CreateOutcome.Created) Metrics.PasteCreated(bytes, Stopwatch.GetElapsedTime(started));
        return outcome;
    }

    /// <summary>Of one that says nothing of its end. What burns ends too, opened or not.</summary>
    private TimeSpan? LifeOf(NewPaste paste) => paste.Reads is not null ? Settings.Expiry.LifeOfBurning : paste.Stays ? null : Settings.Expiry.Default;

    public bool IsBlocked(NewPaste paste) => paste.Files.Any(file => Lists.IsBlocked(file.Content));

    // Whoever has the password is not anybody.
    private static ProofOfWork? WorkOf(Settings settings, TimeProvider time) => settings is { WorkBits: > 0, Auth: null } ? new ProofOfWork(settings.WorkBits, time) : null;

    /// <summary>What a site has once, below however many paths it is.</summary>
    private sealed record Shared(PasteStore Pastes, SiteMetrics Metrics, AssetSet Assets, Moderation Lists, ClientLimits Clients, ProofOfWork? Work, IncomingReader Incoming);
}
