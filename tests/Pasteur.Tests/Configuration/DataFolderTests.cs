using System.Globalization;
using Pasteur.Configuration;

namespace Pasteur.Tests.Configuration;

public sealed class DataFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("pasteur-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Folder_is_made_for_its_owner_alone()
    {
        var path = Path.Combine(_root, "a", "b");

        using var folder = DataFolder.Open(path);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
        Assert.Equal(Path.Combine(path, "pastes.git"), folder.RepositoryPath);
    }

    [Fact]
    public void Second_to_come_learns_who_holds_it()
    {
        using var first = DataFolder.Open(_root);

        var refusal = Assert.Throws<StartFailedException>(() => DataFolder.Open(_root));

        Assert.Equal(ExitCodes.DataFolderUnusable, refusal.ExitCode);
        Assert.Contains($"process {Environment.ProcessId} already uses the data folder {_root}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_can_be_taken_again_after_it_was_let_go()
    {
        DataFolder.Open(_root).Dispose();
        DataFolder.Open(_root).Dispose();

        Assert.Equal(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), File.ReadAllText(Path.Combine(_root, "pid")).Trim());
    }

    [Fact]
    public void Lock_left_by_a_dead_process_holds_nobody_up()
    {
        File.WriteAllText(Path.Combine(_root, "lock"), "");
        File.WriteAllText(Path.Combine(_root, "pid"), "999999     \n");

        using var folder = DataFolder.Open(_root);
    }

    [Fact]
    public void File_in_the_place_of_the_folder_is_told()
    {
        var path = Path.Combine(_root, "file");
        File.WriteAllText(path, "");

        var refusal = Assert.Throws<StartFailedException>(() => DataFolder.Open(path));

        Assert.Contains($"the data folder {path} is a file", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file/below")]
    [InlineData("lock-is-a-folder")]
    public void Folder_that_can_not_be_written_is_told_on_one_line(string name)
    {
        File.WriteAllText(Path.Combine(_root, "file"), "");
        Directory.CreateDirectory(Path.Combine(_root, "lock-is-a-folder", "lock"));

        var refusal = Assert.Throws<StartFailedException>(() => DataFolder.Open(Path.Combine(_root, name)));

        Assert.Equal(ExitCodes.DataFolderUnusable, refusal.ExitCode);
        Assert.Contains($"can't write in the data folder {Path.Combine(_root, name)}: ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }
}
