using Pasteur.Configuration;
using Pasteur.Git;
using Pasteur.Tests.Support;

namespace Pasteur.Tests;

public sealed class FsckCommandTests
{
    [Fact]
    public async Task What_is_sound_ends_with_code_0_and_damage_is_named_and_ends_with_another()
    {
        using var folder = new TemporaryFolder();
        var path = folder["pastes.git"];
        await using (var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = path }, TestContext.Current.CancellationToken))
            Assert.IsType<CommitOutcome.Committed>(await repository.CommitAsync(PasteCommit.Of("abcd", "text"), TestContext.Current.CancellationToken));

        var (code, output) = Run(folder.Path);
        Assert.Equal(ExitCodes.Ok, code);
        Assert.EndsWith("no damage\n", output, StringComparison.Ordinal);

        var pack = Assert.Single(Directory.GetFiles(Path.Combine(path, "objects", "pack"), "*.pack"));
        var bytes = await File.ReadAllBytesAsync(pack, TestContext.Current.CancellationToken);
        bytes[40] ^= 1;
        await File.WriteAllBytesAsync(pack, bytes, TestContext.Current.CancellationToken);
        (code, output) = Run(folder.Path);
        Assert.Equal(ExitCodes.DataDamaged, code);
        Assert.Contains($"damage: {pack}: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_folder_without_a_repository_is_no_success()
    {
        using var folder = new TemporaryFolder();
        var (code, output) = Run(folder.Path);
        Assert.Equal(ExitCodes.DataDamaged, code);
        Assert.Contains("it is not a Git repository", output, StringComparison.Ordinal);
        var none = folder["none"];
        Assert.Equal(ExitCodes.DataFolderUnusable, Assert.Throws<StartFailedException>(() => Run(none)).ExitCode);
        Assert.False(Directory.Exists(none));
    }

    [Fact]
    public void While_another_process_has_the_folder_it_is_not_checked()
    {
        using var folder = new TemporaryFolder();
        using var held = DataFolder.Open(folder.Path);
        Assert.Throws<StartFailedException>(() => Run(folder.Path));
    }

    private static (int Code, string Output) Run(string dataFolder)
    {
        using var output = new StringWriter { NewLine = "\n" };
        return (FsckCommand.Run(dataFolder, output, TestContext.Current.CancellationToken), output.ToString());
    }
}
