using Pasteur.Dns;

namespace Pasteur.Tests.Dns;

public sealed class TsigKeyTests
{
    [Theory]
    [InlineData("acme-key:hmac-sha256:c2VjcmV0LWNhbmFyeQ==", "acme-key (hmac-sha256)")]
    [InlineData("ACME._update.example.org.:HMAC-SHA384:c2VjcmV0LWNhbmFyeQ==", "acme._update.example.org (hmac-sha384)")]
    [InlineData("k:hmac-sha512.:c2VjcmV0LWNhbmFyeQ==", "k (hmac-sha512)")]
    [InlineData("k:SHA256:c2VjcmV0LWNhbmFyeQ==", "k (hmac-sha256)")] // MirageOS
    [InlineData("k:sha512:c2VjcmV0LWNhbmFyeQ==", "k (hmac-sha512)")]
    public void Keys_are_read_as_BIND_and_MirageOS_write_them(string text, string shown)
    {
        var key = TsigKey.Read(text, out var problem);

        Assert.Null(problem);
        Assert.Equal(shown, key!.ToString());
        Assert.Equal("secret-canary"u8, key.Secret);
    }

    [Theory]
    [InlineData("", "is not a key; write name:algorithm:secret")]
    [InlineData("canary", "is not a key")]
    [InlineData("k:c2VjcmV0LWNhbmFyeQ==", "is not a key")]
    [InlineData("k:SHA256:c2VjcmV0:x", "is not a key")]
    [InlineData("hmac-sha256:k:c2VjcmV0LWNhbmFyeQ==", "has its algorithm first; write name:algorithm:secret")] // as nsupdate -y wants it
    [InlineData("k:hmac-md5:c2VjcmV0LWNhbmFyeQ==", "has an algorithm that is unknown or too weak; give hmac-sha256")]
    [InlineData("k:SHA1:c2VjcmV0LWNhbmFyeQ==", "unknown or too weak")]
    [InlineData(":SHA256:c2VjcmV0LWNhbmFyeQ==", "begins with no name of a key")]
    [InlineData("a b:SHA256:c2VjcmV0LWNhbmFyeQ==", "begins with no name")]
    [InlineData("k:SHA256:", "has a secret that is not base64, or none")]
    [InlineData("k:SHA256:canary!", "has a secret that is not base64")]
    [InlineData("k:SHA256:c2VjcmV0LWNhbmFyeQ", "has a secret that is not base64")]
    public void What_is_no_key_is_told_without_repeating_it(string text, string expected)
    {
        Assert.Null(TsigKey.Read(text, out var problem));

        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("c2Vj", problem, StringComparison.Ordinal);
    }
}
