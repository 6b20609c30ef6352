using System.Buffers.Binary;
using Pasteur.Dns;
using Pasteur.Dns.Messages;

namespace Pasteur.Tests.Dns;

/// <summary>Servers that misbehave.</summary>
public sealed class ChallengePublisherTests
{
    private const string Name = "www.example.org", Value = "the-proof";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_behaves_is_told_once_to_add_and_once_to_delete()
    {
        await using var server = new ScriptedDnsServer();

        Assert.Equal(new DnsOutcome.Done("_acme-challenge.www.example.org", "example.org"), await Publisher(server).PublishAsync(Name, Value, Token));
        Assert.Empty(server.Deleted);
        Assert.IsType<DnsOutcome.Done>(await Publisher(server).RemoveAsync("*." + Name, Value, Token));

        Assert.Equal([Value], server.Added);
        Assert.Equal([Value], server.Deleted);
    }

    [Fact]
    public async Task An_unsigned_yes_is_not_believed_and_the_record_taken_back()
    {
        await using var server = new ScriptedDnsServer { OnUpdate = ScriptedDnsServer.Unsigned };

        AssertFailed(DnsFailure.Untrusted, "is not signed, and so can't be believed", await Publisher(server).PublishAsync(Name, Value, Token));

        Assert.Equal([Value], server.Deleted);
    }

    [Fact]
    public async Task A_yes_with_a_wrong_signature_is_not_believed_and_the_record_taken_back()
    {
        await using var server = new ScriptedDnsServer
        {
            OnUpdate = answer =>
            {
                answer[^7] ^= 1; // the last byte of the MAC
                return answer;
            },
        };

        AssertFailed(DnsFailure.Untrusted, "who sent it does not have the key k (hmac-sha256)", await Publisher(server).PublishAsync(Name, Value, Token));

        Assert.Equal([Value], server.Deleted);
    }

    [Theory]
    [InlineData(5, nameof(DnsFailure.Refused), "refuses to change _acme-challenge.www.example.org (REFUSED): let the key k (hmac-sha256) update TXT records of that name")]
    [InlineData(9, nameof(DnsFailure.NotAuth), "is not the primary of zone example.org, or takes no updates for it (NOTAUTH): give the address of its primary")]
    [InlineData(10, nameof(DnsFailure.NotZone), "says that _acme-challenge.www.example.org is not within zone example.org (NOTZONE)")]
    [InlineData(2, nameof(DnsFailure.ServerFailed), "was to change _acme-challenge.www.example.org and answered SERVFAIL; its log may say why")]
    [InlineData(15, nameof(DnsFailure.ServerFailed), "answered 15")]
    public async Task Every_code_has_words_of_its_own(int code, string failure, string expected)
    {
        await using var server = new ScriptedDnsServer { OnUpdate = answer => WithCode(ScriptedDnsServer.Unsigned(answer), code) };

        AssertFailed(Enum.Parse<DnsFailure>(failure), expected, await Publisher(server).PublishAsync(Name, Value, Token));
    }

    [Fact]
    public async Task A_record_that_never_shows_is_taken_back()
    {
        await using var server = new ScriptedDnsServer { Shown = () => ["something-else"] };

        AssertFailed(DnsFailure.NotVisible, "_acme-challenge.www.example.org was changed, but does not show it after 10 seconds", await Publisher(server).PublishAsync(Name, Value, Token));

        Assert.Equal([Value], server.Deleted);
    }

    [Fact]
    public async Task A_record_that_shows_late_is_waited_for()
    {
        var looks = 0;
        await using var server = new ScriptedDnsServer { Shown = () => ++looks < 4 ? [] : ["other", Value] };

        Assert.IsType<DnsOutcome.Done>(await Publisher(server).PublishAsync(Name, Value, Token));

        Assert.Equal(4, looks);
    }

    [Fact]
    public async Task Who_is_cancelled_while_waiting_takes_the_record_back()
    {
        using var cancelled = new CancellationTokenSource();
        await using var server = new ScriptedDnsServer
        {
            Shown = () =>
            {
                cancelled.Cancel();
                return [];
            },
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Publisher(server).PublishAsync(Name, Value, cancelled.Token));

        Assert.Equal([Value], server.Added);
        Assert.Equal([Value], server.Deleted);
    }

    [Fact]
    public async Task A_resolver_is_no_primary()
    {
        await using var server = new ScriptedDnsServer { OnQuery = (_, answer) => WithFlags(answer, 0x8000) };

        AssertFailed(DnsFailure.NotAuth, "knows _acme-challenge.www.example.org from elsewhere: it is a resolver", await Publisher(server).PublishAsync(Name, Value, Token));
        Assert.Empty(server.Added);
    }

    [Theory]
    [InlineData(0, 0xFF)]     // of another id
    [InlineData(2, 0x80)]     // no answer but a question
    [InlineData(2, 0x28)]     // to an update
    [InlineData(13, 0x01)]    // about another name
    public async Task Answers_to_what_was_not_asked_are_passed_over(int at, byte change)
    {
        var answers = 0;
        await using var server = new ScriptedDnsServer
        {
            OnQuery = (_, answer) =>
            {
                if (++answers > 1) return answer;
                // A refusal, which would be the end if it were taken for an answer. The request is sent again instead.
                answer = WithCode(answer, 5);
                answer[at] ^= change;
                return answer;
            },
        };

        Assert.IsType<DnsOutcome.Done>(await Publisher(server).PublishAsync(Name, Value, Token));
    }

    [Theory]
    [InlineData("", Value)]
    [InlineData("a b.example.org", Value)]
    [InlineData("a..example.org", Value)]
    [InlineData("a\n.example.org", Value)]
    [InlineData(Name, "")]
    [InlineData(Name, "a\nb")]
    [InlineData(Name, "é")]
    public async Task No_server_is_asked_for_what_is_no_name_or_value(string name, string value)
    {
        await using var server = new ScriptedDnsServer { OnQuery = (_, _) => throw new InvalidOperationException("asked") };

        var failed = Assert.IsType<DnsOutcome.Failed>(await Publisher(server).PublishAsync(name, value, Token));

        Assert.Equal(DnsFailure.BadName, failed.Failure);
        Assert.DoesNotContain(failed.Message, char.IsControl);
    }

    private static ChallengePublisher Publisher(ScriptedDnsServer server) => new(server.Key, server.Address, TimeProvider.System);

    private static byte[] WithCode(byte[] answer, int code) => WithFlags(answer, BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(2)) | code);

    private static byte[] WithFlags(byte[] answer, int flags)
    {
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(2), (ushort)flags);
        return answer;
    }

    private static void AssertFailed(DnsFailure failure, string expected, DnsOutcome outcome)
    {
        var failed = Assert.IsType<DnsOutcome.Failed>(outcome);
        Assert.Equal(failure, failed.Failure);
        Assert.Contains(expected, failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", failed.Message, StringComparison.Ordinal);
    }
}
