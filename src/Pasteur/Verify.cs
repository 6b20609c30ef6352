using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Git.Fsck;

namespace Pasteur;

/// <summary>`pasteur fsck`: reads all that is stored and compares it with every checksum and link. It changes nothing.</summary>
internal static class Verify
{
    /// <exception cref="StartFailedException">There is no repository, or a running program holds it.</exception>
    public static int Run(string dataFolder, TextWriter output)
    {
        if (!Directory.Exists(dataFolder))
            throw new StartFailedException(ExitCodes.DataFolderUnusable, $"there is no data folder {dataFolder}; give --data FOLDER");
        using var folder = DataFolder.Open(dataFolder);
        var damages = 0;
        var summary = Check(folder.RepositoryPath, finding =>
        {
            damages += finding.IsDamage ? 1 : 0;
            output.WriteLine(finding);
        });
        output.WriteLine($"Looked at {summary.Packs} packs with {summary.PackedObjects} objects, {summary.LooseObjects} loose objects, "
            + $"{summary.JournalObjects} objects in journals and {summary.Refs} refs, which reach {summary.ReachableObjects} objects.");
        output.WriteLine(damages == 0 ? "All is well." : $"Damaged: {damages}.");
        return damages == 0 ? ExitCodes.Ok : ExitCodes.DataDamaged;
    }

    private static FsckSummary Check(string repository, Action<FsckFinding> report)
    {
        try
        {
            return RepositoryFsck.Run(repository, report, CancellationToken.None);
        }
        catch (GitDataException e)
        {
            throw new StartFailedException(ExitCodes.DataDamaged, e.Message, e);
        }
    }
}
