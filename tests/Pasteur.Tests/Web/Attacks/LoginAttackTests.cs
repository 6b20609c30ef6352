using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Pasteur.Configuration;
using Pasteur.Dns.Messages;
using Pasteur.Dns.Signing;
using Pasteur.Limiting;
using Pasteur.Pastes;
using Pasteur.Tests.Support;
using Pasteur.Web.Admin;
using Pasteur.Web.Guards;

namespace Pasteur.Tests.Web.Attacks;

/// <summary>Accounts that nobody made (microbin's default password), secrets that can be guessed by the clock (lenpaste).</summary>
public sealed class LoginAttackTests
{
    private static readonly string[] s_famous =
        ["admin:admin", "admin:password", "admin:m1cr0b1n", "admin:", ":admin", "root:root", "user:password", "pasteur:pasteur", "test:test", "guest:guest", "ada:ada", ":"];

    [Fact]
    public async Task A_fresh_site_knows_no_account_and_has_no_door_for_one()
    {
        await using var site = await TestSite.StartAsync();
        var page = await site.GetTextAsync("/about");
        foreach (var login in s_famous)
        {
            // Whoever brings a login is the visitor that he is without it.
            Assert.Equal(page, await (await site.GetAsync("/about", headers: ("Authorization", Basic(login)))).Content.ReadAsStringAsync(TestSite.Token));
            foreach (var path in (string[])["/admin", "/login", "/auth", "/list", "/setup", "/config", "/user/login", "/api/login", "/api/v1/pastes"])
            {
                var read = await site.GetAsync(path, headers: ("Authorization", Basic(login)));
                Assert.InRange((int)read.StatusCode, 400, 499);
                Assert.False(read.Headers.Contains("Set-Cookie"));
                Assert.Empty(read.Headers.WwwAuthenticate);
            }
        }
    }

    [Fact]
    public async Task With_a_password_no_famous_one_opens()
    {
        await using var site = await TestSite.StartAsync("--auth", "ada:canary");
        foreach (var login in s_famous)
            Assert.Equal(HttpStatusCode.Unauthorized, (await site.GetAsync("/", headers: ("Authorization", Basic(login)))).StatusCode);
    }

    public static TheoryData<Type, string> Comparisons => new()
    {
        { typeof(BasicCredentials), nameof(BasicCredentials.Match) },
        { typeof(AdminToken), nameof(AdminToken.Match) },
        { typeof(AdminSession), nameof(AdminSession.IsSame) },
        { typeof(OwnerToken), nameof(OwnerToken.Opens) },
        { typeof(ReadProof), nameof(ReadProof.Opens) },
        { typeof(ProofOfWork), "TryRead" },
        { typeof(TsigSigner), nameof(TsigSigner.Check) },
    };

    // Of a clock no test can be sure: what is asserted is that the one comparison there is goes to the end of what it compares.
    [Theory]
    [MemberData(nameof(Comparisons))]
    public void Secrets_are_compared_in_constant_time(Type type, string name)
    {
        var calls = CallsIn.Method(MethodOf(type, name));

        Assert.Single(calls, method => method.DeclaringType == typeof(CryptographicOperations) && method.Name == nameof(CryptographicOperations.FixedTimeEquals));
        Assert.DoesNotContain(calls, EndsWhereItDiffers);
    }

    /// <summary>Of other lengths no comparison can hide which: so it is that of digests, or of what is as long for everybody.</summary>
    [Theory]
    [InlineData(typeof(BasicCredentials), "Digest")]
    [InlineData(typeof(AdminToken), "Digest")]
    [InlineData(typeof(OwnerToken), "HashOf")]
    [InlineData(typeof(ReadProof), nameof(ReadProof.Opens))]
    [InlineData(typeof(ProofOfWork), "Sign")]
    [InlineData(typeof(AdminSession), "Sign")]
    public void What_is_compared_is_a_digest(Type type, string name) => Assert.Contains(
        CallsIn.Method(MethodOf(type, name)),
        method => method.Name == nameof(SHA256.HashData) && (method.DeclaringType == typeof(SHA256) || method.DeclaringType == typeof(HMACSHA256)));

    [Theory]
    [InlineData(typeof(BasicAuthentication), nameof(BasicAuthentication.IsGiven), typeof(BasicCredentials), nameof(BasicCredentials.Match))]
    [InlineData(typeof(AdminPages), nameof(AdminPages.PostAsync), typeof(AdminToken), nameof(AdminToken.Match))]
    [InlineData(typeof(AdminPages), nameof(AdminPages.PostAsync), typeof(AdminSession), nameof(AdminSession.IsSame))]
    [InlineData(typeof(AdminSession), nameof(AdminSession.ProofOf), typeof(AdminSession), nameof(AdminSession.IsSame))]
    [InlineData(typeof(ProofOfWork), nameof(ProofOfWork.Redeem), typeof(ProofOfWork), "TryRead")]
    public void Who_lets_somebody_in_asks_that_comparison_and_makes_none_of_its_own(Type type, string name, Type asked, string question)
    {
        var calls = CallsIn.Method(MethodOf(type, name));

        Assert.Contains(calls, method => method.DeclaringType == asked && method.Name == question);
        Assert.DoesNotContain(calls, EndsWhereItDiffers);
    }

    private static string Basic(string login) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(login));

    private static MethodInfo MethodOf(Type type, string name) =>
        type.GetMethod(name, BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)!;

    /// <summary>Whether it compares as one does what is no secret; so are the names in the DNS.</summary>
    private static bool EndsWhereItDiffers(MethodBase method) =>
        method.DeclaringType != typeof(DnsName) &&
        method.Name is "Equals" or "SequenceEqual" or "SequenceCompareTo" or "Compare" or "CompareOrdinal" or "CompareTo" or "op_Equality" or "op_Inequality";
}
