using System.Reflection;
using System.Security.Cryptography;
using Pasteur.Acme;
using Pasteur.Dns;
using Pasteur.Envelopes;
using Pasteur.Git;
using Pasteur.Keys;
using Pasteur.Limiting;
using Pasteur.Pastes;
using Pasteur.Sync;
using Pasteur.Tests.Support;
using Pasteur.Tls;
using Pasteur.Web.Admin;

namespace Pasteur.Tests.Web.Attacks;

/// <summary>Ids, keys and tokens that can be foreseen, for they are drawn like dice of a game (microbin). Asked of the compiled code, all of it.</summary>
public sealed class RandomAttackTests
{
    // How long to wait, and which way to look in a tree. Whoever foresees that has nothing of it.
    private static readonly Type[] s_mayDraw = [typeof(Part), typeof(SyncParts), typeof(CertificateKeeper)];
    private static readonly Type[] s_mayUse = [.. s_mayDraw, typeof(RenewalSchedule), typeof(Backoff), typeof(Pusher), typeof(EndingPusher), typeof(Puller), typeof(InboxMerger)];

    private static IEnumerable<Type> OurTypes => new[] { typeof(Site), typeof(Repository), typeof(ChallengePublisher), typeof(AcmeClient) }
        .SelectMany(door => door.Assembly.GetTypes()).Where(type => !type.IsNested);

    [Fact]
    public void Numbers_that_can_be_foreseen_are_drawn_for_pauses_alone()
    {
        var draws = Users(method => method.DeclaringType == typeof(Random) && method is ConstructorInfo or { IsStatic: true });

        Assert.Equal(Names(s_mayDraw), draws);
    }

    [Fact]
    public void Nor_are_they_handed_to_anybody_else()
    {
        var uses = Users(method => method.DeclaringType == typeof(Random));

        Assert.Subset(Names(s_mayUse), uses);
    }

    /// <summary>Nobody promises that a GUID cannot be guessed (RFC 9562 section 8); and a time is known to all.</summary>
    [Fact]
    public void Nothing_is_drawn_as_a_guid() =>
        Assert.Empty(Users(method => method.DeclaringType == typeof(Guid) && method is ConstructorInfo or { Name: nameof(Guid.NewGuid) or nameof(Guid.CreateVersion7) }));

    [Theory]
    [InlineData(typeof(PasteId), nameof(PasteId.Draw))]
    [InlineData(typeof(OwnerToken), nameof(OwnerToken.Draw))]
    [InlineData(typeof(EnvelopeKey), nameof(EnvelopeKey.Draw))]
    [InlineData(typeof(EnvelopeHeader), nameof(EnvelopeHeader.Draw))]
    [InlineData(typeof(SshSeed), nameof(SshSeed.Generate))]
    [InlineData(typeof(ProofOfWork), ".ctor")]
    [InlineData(typeof(ProofOfWork), nameof(ProofOfWork.Ask))]
    public void Secrets_are_drawn_from_the_systems_secure_random_numbers(Type type, string name) =>
        Assert.Contains(type.GetMembers(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).OfType<MethodBase>().Where(method => method.Name == name).SelectMany(CallsIn.Method), IsSecure);

    [Fact]
    public void So_is_the_key_of_the_administrators_sessions() => Assert.Contains(CallsIn.Type(typeof(AdminSession)), IsSecure);

    private static bool IsSecure(MethodBase method) => method.DeclaringType == typeof(RandomNumberGenerator);

    private static SortedSet<string> Users(Func<MethodBase, bool> of) =>
        new(OurTypes.Where(type => CallsIn.Type(type).Any(of)).Select(type => type.FullName!), StringComparer.Ordinal);

    private static SortedSet<string> Names(IEnumerable<Type> types) => new(types.Select(type => type.FullName!), StringComparer.Ordinal);
}
