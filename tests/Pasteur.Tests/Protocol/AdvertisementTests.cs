using System.Text;
using CsCheck;
using Pasteur.Git;
using Pasteur.Git.Objects;
using Pasteur.Git.Protocol;

namespace Pasteur.Tests.Protocol;

public sealed class AdvertisementTests
{
    private const string Id = "cf54ce03737d3f641afed39184937b696154dc25";

    private static readonly Gen<string> LineHead = Gen.OneOf(
        Gen.Const(""), Gen.Const("version 2\n"), Gen.Const(Id + " "), Gen.Const(Id + " refs/heads/x\0"), Gen.Const("# service="),
        Gen.Const("shallow "), Gen.Const("unborn "));

    [Theory]
    [InlineData("advertisement-v0", 0)]
    [InlineData("advertisement-v1", 1)]
    public async Task Refs_capabilities_and_head_of_stock_git_are_read(string golden, int version)
    {
        var advertisement = await ReadAsync(GoldenFile.Read(golden));
        Assert.Equal(version, advertisement.Version);
        Assert.Equal(["HEAD", "refs/heads/main", "refs/heads/side", "refs/tags/v1"], advertisement.Tips.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(ObjectId.Parse(Id), advertisement.Tips["refs/heads/main"]);
        Assert.Equal("refs/heads/main", advertisement.Capabilities.HeadTarget);
        Assert.True(advertisement.Capabilities.Has("side-band-64k"));
        Assert.False(advertisement.Capabilities.Has("allow-tip-sha1-in-want"));
    }

    [Fact]
    public async Task Version_2_lists_commands_and_their_features()
    {
        var advertisement = await ReadAsync(GoldenFile.Read("advertisement-v2"));
        Assert.Equal(2, advertisement.Version);
        Assert.Empty(advertisement.Tips);
        Assert.True(advertisement.Capabilities.Has("ls-refs", "unborn"));
        Assert.True(advertisement.Capabilities.Has("fetch", "shallow"));
        Assert.False(advertisement.Capabilities.Has("fetch", "filter"));
    }

    [Theory]
    [InlineData("advertisement-v0-empty")]
    [InlineData("advertisement-receive-empty")]
    public async Task Empty_repository_has_no_refs(string golden) => Assert.Empty((await ReadAsync(GoldenFile.Read(golden))).Tips);

    [Theory]
    [InlineData("advertisement-sha256")]
    [InlineData("advertisement-v2-sha256")]
    public async Task Repository_of_another_object_format_is_refused_by_name(string golden)
    {
        var e = await Assert.ThrowsAsync<ConversationException>(() => ReadAsync(GoldenFile.Read(golden)));
        Assert.Equal("the remote repository has the object format sha256; only sha1 is supported", e.Message);
    }

    [Fact]
    public async Task Service_header_of_smart_http_is_passed_over()
    {
        var advertisement = await ReadAsync([.. Wire.Message("# service=git-upload-pack"), .. GoldenFile.Read("advertisement-v2")]);
        Assert.Equal(2, advertisement.Version);
    }

    [Fact]
    public async Task Borrowed_objects_and_shallow_commits_are_no_refs()
    {
        var advertisement = await ReadAsync(Wire.Message($"{Id} refs/heads/main\0report-status", $"{Id} .have", $"shallow {Id}"));
        Assert.Equal(["refs/heads/main"], advertisement.Tips.Keys);
    }

    [Theory]
    [InlineData("refs/heads/../../../etc/cron.d/x")]
    [InlineData("refs/heads/a..b")]
    [InlineData("refs/heads/.hidden")]
    [InlineData("refs/heads/main.lock")]
    [InlineData("refs/heads//main")]
    [InlineData("refs/heads/main/")]
    [InlineData("refs/heads/a b")]
    [InlineData("refs/heads/a\u0001b")]
    [InlineData("refs/heads/a~1")]
    [InlineData("refs/heads/a@{1}")]
    [InlineData("refs/heads/a\\b")]
    [InlineData("refs/heads/*")]
    [InlineData("/etc/passwd")]
    [InlineData("main")]
    public async Task Ref_name_that_git_forbids_ends_the_conversation(string name)
    {
        var e = await Assert.ThrowsAsync<ConversationException>(() => ReadAsync(Wire.Message($"{Id} {name}\0report-status")));
        Assert.Contains("which Git does not allow", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("version 3")]
    [InlineData("version 1|version 1")]
    [InlineData("version 1|version 2")]
    [InlineData(Id + " refs/heads/main")]
    [InlineData("cf54ce0373 refs/heads/main\0x")]
    [InlineData("gggggggggggggggggggggggggggggggggggggggg refs/heads/main\0x")]
    [InlineData(Id + "\0x")]
    [InlineData(Id + " \0x")]
    [InlineData(Id + " refs/heads/main\0x|shallow 12")]
    [InlineData(Id + " refs/heads/main\0x|" + Id)]
    [InlineData("# service=git-upload-pack|# service=git-upload-pack")]
    public async Task Malformed_advertisement_is_refused(string lines)
    {
        var e = await Assert.ThrowsAsync<ConversationException>(() => ReadAsync(Wire.Message(lines.Split('|'))));
        Assert.Equal(ConversationFault.Violation, e.Fault);
    }

    [Fact]
    public async Task Refs_without_end_are_refused_at_the_limit()
    {
        using var endless = new RepeatingStream(Wire.Lines($"{Id} refs/heads/main\0x"), Wire.Lines($"{Id} refs/heads/side"));
        var e = await Assert.ThrowsAsync<ConversationException>(() => Advertisement.ReadAsync(new PktLineReader(endless), TestContext.Current.CancellationToken).AsTask());
        Assert.Equal($"the remote lists more than {GitLimits.MaxAdvertisedRefs} refs", e.Message);
    }

    [Fact]
    public async Task Names_of_refs_without_end_are_refused_at_the_limit()
    {
        using var endless = new RepeatingStream(Wire.Lines($"{Id} refs/heads/main\0x"), Wire.Lines($"{Id} refs/heads/{new string('x', 1000)}"));
        var e = await Assert.ThrowsAsync<ConversationException>(() => Advertisement.ReadAsync(new PktLineReader(endless), TestContext.Current.CancellationToken).AsTask());
        Assert.Equal($"the remote lists refs with names of more than {GitLimits.MaxAdvertisedNameBytes} bytes", e.Message);
    }

    [Fact]
    public async Task Capabilities_without_end_are_refused_at_the_limit()
    {
        using var endless = new RepeatingStream(Wire.Lines("version 2"), Wire.Lines("x"));
        var e = await Assert.ThrowsAsync<ConversationException>(() => Advertisement.ReadAsync(new PktLineReader(endless), TestContext.Current.CancellationToken).AsTask());
        Assert.Equal($"the remote advertises more than {GitLimits.MaxCapabilities} capabilities", e.Message);
    }

    [Fact]
    public async Task List_of_refs_is_read_with_the_target_of_head()
    {
        var refs = await LsRefs.ReadAsync(Wire.Reader(GoldenFile.Read("ls-refs")), TestContext.Current.CancellationToken);
        Assert.Equal("refs/heads/main", refs.Head);
        Assert.Equal(["HEAD", "refs/heads/main", "refs/heads/side", "refs/tags/v1"], refs.Tips.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Branch_that_is_not_born_yet_is_known_as_the_target_of_head()
    {
        var refs = await LsRefs.ReadAsync(Wire.Reader(GoldenFile.Read("ls-refs-unborn")), TestContext.Current.CancellationToken);
        Assert.Equal("refs/heads/main", refs.Head);
        Assert.Empty(refs.Tips);
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("cf54ce0373 refs/heads/main")]
    [InlineData("born refs/heads/main")]
    [InlineData(Id + " HEAD symref-target:../x")]
    [InlineData(Id + " refs/heads/../x")]
    public async Task Malformed_list_of_refs_is_refused(string line)
    {
        var e = await Assert.ThrowsAsync<ConversationException>(() => LsRefs.ReadAsync(Wire.Reader(Wire.Message(line)), TestContext.Current.CancellationToken).AsTask());
        Assert.Equal(ConversationFault.Violation, e.Fault);
    }

    [Fact]
    public void Any_line_is_accepted_or_refused_never_a_crash() =>
        Gen.Select(Gen.Byte.Array[0, 80], LineHead).Sample((bytes, head) =>
        {
            byte[] line = [.. Encoding.ASCII.GetBytes(head), .. bytes];
            var reader = Wire.Reader(Wire.Packet(line), Wire.Flush);
            var refs = Wire.Reader(Wire.Packet(line), Wire.Flush);
            Survives(() => Advertisement.ReadAsync(reader, default).AsTask().GetAwaiter().GetResult());
            Survives(() => LsRefs.ReadAsync(refs, default).AsTask().GetAwaiter().GetResult());
        });

    private static void Survives(Action read)
    {
        try
        {
            read();
        }
        catch (ConversationException e)
        {
            Assert.DoesNotContain(e.Message, char.IsControl);
        }
    }

    private static Task<Advertisement> ReadAsync(byte[] bytes) =>
        Advertisement.ReadAsync(Wire.Reader(bytes), TestContext.Current.CancellationToken).AsTask();
}
