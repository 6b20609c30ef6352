namespace Pasteur.Dns.Updates;

/// <summary>What was looked for, or why it could not be had.</summary>
internal readonly record struct Found<T>(T? Value, DnsOutcome.Failed? Failure)
    where T : class
{
    public static implicit operator Found<T>(T value) => new(value, null);

    public static implicit operator Found<T>(DnsOutcome.Failed failure) => new(null, failure);
}
