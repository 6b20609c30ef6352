using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Text;
using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Pastes;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Web.Attacks;

/// <summary>Pastes and marks as only somebody who may push can write them: names that are no UTF-8, names that lead out of an archive's folder.</summary>
public sealed class PushedAttackTests : IDisposable
{
    private readonly StockRepository _git = new();

    public void Dispose() => _git.Dispose();

    [Fact]
    public async Task Two_names_that_look_alike_break_no_page_and_no_other_paste()
    {
        Push(Folder([0xE8], [0xE9]));
        await using var site = await TestSite.StartAsync("--remote", _git.Path);

        Assert.Equal(HttpStatusCode.OK, await StatusOnceThereAsync(site));
        Assert.Equal("others still paste", await site.GetTextAsync("/raw" + await site.PasteAsync("others still paste")));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("..\\..\\canary.bat")]
    [InlineData("C:canary")]
    [InlineData("a\u001b[2J")]
    public async Task An_archive_leads_nowhere_whoever_named_the_files(string name)
    {
        Push(Folder(Encoding.UTF8.GetBytes(name)));
        await using var site = await TestSite.StartAsync("--remote", _git.Path);

        Assert.Equal(HttpStatusCode.OK, await StatusOnceThereAsync(site));
        using var zip = new ZipArchive(new MemoryStream(await site.GetBytesAsync("/abcdefghjk.zip")));
        Assert.Matches(@"^abcdefghjk/(?!\.\.$)[^/\\:\p{C}]+$", Assert.Single(zip.Entries).FullName);
        await using var tar = new TarReader(new MemoryStream(await site.GetBytesAsync("/abcdefghjk.tar")));
        Assert.Matches(@"^abcdefghjk/(?!\.\.$)[^/\\:\p{C}]+$", (await tar.GetNextEntryAsync(cancellationToken: TestSite.Token))!.Name);
    }

    [Theory]
    [InlineData("erased")]
    [InlineData("deleted")]
    public async Task Marks_with_names_that_look_alike_stop_neither_sweep_nor_fetch(string folder)
    {
        ObjectId Commit(params byte[][] names) => ObjectId.Parse(_git.Git("commit-tree", "-m", "x", $"{_git.Store(ObjectKind.Tree, Entry("40000", Encoding.ASCII.GetBytes(folder), Folder(names)))}"));
        var (known, tip) = (Commit([0xFE], [0xFF]), Commit([0xFD], [0xFE], [0xFF]));
        _git.Git("update-ref", "refs/heads/other", $"{known}");
        _git.Git("update-ref", "refs/heads/main", $"{tip}");
        await using var repository = await Repository.OpenAsync(new RepositoryOptions { Folder = _git.Path }, TestSite.Token);

        Assert.Empty((folder == "erased" ? PasteMarks.Erased : PasteMarks.Deleted).NewIn(repository.Current, known, tip));
        Assert.Empty(PasteMarks.NewPastes(repository.Current, known, tip));
    }

    private static byte[] Entry(string mode, byte[] name, ObjectId id) => [.. Encoding.ASCII.GetBytes(mode + " "), .. name, 0, .. Convert.FromHexString(id.ToString())];

    private ObjectId Folder(params byte[][] names)
    {
        var blob = _git.Store(ObjectKind.Blob, "canary"u8.ToArray());
        return _git.Store(ObjectKind.Tree, names.SelectMany(name => Entry("100644", name, blob)).ToArray());
    }

    private void Push(ObjectId paste)
    {
        var tree = _git.Store(ObjectKind.Tree, Entry("40000", "abcdefghjk"u8.ToArray(), paste));
        foreach (var level in "cba") tree = _git.Store(ObjectKind.Tree, Entry("40000", [(byte)level], tree));
        _git.Git("update-ref", "refs/heads/main", _git.Git("commit-tree", "-m", "x", tree.ToString()));
    }

    private static async Task<HttpStatusCode> StatusOnceThereAsync(TestSite site)
    {
        for (var tries = 0; ; tries++)
        {
            var status = (await site.GetAsync("/abcdefghjk")).StatusCode;
            if (status != HttpStatusCode.NotFound || tries == 40) return status;
            await Task.Delay(250, TestSite.Token);
        }
    }
}
