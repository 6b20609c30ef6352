using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Pasteur.Configuration;
using Pasteur.Pastes;
using Pasteur.Web.Guards;

namespace Pasteur.Tests.Web.Attacks;

/// <summary>
/// Accounts that nobody made (microbin's default password), passwords that can be guessed by the clock (lenpaste), random numbers that can be
/// foreseen (microbin).
/// </summary>
public sealed class LoginAttackTests
{
    private const byte Call = 0x28; // ECMA-335 III.3.19: call, then a token of four bytes

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

    // Of a clock no test can be sure: what is asserted is that the one comparison there is takes digests, all of one length, to their ends.
    [Fact]
    public void Passwords_are_compared_by_their_digests_in_constant_time()
    {
        var match = CallsOf(typeof(BasicCredentials).GetMethod(nameof(BasicCredentials.Match))!);
        Assert.Equal(["Digest", nameof(CryptographicOperations.FixedTimeEquals)], match.Select(method => method.Name));
        Assert.Equal(typeof(CryptographicOperations), match[1].DeclaringType);
        var digest = CallsOf(typeof(BasicCredentials).GetMethod("Digest", BindingFlags.Static | BindingFlags.NonPublic)!);
        Assert.Contains(digest, method => method.DeclaringType == typeof(SHA256) && method.Name == nameof(SHA256.HashData));
        Assert.Contains(CallsOf(typeof(BasicAuthentication).GetMethod(nameof(BasicAuthentication.IsGiven))!), method => method.DeclaringType == typeof(BasicCredentials));
    }

    [Fact]
    public void Ids_are_drawn_from_the_systems_secure_random_numbers()
    {
        var draws = typeof(PasteId).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).SelectMany(CallsOf).ToArray();
        Assert.Contains(draws, method => method.DeclaringType == typeof(RandomNumberGenerator));
        Assert.DoesNotContain(draws, method => method.DeclaringType == typeof(Random) || method.DeclaringType == typeof(Guid));
    }

    private static string Basic(string login) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(login));

    /// <summary>What a method calls without an object at hand to dispatch on, or with one whose class is known.</summary>
    private static MethodBase[] CallsOf(MethodBase method)
    {
        const byte CallVirtual = 0x6F; // ECMA-335 III.4.2
        var code = method.GetMethodBody()!.GetILAsByteArray()!;
        var calls = new List<MethodBase>();
        for (var at = 0; at + 4 < code.Length; at++)
        {
            if (code[at] is not (Call or CallVirtual)) continue;
            try
            {
                if (method.Module.ResolveMethod(BitConverter.ToInt32(code, at + 1)) is { } called && !called.IsSpecialName) calls.Add(called);
                at += 4;
            }
            catch (ArgumentException)
            {
                // A byte of something else that looks like a call.
                continue;
            }
        }
        return [.. calls];
    }
}
