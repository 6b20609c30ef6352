using System.Net;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Program;

public sealed class FsckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Data => _folder["data"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sound_store_is_well_and_a_flipped_bit_is_named()
    {
        await using (var site = await PasteurProcess.ServeAsync("--data", Data))
        {
            using var paste = new StringContent("a paste");
            Assert.Equal(HttpStatusCode.OK, (await site.Http.PostAsync("", paste, TestContext.Current.CancellationToken)).StatusCode);
            Assert.Equal(0, await site.StopAsync());
        }
        await EndsWithAsync(0, "no damage");

        var pack = Assert.Single(Directory.GetFiles(Path.Combine(Data, "pastes.git", "objects", "pack"), "*.pack"));
        File.SetUnixFileMode(pack, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using (var file = File.Open(pack, FileMode.Open))
        {
            file.Seek(40, SeekOrigin.Begin);
            var value = file.ReadByte();
            file.Seek(40, SeekOrigin.Begin);
            file.WriteByte((byte)(value ^ 0x10));
        }
        Assert.Contains(await EndsWithAsync(65, null), line => line.Contains(Path.GetFileName(pack), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Running_program_is_not_disturbed()
    {
        await using var site = await PasteurProcess.ServeAsync("--data", Data);
        await using var fsck = PasteurProcess.Start(new Dictionary<string, string?>(), ["fsck", "--data", Data]);

        Assert.Equal(73, await fsck.WaitForExitAsync());
        Assert.Contains($"process {site.Id} already uses the data folder", Assert.Single(fsck.Errors), StringComparison.Ordinal);
        Assert.Equal(0, await site.StopAsync());
    }

    [Fact]
    public async Task Folder_that_is_not_there_is_told_and_not_made()
    {
        await using var fsck = PasteurProcess.Start(new Dictionary<string, string?>(), ["fsck", "--data", Data]);

        Assert.Equal(73, await fsck.WaitForExitAsync());
        Assert.Equal([$"pasteur: there is no data folder {Data}; give --data FOLDER"], fsck.Errors);
        Assert.False(Directory.Exists(Data));
    }

    private async Task<IReadOnlyCollection<string>> EndsWithAsync(int exitCode, string? lastLine)
    {
        await using var fsck = PasteurProcess.Start(new Dictionary<string, string?>(), ["fsck", "--data", Data]);

        Assert.Equal(exitCode, await fsck.WaitForExitAsync());
        if (lastLine is not null)
            Assert.Equal(lastLine, fsck.Output.Last());
        return fsck.Output;
    }
}
