using System.Security.Cryptography;
using System.Text;
using Pasteur.Pastes;

namespace Pasteur.Tests.Pastes;

public sealed class OwnerTokenTests
{
    [Fact]
    public void Each_is_another_of_130_bits()
    {
        var tokens = Enumerable.Range(0, 1000).Select(_ => OwnerToken.Draw().Reveal()).ToHashSet();

        Assert.Equal(1000, tokens.Count);
        Assert.All(tokens, token => Assert.Matches("^[0-9a-hjkmnp-tv-z]{26}$", token));
    }

    [Fact]
    public void It_opens_what_has_its_SHA256_and_nothing_else()
    {
        var token = OwnerToken.Draw();
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(token.Reveal())));

        Assert.Equal(hash, token.Hash());
        Assert.True(OwnerToken.Opens(token.Reveal(), hash));
        Assert.False(OwnerToken.Opens(OwnerToken.Draw().Reveal(), hash));
        Assert.False(OwnerToken.Opens(token.Reveal() + "0", hash));
        Assert.False(OwnerToken.Opens(hash, hash));
        Assert.False(OwnerToken.Opens("", hash));
        Assert.False(OwnerToken.Opens(null, hash));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85")]
    [InlineData("zzb0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    public void Nothing_opens_what_has_no_sound_hash(string? hash)
    {
        Assert.False(OwnerToken.Opens("", hash));
        Assert.False(OwnerToken.Opens(null, hash));
        Assert.False(OwnerToken.Opens("anything", hash));
    }

    /// <summary>What is hashed for no token is the empty text: whoever writes its hash into paste.json gives the paste away, and that is their doing.</summary>
    [Fact]
    public void As_text_it_shows_nothing()
    {
        var token = OwnerToken.Draw();

        Assert.DoesNotContain(token.Reveal(), $"{token} {new CreateOutcome.Created(default, token).ToString().Replace("Id", "", StringComparison.Ordinal)}", StringComparison.Ordinal);
    }
}
