namespace Pasteur.Dns;

/// <summary>Where a certificate authority looks for the proof that a name is ours (RFC 8555 section 8.4).</summary>
public static class ChallengeName
{
    private const string Label = "_acme-challenge.";
    private const string Wildcard = "*.";

    /// <summary>"_acme-challenge.example.org", for "example.org" and for "*.example.org" alike.</summary>
    public static string Of(string name) => Label + (name.StartsWith(Wildcard, StringComparison.Ordinal) ? name[Wildcard.Length..] : name);
}
