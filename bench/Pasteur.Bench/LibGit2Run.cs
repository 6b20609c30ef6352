using System.Diagnostics;
using LibGit2Sharp;

namespace Pasteur.Bench;

/// <summary>
/// The same commits through LibGit2Sharp: blobs, trees and a commit as loose objects, then the branch. With
/// <c>core.fsyncObjectFiles</c> libgit2 syncs each object's file, the ref's file, and the folders that they are renamed into:
/// all that a power cut must not take. It has no way to share a sync among writers, so one writer is its best.
/// </summary>
internal static class LibGit2Run
{
    private const string DurableObjects = "core.fsyncObjectFiles";

    public static Figures Measure(string folder, TimeSpan duration)
    {
        using (var settings = new LibGit2Sharp.Repository(folder)) settings.Config.Set(DurableObjects, true);

        // libgit2 reads the setting when it opens the object database.
        using var repository = new LibGit2Sharp.Repository(folder);
        var branch = repository.Refs[$"refs/heads/{Workload.Branch}"];
        var tip = repository.Lookup<Commit>(branch.TargetIdentifier);
        var latencies = new List<double>();
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < duration)
        {
            var paste = Workload.NewPaste();
            var start = Stopwatch.GetTimestamp();
            tip = Add(repository, tip, paste);
            branch = repository.Refs.UpdateTarget(branch, tip.Id);
            latencies.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return Figures.Of(latencies, latencies.Count, clock.Elapsed);
    }

    private static Commit Add(LibGit2Sharp.Repository repository, Commit parent, Workload paste)
    {
        var objects = repository.ObjectDatabase;
        var definition = TreeDefinition.From(parent)
            .Add(paste.TextPath, objects.CreateBlob(new MemoryStream(paste.Text)), Mode.NonExecutableFile)
            .Add(paste.JsonPath, objects.CreateBlob(new MemoryStream(paste.Json)), Mode.NonExecutableFile);
        var author = new Signature(Workload.AuthorName, Workload.AuthorEmail, Workload.When);
        return objects.CreateCommit(author, author, paste.Message, objects.CreateTree(definition), [parent], prettifyMessage: false);
    }
}
