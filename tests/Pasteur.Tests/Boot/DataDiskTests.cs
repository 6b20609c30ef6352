using System.Diagnostics;
using Pasteur.Boot;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Boot;

public sealed class DataDiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Disk_that_mkfs_made_is_ext4()
    {
        var image = _folder["disk"];
        File.WriteAllBytes(image, new byte[4 << 20]);
        using (var make = Process.Start("mkfs.ext4", ["-q", "-F", image])) make.WaitForExit();

        Assert.Equal(DataDisk.DiskContent.Ext4, DataDisk.ContentOf(File.ReadAllBytes(image).AsSpan(0, 2048)));
    }

    [Fact]
    public void Disk_with_a_boot_record_is_not_taken_for_an_unformatted_one()
    {
        var head = new byte[2048];
        (head[510], head[511]) = (0x55, 0xAA);

        Assert.Equal(DataDisk.DiskContent.Other, DataDisk.ContentOf(head));
    }

    [Theory]
    [InlineData(2048)]
    [InlineData(512)]
    [InlineData(0)]
    public void Empty_disk_is_unformatted(int length) => Assert.Equal(DataDisk.DiskContent.Unformatted, DataDisk.ContentOf(new byte[length]));
}
