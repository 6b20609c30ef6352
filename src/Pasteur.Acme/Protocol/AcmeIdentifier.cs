using System.Net;

namespace Pasteur.Acme;

/// <summary>What a certificate is for: a name, "*." and a name, or an IP address (RFC 8555, section 7.1.4; RFC 8738).</summary>
public sealed record AcmeIdentifier
{
    private const string WildcardPrefix = "*.";

    private AcmeIdentifier(string type, string value) => (Type, Value) = (type, value);

    /// <summary>"dns" or "ip".</summary>
    public string Type { get; }

    /// <summary>In lower case.</summary>
    public string Value { get; }

    public bool IsWildcard => Value.StartsWith(WildcardPrefix, StringComparison.Ordinal);

    public bool IsAddress => Type == "ip";

    /// <summary>The name without "*.".</summary>
    public string BaseName => IsWildcard ? Value[WildcardPrefix.Length..] : Value;

    public static AcmeIdentifier Of(string name) =>
        IPAddress.TryParse(name, out var address) ? new AcmeIdentifier("ip", address.ToString()) : new AcmeIdentifier("dns", name.ToLowerInvariant());

    public override string ToString() => Value;
}
