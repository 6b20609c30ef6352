namespace Pasteur.Dns;

/// <summary>What became of a record.</summary>
public abstract record DnsOutcome
{
    private DnsOutcome()
    {
    }

    /// <param name="Owner">Where the record is or was: the challenge's name, or what that is an alias of.</param>
    public sealed record Done(string Owner, string Zone) : DnsOutcome;

    /// <param name="Message">One line for the operator: what is wrong, where, what to do. No secret.</param>
    public sealed record Failed(DnsFailure Failure, string Message) : DnsOutcome;
}
