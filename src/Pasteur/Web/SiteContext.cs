using System.Diagnostics;
using Pasteur.Configuration;
using Pasteur.Health;
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
    public SiteContext(Settings settings, PasteStore pastes, SiteMetrics metrics)
    {
        Settings = settings;
        Pastes = pastes;
        Metrics = metrics;
        Assets = AssetSet.Load();
        Links = new Links(settings.BasePath);
        Frames = new Frames(settings, Assets);
        Form = new FormPageMaker(Frames, settings.MaxPasteBytes);
        Errors = new ErrorAnswers(Frames, Form, metrics);
        Incoming = new IncomingReader(settings.MaxPasteBytes, new MemoryBudget(Limits.MaxBodyBytesInMemory(settings.MaxPasteBytes)));
    }

    public Settings Settings { get; }

    public PasteStore Pastes { get; }

    public SiteMetrics Metrics { get; }

    public AssetSet Assets { get; }

    public Links Links { get; }

    public Frames Frames { get; }

    public Frame Frame => Frames.English;

    public FormPageMaker Form { get; }

    public ErrorAnswers Errors { get; }

    public IncomingReader Incoming { get; }

    public AnswerCache Answers { get; } = new();

    /// <summary>Stores a paste and counts it.</summary>
    public async ValueTask<CreateOutcome> StoreAsync(NewPaste paste, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var bytes = paste.Files.Sum(file => (long)file.Content.Length);
        var outcome = await Pastes.CreateAsync(paste, cancellationToken).ConfigureAwait(false);
        if (outcome is CreateOutcome.Created) Metrics.PasteCreated(bytes, Stopwatch.GetElapsedTime(started));
        return outcome;
    }
}
