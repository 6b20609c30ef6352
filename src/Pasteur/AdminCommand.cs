using Pasteur.Administering;
using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Moderating;
using Pasteur.Pastes;

namespace Pasteur;

/// <summary><c>pasteur admin</c>: asks the site that runs on the data folder, or does it itself when none runs.</summary>
internal static class AdminCommand
{
    public static async Task<int> RunAsync(Invocation.Admin admin, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(admin.DataFolder)) throw new StartFailedException(ExitCodes.DataFolderUnusable, $"there is no data folder {admin.DataFolder}; give --data FOLDER");
        var answer = await AdminSocket.AskAsync(admin.DataFolder, admin.Words, cancellationToken) ?? await DoAsync(admin, cancellationToken);
        if (answer.IsDone) output.Write(answer.Text);
        else errors.Write($"pasteur: {answer.Text}");
        return answer.IsDone ? ExitCodes.Ok : ExitCodes.NoInput;
    }

    private static async Task<AdminAnswer> DoAsync(Invocation.Admin admin, CancellationToken cancellationToken)
    {
        using var folder = DataFolder.Open(admin.DataFolder);
        try
        {
            await using var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = folder.RepositoryPath, Branch = admin.Branch, Folders = PasteFolders.Rules }, cancellationToken);
            if (admin.Words[0] == "erase" && repository.Current.RefNames.Any(name => name.StartsWith("refs/remotes/origin/", StringComparison.Ordinal)))
                throw new StartFailedException(ExitCodes.NoInput, "the history of this folder is on a remote too, which has to be rewritten with it: erase while the site runs");
            using var eraser = new Eraser(admin.Branch, repository.EraseAsync, folder.Path, TimeProvider.System);
            var pastes = PasteStore.Open(repository, new PasteStoreOptions { Branch = admin.Branch, IdLength = Limits.LongestIdLength, Eraser = eraser });
            return await new Administrator(pastes, new Moderation(folder.Path, TimeProvider.System)).DoAsync(admin.Words, cancellationToken);
        }
        catch (Exception e) when (e is GitDataException or UnknownFormatException)
        {
            throw new StartFailedException(ExitCodes.DataDamaged, e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartFailedException(ExitCodes.DataFolderUnusable, $"can't use the data folder {folder.Path}: {e.Message}", e);
        }
    }
}
