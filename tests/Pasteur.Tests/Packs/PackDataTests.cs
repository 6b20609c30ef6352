using Pasteur.Git;
using Pasteur.Git.Packs;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Packs;

public sealed class PackDataTests
{
    [Fact]
    public void Memory_reads_back_what_was_appended_across_segments()
    {
        using var data = new MemoryPackData("memory");
        var expected = new byte[1_000_000];
        new Random(1).NextBytes(expected);
        for (var position = 0; position < expected.Length; position += 70_001)
            data.Append(expected.AsSpan(position, Math.Min(70_001, expected.Length - position)));

        var back = new byte[expected.Length + 10];
        Assert.Equal(expected.Length, data.ReadAt(0, back));
        Assert.Equal(expected, back[..expected.Length]);
        Assert.Equal(3, data.ReadAt(expected.Length - 3, back));
        Assert.Equal(0, data.ReadAt(expected.Length + 3, back));
    }

    [Fact]
    public async Task Memory_shows_readers_whole_appends_while_it_grows()
    {
        using var data = new MemoryPackData("memory");
        var writing = Task.Run(() =>
        {
            for (var n = 0; n < 20_000; n++) data.Append([(byte)n, (byte)n, (byte)n, (byte)n, (byte)n, (byte)n, (byte)n]);
        }, TestContext.Current.CancellationToken);
        var bytes = new byte[7];
        while (!writing.IsCompleted)
        {
            var length = data.Length;
            Assert.Equal(0, length % 7);
            if (length == 0) continue;
            Assert.Equal(7, data.ReadAt(length - 7, bytes));
            Assert.All(bytes, value => Assert.Equal((byte)((length / 7) - 1), value));
        }

        await writing;
    }

    [Fact]
    public void A_file_is_read_up_to_its_published_length()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["file"], [1, 2, 3, 4, 5]);
        using var data = new FilePackData(File.OpenHandle(folder["file"]), "file", 2);
        var bytes = new byte[9];
        Assert.Equal(2, data.ReadAt(0, bytes));
        data.Extend(4);
        Assert.Equal(3, data.ReadAt(1, bytes));
        Assert.Equal<byte>([2, 3, 4], bytes[..3]);
        Assert.Throws<GitDataException>(() => data.ReadExactlyAt(2, bytes));
    }
}
