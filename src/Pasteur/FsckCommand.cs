using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Git.Fsck;

namespace Pasteur;

/// <summary><c>pasteur fsck</c>: reads everything that is stored and says what is wrong with it. It changes nothing.</summary>
internal static class FsckCommand
{
    public static int Run(string dataFolder, TextWriter output, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(dataFolder)) throw new StartFailedException(ExitCodes.DataFolderUnusable, $"there is no data folder {dataFolder}; give --data FOLDER");
        // While the site runs, its journal changes under every reader; the lock says which process to stop.
        using var folder = DataFolder.Open(dataFolder);
        var damage = 0;
        try
        {
            var summary = RepositoryFsck.Run(folder.RepositoryPath, Report, cancellationToken);
            output.WriteLine($"{folder.RepositoryPath}: {summary.PackedObjects} objects in {summary.Packs} packs, {summary.LooseObjects} loose, {summary.JournalObjects} in journals; {summary.ReachableObjects} objects reached from {summary.Refs} refs");
        }
        catch (GitDataException e)
        {
            Report(new FsckFinding(e.Place, e.Problem));
        }

        output.WriteLine(damage == 0 ? "no damage" : $"damaged in {damage} places; what is damaged can be taken from a clone, the remote or a backup");
        return damage == 0 ? ExitCodes.Ok : ExitCodes.DataDamaged;

        void Report(FsckFinding finding)
        {
            if (finding.IsDamage) damage++;
            output.WriteLine(finding);
        }
    }
}
